"""Plan and calendar are kept in memory, and never longer than they are true."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.locks import hold_county
from tongyu.directory.models import Holiday
from tongyu.duties import engine, locks, refresh, update
from tongyu.workbenches.families.home_visits.actions import record_visit

DAY = date(2026, 11, 23)
WATCHED = (
    "plan_plan", "plan_obligation", "plan_parameter", "directory_schoolyear", "directory_term", "directory_holiday",
)  # fmt: skip


def mark():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT mark FROM duties_rulebook")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", WATCHED)
def test_every_table_that_an_engine_reads_renews_the_mark(committed, table):
    before = mark()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', 'system:test', false)")
        cursor.execute(f"DELETE FROM {table} WHERE false")
        cursor.execute("RESET app.actor")
    assert mark() != before


def test_the_application_cannot_write_the_mark(committed):
    with pytest.raises(ProgrammingError), as_system(), connection.cursor() as cursor:
        cursor.execute("UPDATE duties_rulebook SET mark = gen_random_uuid()")


@pytest.mark.django_db
def test_an_unchanged_plan_is_read_once(django_assert_num_queries):
    county = County()
    with as_system():
        first = engine.current(county.code, DAY)
        with django_assert_num_queries(1):
            assert engine.current(county.code, DAY) is first


def a_holiday(county, day):
    return Holiday(county_id=county.code, day=day, name="防汛停课", worked=False)


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_is_forgotten():
    county = County()
    with as_system():
        calendar = engine.current(county.code, DAY).calendar
        before = calendar.school_days(calendar.year)
        for _ in range(2):
            point = transaction.savepoint()
            a_holiday(county, DAY).save()
            changed = engine.current(county.code, DAY).calendar
            assert changed.school_days(changed.year) == before - 1
            transaction.savepoint_rollback(point)
            again = engine.current(county.code, DAY).calendar
            assert again.school_days(again.year) == before


def test_a_record_that_waited_is_judged_by_what_holds_when_its_turn_comes(plan, committed, monkeypatch):
    county = County()
    class_ = county.class_(county.school(county.township()))
    pupil, teacher = county.pupil(class_), county.teacher(class_)
    with as_system("engine"):
        old = update.recompute(engine.current(county.code, DAY))
    seen, changed, waiting = [], Event(), Event()
    apply, hold = refresh.apply, locks.hold
    monkeypatch.setattr(refresh, "apply", lambda one, *args: seen.append(one) or apply(one, *args))
    monkeypatch.setattr(locks, "hold", lambda *args: waiting.set() or hold(*args))

    def change():
        try:
            with as_system():
                hold_county(county.code)
                a_holiday(county, DAY).save()
                changed.set()
                waiting.wait(timeout=20)
                waiting_for_us()
        finally:
            connection.close()

    def waiting_for_us():
        for _ in range(200):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone()[0]:
                    return
                cursor.execute("SELECT pg_sleep(0.05)")
        raise AssertionError("nobody waited")

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(change)
        changed.wait(timeout=20)
        with as_asker(teacher):
            record_visit(
                by=teacher, id=uuid7(), student=pupil.pk, occurred_on=DAY, visitors=["class_teacher"], met=["father"],
                line="聊了学习",
            )  # fmt: skip
        done.result(timeout=20)
    assert old.duties
    assert {one.calendar.is_school_day(DAY) for one in seen} == {False}
