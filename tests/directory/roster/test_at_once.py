"""Two people at the same moment, with real commits: nobody waits for ever, and one of the two is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from time import sleep

from django.core.exceptions import ValidationError
from django.db import connections

from support.county import County, as_asker, as_system
from support.roster import SCHOOL, Silent, bring_in, pupil, stored, workbook
from tongyu.core.context import acting
from tongyu.directory.hats import scope_of
from tongyu.directory.models import RosterAbsent, RosterImport
from tongyu.directory.roster import undo as undoing
from tongyu.directory.roster.absent import decide_absent
from tongyu.directory.roster.undo import run_undo, undo_import

BOTH, ONE = workbook([pupil(1), pupil(2, 姓名="马小军")]), workbook([pupil(1)])
DAY = date(2026, 11, 20)


def test_deciding_who_left_and_undoing_the_import_never_wait_for_each_other(committed, monkeypatch):
    county = County()
    county.school(county.township("太极镇"), "太极镇中心小学", school_code=SCHOOL)
    office = county.office_staff()
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    with as_asker(office):
        row = RosterImport.objects.latest("uploaded_at")
        undo_import(by=office, roster=row)
    held, asked = Event(), Event()
    load = undoing._load

    def slow(*arguments):
        held.set()
        asked.wait(timeout=20)
        sleep(0.5)
        return load(*arguments)

    monkeypatch.setattr(undoing, "_load", slow)

    def deciding():
        held.wait(timeout=20)
        try:
            with as_asker(office):
                asked.set()
                return decide_absent(
                    by=office,
                    people=list(RosterAbsent.objects.values_list("pk", flat=True)),
                    fate="left",
                    left_on=DAY,
                )
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(deciding)
        with acting(scope_of(office)):
            run_undo(Silent(), str(row.pk), stored(office))
        assert "已经撤销" in told.result(timeout=30)
    with as_system():
        assert (RosterImport.objects.get(pk=row.pk).state, RosterAbsent.objects.get().fate) == ("undone", "")
