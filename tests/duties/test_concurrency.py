"""Records saved at the same time in one class: nothing is lost, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, current_thread, main_thread

import pytest
from django.db import connection, transaction

from duties import worlds
from duties.trials import TRIALS, on_trial
from support.county import County, as_system, rules_on
from tongyu.core.context import current_scope
from tongyu.core.ids import uuid7
from tongyu.directory.calendar import load_calendar
from tongyu.duties import engine, refresh, update
from tongyu.duties.lanes import share
from tongyu.duties.models import Standing, Tally
from tongyu.duties.states import STATES
from tongyu.records import life
from tongyu.records.facts import Fact

DAY = date(2026, 11, 23)
PUPILS = 12


def fact_of(class_, pupil):
    return Fact(
        "trial_home_visit", uuid7(), DAY, None, None, None, class_.code, "", class_.code, class_.code + 1, "student",
        pupil.pk, "class_teacher", 1, None, {}, "",
    )  # fmt: skip


def engine_of(county):
    rules = [on_trial(r) for r in rules_on(DAY) if r.id == "home-visit"]
    calendars = tuple(load_calendar(county.code, year) for year in (2025, 2026))
    return engine.Engine(county.code, DAY, rules, calendars, TRIALS)


def test_visits_saved_at_once_in_one_class_are_all_counted(trial, committed):
    county = County()
    class_ = county.class_(county.school(county.township()))
    pupils = [county.pupil(class_) for _ in range(PUPILS)]
    one = engine_of(county)
    with as_system("engine"):
        update.recompute(one)
    together = Barrier(PUPILS)

    def save(pupil):
        try:
            with as_system("engine"):
                fact = fact_of(class_, pupil)
                worlds.store([fact])
                connection.cursor().execute("SELECT 1")
                together.wait(timeout=20)
                refresh.apply(one, fact.kind, [fact])
        finally:
            connection.close()

    with ThreadPoolExecutor(PUPILS) as pool:
        list(pool.map(save, pupils))
    with as_system("engine"), transaction.atomic():
        assert list(Standing.objects.values_list("state", flat=True)) == ["met"] * PUPILS
        assert list(Tally.objects.values_list("place", "met", "behind_pace", "in_progress")) == [
            (class_.code, PUPILS, 0, 0)
        ]
        assert update.recompute(one).changed == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM duties_trial")


def test_records_of_two_schools_saved_in_opposite_order_do_not_block_each_other(
    trial, committed, monkeypatch
):
    county = County()
    classes = [county.class_(county.school(county.township())) for _ in range(2)]
    pupils = [county.pupil(class_) for class_ in classes]
    one = engine_of(county)
    with as_system("engine"):
        update.recompute(one)
    monkeypatch.setattr(life, "_subscribers", [lambda kind, facts: refresh.apply(one, kind, facts)])
    both_have_begun = Barrier(2)

    def save(order):
        try:
            with as_system("engine"), life.together():
                for step, place in enumerate(order):
                    fact = fact_of(classes[place], pupils[place])
                    worlds.store([fact])
                    life.entered(fact.kind, [fact.id])
                    if not step:
                        both_have_begun.wait(timeout=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, [(0, 1), (1, 0)]))
    with as_system("engine"), transaction.atomic():
        assert list(Standing.objects.values_list("state", "count")) == [("met", 2)] * 2
        assert update.recompute(one).changed == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM duties_trial")


def everything():
    skipped = ("id", "changed_at")
    names = [field.name for field in Standing._meta.fields if field.name not in skipped]
    with as_system("engine"), transaction.atomic():
        tallies = Tally.objects.order_by().values_list("obligation_id", "period_key", "place", *STATES)
        return sorted(map(str, Standing.objects.order_by().values_list(*names))), sorted(tallies)


def test_a_county_recomputed_over_two_connections_stands_as_over_one(plan, committed, monkeypatch):
    county = County()
    class_ = county.class_(county.school(county.township()))
    for _ in range(PUPILS):
        county.pupil(class_)
    with as_system("engine"), transaction.atomic():
        update.recompute_all(DAY)
    over_one, backends, store = everything(), set(), update.store
    with as_system("engine"), transaction.atomic():
        Standing.objects.all().delete()
        Tally.objects.all().delete()

    def noted(*duty):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.add(cursor.fetchone()[0])
        return store(*duty)

    monkeypatch.setattr(update, "store", noted)
    update.recompute_all(DAY)
    assert len(backends) == 2
    assert everything() == over_one


def test_an_error_on_the_other_connection_is_raised(committed):
    both, scopes = Barrier(2, timeout=20), []

    def work(number):
        both.wait()
        scopes.append((connection.in_atomic_block, current_scope().actor))
        if current_thread() is not main_thread():
            raise ValueError("the other one")
        return number

    with pytest.raises(ValueError, match="the other one"), as_system("engine"), transaction.atomic():
        share(range(2), work, lanes=2)
    assert scopes == [(True, "system:engine")] * 2
