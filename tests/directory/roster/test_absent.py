"""Whom a complete file no longer contains: listed, decided by a person, never ended by itself."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import as_asker, as_system
from support.roster import OTHER_SCHOOL, bring_in, check, pupil, workbook
from tongyu.core.ids import uuid7
from tongyu.directory.models import (
    Appointment,
    Enrolment,
    RosterAbsent,
    Staff,
    Student,
    TransferKind,
)
from tongyu.directory.roster import absent
from tongyu.directory.roster.absent import decide_absent
from tongyu.directory.transfers.actions import Wanted, begin_transfer, confirm_transfer

from .test_appointing import staff_file, member  # isort: skip

pytestmark = pytest.mark.django_db
BOTH, ONE = workbook([pupil(1), pupil(2, 姓名="马小军")]), workbook([pupil(1)])
DAY = date(2026, 11, 20)


def people(asker):
    """Whom the asker may decide about: name, decision, day."""
    with as_asker(asker):
        rows = absent.DECIDE_ABSENT.rows(asker, RosterAbsent.objects.order_by("name"))
        return [(one.name, one.fate, one.left_on) for one in rows]


def decide(asker, fate, seen="", left_on=None, who=None):
    """Decide about everybody listed."""
    with as_asker(asker):
        keys = who or list(RosterAbsent.objects.values_list("pk", flat=True))
        return decide_absent(by=asker, people=keys, fate=fate, left_on=left_on, seen=seen)


def still_here():
    """How many pupils are enrolled."""
    with as_system():
        return Enrolment.objects.filter(left_on=None).count()


def test_a_complete_file_lists_who_is_missing_and_ends_nobody(office):
    bring_in(office, BOTH)
    row = check(office, ONE)
    assert (row.summary["counts"]["missing"], row.summary["counts"]["absent"]) == (0, 1)
    assert bring_in(office, ONE, complete=True) == {"unchanged": 1, "missing": 1}
    assert (people(office), still_here()) == ([("马小军", "", None)], 2)


def test_who_has_left_is_ended_on_the_day_that_a_person_says_and_may_come_back(office):
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    assert decide(office, "left", left_on=DAY) == 1
    assert (people(office), still_here()) == ([("马小军", "left", DAY)], 1)
    with as_system():
        assert [one.leave_reason for one in Enrolment.objects.filter(left_on=DAY)] == ["离校"]
    assert bring_in(office, BOTH) == {"unchanged": 1, "changed": 1}
    assert still_here() == 2


def test_who_stays_is_left_alone(office):
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    decide(office, "stays")
    assert (people(office), still_here()) == ([("马小军", "stays", None)], 2)


def test_the_school_is_asked_and_answers_for_its_own_pupils_only(county, office, leader, other_school):
    stranger = county.leader(other_school)
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    decide(office, "ask")
    with as_asker(leader):
        (asked,) = absent.asked_of(leader)
    with as_asker(stranger):
        assert list(absent.asked_of(stranger)) == []
        with pytest.raises(ValidationError, match="请先勾选"):
            decide_absent(by=stranger, people=[asked.pk], fate="stays", seen="ask")
    with pytest.raises(ValidationError, match="请选择“已离开”"):
        decide(leader, "ask", seen="ask")
    assert decide(leader, "left", seen="ask", left_on=DAY, who=[asked.pk]) == 1
    assert (people(office), still_here()) == ([("马小军", "left", DAY)], 1)


@pytest.mark.parametrize(
    ("fate", "day", "message"),
    [
        ("left", None, "请填写离开日期"),
        ("left", date(2026, 11, 24), "不能晚于今天"),
        ("left", date(2026, 8, 31), "之后才入班"),
        ("gone", None, "请选择怎样处理"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_ends_nobody(office, fate, day, message):
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    with pytest.raises(ValidationError) as refusal:
        decide(office, fate, left_on=day)
    assert message in refusal.value.messages[0]
    assert (people(office), still_here()) == ([("马小军", "", None)], 2)


def test_two_persons_decide_about_one_pupil_and_the_second_is_told(county, office):
    other = county.office_staff()
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    decide(office, "stays")
    with pytest.raises(ValidationError, match="刚才已由别人决定"):
        decide(other, "left", left_on=DAY)
    assert still_here() == 2


def test_a_complete_file_of_one_school_says_nothing_of_the_other(office):
    bring_in(office, workbook([pupil(1), pupil(2, 学校标识码=OTHER_SCHOOL)]))
    assert bring_in(office, ONE, complete=True) == {"unchanged": 1}
    assert people(office) == []


def test_a_teacher_decides_nothing(county, office, school):
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    with as_system():
        key = RosterAbsent.objects.get().pk
    with pytest.raises((PermissionDenied, ValidationError)):
        decide(county.teacher(county.class_(school)), "stays", who=[key])


def test_staff_missing_in_a_complete_file_leave_with_their_roles(office, leader):
    rows = [member(1, "马老师"), member(2, "王校长", role="校长")]
    bring_in(office, staff_file(*rows), kind="staff")
    assert bring_in(office, staff_file(rows[0]), kind="staff", complete=True)["missing"] == 2
    with as_system():
        listed = RosterAbsent.objects.get(name="王校长")
        Appointment.objects.update(from_day=date(2026, 9, 1))
    decide(office, "left", left_on=DAY, who=[listed.pk])
    with as_system():
        assert [one.left_on for one in Staff.objects.filter(name="王校长")] == [DAY]
        gone = Appointment.objects.filter(staff__name="王校长")
        assert [(one.role, one.until_day) for one in gone] == [("school_leader", DAY)]
    assert (f"{leader.name}", "", None) in people(office)


def test_who_is_at_another_school_by_now_is_not_ended_there_by_the_old_list(
    county, office, leader, other_school
):
    other_class = county.class_(other_school, 2024, 1)
    bring_in(office, BOTH)
    bring_in(office, ONE, complete=True)
    with as_asker(leader):
        student = Student.objects.get(name="马小军")
        wanted = Wanted(
            TransferKind.BETWEEN, student.pk, date(2026, 11, 23), "家庭住址变动", to_school=other_school.code
        )
        row = begin_transfer(by=leader, id=uuid7(), wanted=wanted)
    stranger = county.leader(other_school)
    with as_asker(stranger):
        confirm_transfer(by=stranger, transfer=row.pk, to_class=other_class.code, day=date(2026, 11, 23))
    for asker, seen in ((office, ""), (leader, "ask")):
        with pytest.raises(ValidationError, match="马小军已在别的学校"):
            decide(asker, "left", left_on=date(2026, 11, 23), seen=seen)
        assert still_here() == 2
        if asker is office:
            decide(office, "ask")
    assert decide(leader, "stays", seen="ask") == 1


def test_staff_who_work_at_another_school_by_now_keep_their_service_there(office, other_school):
    bring_in(office, staff_file(member(1, "马老师"), member(2, "王老师")), kind="staff")
    bring_in(office, staff_file(member(1, "马老师")), kind="staff", complete=True)
    with as_system():
        Staff.objects.filter(name="王老师").update(org=other_school.code)
    with pytest.raises(ValidationError, match="王老师已在别的学校"):
        decide(office, "left", left_on=DAY)
    with as_system():
        assert Staff.objects.get(name="王老师").left_on is None
