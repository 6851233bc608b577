"""An upload that nobody goes on with: its file holds children's data and is dropped after a week."""

from datetime import timedelta

import pytest

from support.county import as_asker, as_system
from support.roster import bring_in, check, pupil, workbook
from tongyu.core import clock
from tongyu.core.sheets.errors import SheetError
from tongyu.directory import tasks
from tongyu.directory.models import RosterImport, Student
from tongyu.directory.roster import actions

pytestmark = pytest.mark.django_db
SOUND, FAULTY = workbook([pupil(1)]), workbook([pupil(2, 班级="重点")])


def left_alone(row, days):
    with as_system():
        RosterImport.objects.filter(pk=row.pk).update(touched_at=clock.now() - timedelta(days=days))


def after_the_night(office, *rows):
    """State, whether the file is kept, faults and preview of each upload."""
    with as_system():
        tasks.stale_rosters()
    with as_asker(office):
        found = {row.pk: row for row in RosterImport.objects.all()}
    return [
        (found[row.pk].state, found[row.pk].content is not None, found[row.pk].faults, found[row.pk].summary)
        for row in rows
    ]


def test_a_preview_left_alone_for_a_week_is_dropped_with_its_file(office):
    ready, faulty = check(office, SOUND), check(office, FAULTY)
    left_alone(ready, 8)
    left_alone(faulty, 8)
    assert after_the_night(office, ready, faulty) == [("expired", False, [], {})] * 2
    with as_asker(office), pytest.raises(SheetError, match="原文件已经删除"):
        actions.open_sheet(RosterImport.objects.get(pk=ready.pk))


def test_what_was_touched_within_the_week_stays(office):
    ready, faulty = check(office, SOUND), check(office, FAULTY)
    left_alone(ready, 6)
    left_alone(faulty, 8)
    with as_asker(office):
        actions.open_sheet(RosterImport.objects.get(pk=faulty.pk))
    states = [(state, kept) for state, kept, *_rest in after_the_night(office, ready, faulty)]
    assert states == [("ready", True), ("faulty", True)]


def test_what_was_imported_stays_imported(office):
    bring_in(office, SOUND)
    with as_asker(office):
        row = RosterImport.objects.get()
    left_alone(row, 400)
    ((state, *_rest, summary),) = after_the_night(office, row)
    assert (state, summary["counts"]["new"]) == ("imported", 1)
    with as_asker(office):
        assert Student.objects.count() == 1
