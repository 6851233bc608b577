"""Two persons at once, and edits while the county turns: one roll-over, nothing half-done, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections, transaction

from support.county import County, as_asker, as_system
from support.rollover import LAST_DAY, NEW_YEAR, begin, new_year, previewed
from support.roster import Silent
from tongyu.core.context import acting
from tongyu.core.jobs import JobRefused
from tongyu.core.models import JobProgress
from tongyu.directory.hats import scope_of
from tongyu.directory.models import Body, Enrolment, RollOver
from tongyu.directory.rollover import actions, writing
from tongyu.directory.roster.starting import stored_asker
from tongyu.directory.transfers.refusing import hold_class


def county_on_the_day(settings):
    settings.TONGYU_TODAY = NEW_YEAR
    county = County()
    new_year(county)
    school = county.school(county.township())
    for year in (2021, 2023):
        county.pupil(county.class_(school, year), f"学生{year}")
    return county


def test_begun_and_run_by_two_at_once_it_is_one(committed, settings):
    county = county_on_the_day(settings)
    askers = [county.office_staff(), county.office_staff()]
    together = Barrier(2)

    def click(asker):
        try:
            together.wait(timeout=20)
            row = begin(asker)
            together.wait(timeout=20)
            previewed(asker, row)
            together.wait(timeout=20)
            with as_asker(asker):
                actions.run_roll_over(by=asker, roll_over=row)
            return "asked"
        except ValidationError as refused:
            return refused.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(click, askers))
    assert answers == ["2027—2028学年的升级结转执行中，不能再执行一次。", "asked"]
    assert RollOver.objects.count() == 1
    with as_system():
        assert JobProgress.objects.filter(kind=actions.RUN).count() == 1


def test_whoever_edits_the_roll_meanwhile_waits_until_the_county_has_turned(committed, settings, monkeypatch):
    county = county_on_the_day(settings)
    office = county.office_staff()
    row, _found = previewed(office, begin(office))
    with as_asker(office):
        actions.run_roll_over(by=office, roll_over=row)
    writing_now, edited = Event(), []
    write = actions.write_roll_over

    def slow(*arguments):
        writing_now.set()
        connections["default"].cursor().execute("SELECT pg_sleep(0.6)")
        assert edited == [], "the edit waits"
        return write(*arguments)

    monkeypatch.setattr(actions, "write_roll_over", slow)

    def edit():
        try:
            writing_now.wait(timeout=20)
            with as_system():
                pupil = Enrolment.objects.filter(left_on=None).order_by("org").first()
                Enrolment.objects.filter(pk=pupil.pk).update(entry_reason="改")
                edited.append(Enrolment.objects.get(pk=pupil.pk).leave_reason)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(edit)
        with acting(scope_of(office)):
            actions.work_roll_over(Silent(), str(row.pk), stored_asker(office))
        waiting.result(timeout=20)
    assert len(edited) == 1
    with as_system(), transaction.atomic():
        ends = {(one.leave_reason, one.left_on) for one in Enrolment.objects.all()}
    assert ends == {("毕业", NEW_YEAR), ("", None)}


def test_the_job_waits_for_whoever_is_writing_and_gives_up_in_the_end(committed, settings, monkeypatch):
    county = county_on_the_day(settings)
    office = county.office_staff()
    row, _found = previewed(office, begin(office))
    held, go_on = Event(), Event()

    def edit():
        try:
            with as_system():
                Enrolment.objects.update(entry_reason="改")
                held.set()
                go_on.wait(timeout=20)
        finally:
            connection.close()

    def run():
        with as_asker(office):
            actions.run_roll_over(by=office, roll_over=row)
        with acting(scope_of(office)):
            actions.work_roll_over(Silent(), str(row.pk), stored_asker(office))

    with ThreadPoolExecutor(1) as pool:
        editing = pool.submit(edit)
        held.wait(timeout=20)
        monkeypatch.setattr(writing, "PATIENCE", 0)
        with pytest.raises(JobRefused, match="正在导入名册"):
            run()
        monkeypatch.setattr(writing, "PATIENCE", 20)
        monkeypatch.setattr(writing, "sleep", lambda _seconds: go_on.set())
        previewed(office, row)
        run()
        editing.result(timeout=20)
    assert RollOver.objects.get().state == "done"


def test_a_pupil_who_is_moving_and_the_county_that_turns_never_wait_for_each_other(
    committed, settings, monkeypatch
):
    """Whoever moves a pupil holds the class first and writes afterwards; the roll-over writes to the same class."""
    county = county_on_the_day(settings)
    office = county.office_staff()
    row, _found = previewed(office, begin(office))
    with as_asker(office):
        actions.run_roll_over(by=office, roll_over=row)
    held, answers = Event(), []

    def move():
        try:
            with as_system():
                going = Body.objects.get(entry_year=2021, kind="school_class")
                hold_class(going.code, going.code - going.code % 100_000, LAST_DAY)
                held.set()
                connections["default"].cursor().execute("SELECT pg_sleep(1.5)")
                Enrolment.objects.filter(org=going.code).update(entry_reason="改")
            answers.append("moved")
        except OperationalError as error:
            answers.append(str(error))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(move)
        held.wait(timeout=20)
        with acting(scope_of(office)), suppress(JobRefused):
            actions.work_roll_over(Silent(), str(row.pk), stored_asker(office))
        waiting.result(timeout=30)
    assert answers == ["moved"]
    assert RollOver.objects.get().state == "done"
