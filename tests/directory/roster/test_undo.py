"""A whole import is undone: every row as it was, or a list of what speaks against it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from support.county import as_asker, as_system
from support.roster import OTHER_SCHOOL, Silent, bring_in, pupil, stored, workbook
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.core.jobs import JobRefused
from tongyu.directory import tasks
from tongyu.directory.models import (
    Appointment,
    Enrolment,
    RosterAbsent,
    RosterChange,
    RosterImport,
    Student,
)
from tongyu.directory.roster import undo as undoing
from tongyu.directory.roster.absent import decide_absent
from tongyu.directory.roster.undo import abandon_undo, run_undo, undo_import
from tongyu.duties.models import Exemption

from .test_appointing import member, staff_file  # isort: skip

pytestmark = pytest.mark.django_db
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND (relname LIKE 'directory\\_%%' OR relname LIKE 'records\\_%%' OR relname LIKE 'home\\_visits\\_%%')
AND relname NOT LIKE 'directory\\_roster%%' AND relname <> 'directory_session' ORDER BY relname
"""


def dump():
    """Every row of the tables that an import may change, as the database has it, bytes and all."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
        return found


def latest():
    """The import that was made last."""
    with as_system():
        return RosterImport.objects.latest("uploaded_at")


def undo(asker, row):
    """Ask for it and let the job run; returns the row as it then stands."""
    with as_asker(asker):
        row = undo_import(by=asker, roster=row)
        run_undo(Silent(), str(row.pk), stored(asker))
        row.refresh_from_db()
        return row


def test_an_import_that_changed_everything_is_undone_to_the_last_byte(office):
    bring_in(
        office,
        workbook([
            pupil(1), pupil(2, 监护人2姓名="王秀英", 监护人2电话="13900000002"), pupil(3, 学校标识码=OTHER_SCHOOL),
            pupil(4, 学籍号="L" + "6" * 18),
        ]),
    )  # fmt: skip
    before = dump()
    counts = bring_in(
        office,
        workbook([
            pupil(1, 姓名="马小华", 监护人1电话="13911112222", 班级="3班", 残疾类型="听力残疾"),
            pupil(2, 监护人1姓名="马奶奶", 监护人1关系="奶奶"), pupil(3), pupil(4), pupil(5), pupil(6, 年级="四年级"),
        ]),
    )  # fmt: skip
    assert (counts["new"], counts["changed"], counts["classes_new"]) == (2, 4, 2)
    assert dump() != before
    row = undo(office, latest())
    assert dump() == before
    assert (row.state, row.summary["against"], row.undone_at is not None) == ("undone", [], True)
    with as_system():
        assert not RosterChange.objects.filter(roster=row).exists()


def test_who_was_said_to_have_left_is_back_with_the_undoing(office, leader):
    both = workbook([pupil(1), pupil(2)])
    bring_in(office, both)
    before = dump()
    bring_in(office, workbook([pupil(1, 姓名="马小华")]), complete=True)
    row = latest()
    with as_asker(office):
        (one,) = RosterAbsent.objects.all()
        decide_absent(by=office, people=[one.pk], fate="ask")
    with as_asker(leader):
        decide_absent(by=leader, people=[one.pk], fate="left", left_on=date(2026, 11, 20), seen="ask")
    undo(office, row)
    assert dump() == before
    with as_asker(office), pytest.raises(ValidationError, match="已经撤销"):
        decide_absent(by=office, people=[one.pk], fate="left", left_on=date(2026, 11, 20))


def test_a_staff_file_is_undone_with_its_roles_and_the_words_kept_with_them(office, county, school):
    class_ = county.class_(school, entry_year=2024, number=1)
    county.teacher(class_, from_day=date(2026, 9, 1))
    before = dump()
    bring_in(
        office,
        staff_file(member(1, "马老师", role="班主任", leads="三年级1班"), member(2, "王校长", role="校长")),
        kind="staff",
    )
    assert dump() != before
    undo(office, latest())
    assert dump() == before


def test_the_first_import_of_a_county_is_undone_to_nothing(office):
    before = dump()
    bring_in(office, workbook([pupil(order) for order in range(1, 30)]))
    undo(office, latest())
    assert dump() == before


def test_undoing_twice_is_undoing_once(office):
    bring_in(office, workbook([pupil(1)]))
    row = undo(office, latest())
    with as_asker(office):
        run_undo(Silent(), str(row.pk), stored(office))
        with pytest.raises(ValidationError, match="不能撤销：已撤销"):
            undo_import(by=office, roster=row)


def test_a_later_import_of_the_same_rows_speaks_against_it_and_goes_first(office):
    bring_in(office, workbook([pupil(1)]))
    first, before = latest(), dump()
    bring_in(office, workbook([pupil(1, 姓名="马小华")]))
    second, after = latest(), dump()
    row = undo(office, first)
    assert (row.state, row.summary["against"]) == ("imported", ["学生：1 条在导入之后又改动过。"])
    assert dump() == after
    undo(office, second)
    assert dump() == before
    assert undo(office, first).state == "undone"


def test_records_about_new_pupils_and_their_classes_speak_against_it(office):
    bring_in(office, workbook([pupil(1)]))
    with as_system():
        student = Student.objects.get()
        words = {"reason": "外地借读", "decided_by": "教育局", "approver": "某人"}
        Exemption.objects.create(
            id=uuid7(), org=student.org, lo=student.org, hi=student.org + 1, subject=student.pk,
            from_day=date(2026, 9, 1), **words,
        )  # fmt: skip
    row = undo(office, latest())
    assert row.state == "imported"
    assert row.summary["against"] == ["不适用情形：1 条记录在这次新增的人或班级名下。"]
    with as_system():
        assert Student.objects.count() == 1


def test_a_pupil_edited_by_hand_afterwards_speaks_against_it(office):
    bring_in(office, workbook([pupil(1)]))
    with as_system():
        Student.objects.update(name="马晓花")
    assert undo(office, latest()).summary["against"] == ["学生：1 条在导入之后又改动过。"]


def test_after_thirty_days_the_change_set_is_gone_and_nothing_can_be_undone(office):
    bring_in(office, workbook([pupil(1)]))
    row = latest()
    with as_system():
        assert RosterChange.objects.exists()
        RosterImport.objects.update(imported_at=clock.now() - timedelta(days=31))
        tasks.stale_rosters()
        assert not RosterChange.objects.exists()
    with as_asker(office), pytest.raises(ValidationError, match="超过 30 天"):
        undo_import(by=office, roster=row)


def test_the_office_undoes_a_schools_import_and_another_school_does_not(county, office, leader, other_school):
    bring_in(leader, workbook([pupil(1)]))
    row, stranger = latest(), county.leader(other_school)
    with as_asker(stranger), pytest.raises(PermissionDenied):
        undo_import(by=stranger, roster=row)
    assert undo(office, row).state == "undone"


def test_a_change_set_is_unreadable_without_the_key_and_out_of_range(office, leader):
    bring_in(office, workbook([pupil(1)]))
    with as_system():
        part = RosterChange.objects.get()
        assert b"directory_student" not in bytes(part.content)
    with as_asker(leader):
        assert not RosterChange.objects.exists()


def test_an_undoing_that_was_given_up_leaves_the_import_standing(office):
    bring_in(office, workbook([pupil(1)]))
    with as_asker(office):
        row = undo_import(by=office, roster=latest())
        abandon_undo(str(row.pk))
        row.refresh_from_db()
        assert (row.state, Enrolment.objects.count()) == ("imported", 1)


def test_an_undoing_that_is_refused_or_breaks_leaves_the_import_standing_and_says_why(office, monkeypatch):
    bring_in(office, workbook([pupil(1)]))

    def tried(error):
        with as_asker(office):
            row = undo_import(by=office, roster=latest())
            with pytest.raises(error):
                run_undo(Silent(), str(row.pk), stored(office))
            row.refresh_from_db()
            return row.state, row.summary["against"]

    with as_system():
        Appointment.objects.filter(account_id=office.account_id).update(until_day=date(2026, 11, 1))
    assert tried(JobRefused) == ("imported", ["您的职务在撤销之前已经变动，什么都没有撤销。"])
    with as_system():
        Appointment.objects.filter(account_id=office.account_id).update(until_day=None)
    monkeypatch.setattr(undoing, "restore", broken(IntegrityError))
    state, (why,) = tried(JobRefused)
    assert (state, "不能并存" in why) == ("imported", True)
    monkeypatch.setattr(undoing, "restore", broken(ZeroDivisionError))
    assert tried(ZeroDivisionError)[0] == "imported"
    monkeypatch.undo()
    assert undo(office, latest()).state == "undone"


def broken(error):
    """Something that fails in the middle of the work."""

    def fail(*_arguments):
        raise error

    return fail
