"""Records saved at the same time in one class: nothing is lost, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from django.db import connection, transaction

from duties import worlds
from duties.trials import TRIALS, on_trial
from support.county import County, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.calendar import load_calendar
from tongyu.duties import engine, refresh, update
from tongyu.duties.models import Standing, Tally
from tongyu.plan import queries as plan_queries
from tongyu.records.facts import Fact

DAY = date(2026, 11, 23)
PUPILS = 12


def fact_of(class_, pupil):
    return Fact(
        "trial_home_visit", uuid7(), DAY, None, None, None, class_.code, "", class_.code, class_.code + 1, "student",
        pupil.pk, "class_teacher", 1, None, {}, "",
    )  # fmt: skip


def test_visits_saved_at_once_in_one_class_are_all_counted(trial, committed):
    county = County()
    class_ = county.class_(county.school(county.township()))
    pupils = [county.pupil(class_) for _ in range(PUPILS)]
    rules = [on_trial(r) for r in plan_queries.rules(plan_queries.active(DAY), DAY) if r.id == "home-visit"]
    calendars = tuple(load_calendar(county.code, year) for year in (2025, 2026))
    one = engine.Engine(county.code, DAY, rules, calendars, TRIALS)
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
                refresh.apply(one, fact.kind, [fact], [class_.code])
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
