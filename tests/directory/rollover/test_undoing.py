"""A roll-over is undone within thirty days, to the letter, unless something rests on it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from support.county import as_asker, as_system
from support.rollover import NEW_YEAR, begin, dump, previewed, turn, turn_back
from support.roster import Silent
from tongyu.core.ids import uuid7
from tongyu.core.jobs import JobRefused
from tongyu.directory.models import Appointment, Body, Enrolment, RollOverChange, Student
from tongyu.directory.rollover import actions, exceptions
from tongyu.directory.rollover.exceptions import Said
from tongyu.directory.rollover.undoing import what_rests_on
from tongyu.directory.roster.starting import stored_asker
from tongyu.records.models import Revision
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.home_visits.actions import record_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(county, school, classes, office, leader):
    """Pupils everywhere, one of each exception, teachers, a committee; the roll-over prepared."""
    pupils = {place: county.pupil(body, f"学生{place}") for place, body in classes.items()}
    extra = [county.pupil(classes[2024, 1], name) for name in ("留级", "离校", "转学")]
    county.guardian(extra[0])
    for body in classes.values():
        county.teacher(body)
    county.subject_teacher(classes[2021, 1])
    with as_asker(leader):
        elect_committee(
            by=leader, body=classes[2021, 1].code, elected_on=date(2026, 10, 8), until_day=date(2028, 9, 1),
            members=[NewMember("甲", "chair"), NewMember("乙")],
        )  # fmt: skip
    row = begin(office)
    ways = (Said("retained", "申请", target=classes[2025, 1].code), Said("left", "随迁"),
            Said("transferred", "随迁", to_school="某校"))  # fmt: skip
    for pupil, said in zip(extra, ways, strict=True):
        with as_asker(leader):
            exceptions.set_exception(by=leader, roll_over=row, student=pupil.pk, said=said)
    with as_asker(leader):
        exceptions.set_classes(
            by=leader,
            roll_over=row,
            school=school,
            new_classes={1: 1},
            released={classes[2022, 1].code: "all"},
        )
    return row, pupils, extra


def rests(row):
    with as_system():
        return {str(one.what): one.places for one in what_rests_on(row)}


def test_everything_is_as_it_was(full, office):
    row, _pupils, _extra = full
    before = dump()
    row = turn(office, row)
    after = dump()
    assert {table for table in before if before[table] != after[table]} == {
        "body", "student", "enrolment", "guardianship", "appointment",
    }  # fmt: skip
    row = turn_back(office, row)
    assert dump() == before
    assert row.state == "undone"
    with as_system():
        assert Committee.objects.get().dissolved_on is None
        reasons = Revision.objects.filter(kind="committee").order_by("at").values_list("reason", flat=True)
        assert list(reasons) == ["班级毕业，任期结束", "升级结转已撤销，任期继续"]


def test_after_undoing_it_can_be_prepared_again_with_what_was_said(full, office):
    row, *_others = full
    row = turn_back(office, turn(office, row))
    again = begin(office)
    assert again.pk != row.pk
    with as_system():
        said = sorted(again.lines.values_list("student__name", "outcome"))
        chosen = again.schools.get()
    assert said == [("留级", "retained"), ("离校", "left"), ("转学", "transferred")]
    assert (chosen.new_classes, chosen.ready_at) == ({"1": 1}, None)
    assert turn(office, again).state == "done"


def test_undoing_twice_is_refused(full, office):
    row = turn_back(office, turn(office, full[0]))
    with as_asker(office), pytest.raises(ValidationError, match="已撤销"):
        actions.undo_roll_over(by=office, roll_over=row)
    before = dump()
    with as_asker(office):
        actions.work_undo(Silent(), str(row.pk), stored_asker(office))
    assert dump() == before


def test_after_thirty_days_it_stands(full, office, settings):
    row = turn(office, full[0])
    until = actions.undo_until(row)
    settings.TONGYU_TODAY = until + timedelta(days=1)
    with as_asker(office), pytest.raises(ValidationError, match="30"):
        actions.undo_roll_over(by=office, roll_over=row)
    settings.TONGYU_TODAY = until
    assert turn_back(office, row).state == "undone"


def test_pupils_in_new_classes_keep_it_from_being_undone(full, county, office):
    row = turn(office, full[0])
    with as_system():
        new = Body.objects.get(opened_on=NEW_YEAR, kind="school_class")
    county.pupil(new, "新生", entered_on=NEW_YEAR)
    assert rests(row) == {"新班里已编入学生": {new.code: 1}}
    before = dump()
    with as_asker(office), pytest.raises(ValidationError, match="不能撤销"):
        actions.undo_roll_over(by=office, roll_over=row)
    assert dump() == before


def test_a_graduate_who_entered_another_school_keeps_it(full, county, nine_year, office, classes):
    row, pupils, _extra = full
    row = turn(office, row)
    high = county.class_(nine_year, 2021, 1)
    with as_system():
        Enrolment.objects.create(student=pupils[2021, 2], org=high.code, entered_on=NEW_YEAR)
    assert rests(row) == {"学生已有新的就读经历": {classes[2021, 2].code: 1}}


def test_a_teacher_of_a_new_class_and_a_successor_keep_it(full, county, office, classes):
    row = turn(office, full[0])
    with as_system():
        new = Body.objects.get(opened_on=NEW_YEAR, kind="school_class")
    for body in (new, classes[2022, 1]):
        staff = county.staff(Body.objects.get(code=body.code - body.code % 10**5))
        with as_system():
            Appointment.objects.create(
                org=body.code, role="class_teacher", staff=staff, from_day=NEW_YEAR, entered_at=timezone.now()
            )
    assert rests(row) == {"新班里已有任职": {new.code: 1}, "已任命新的班主任": {classes[2022, 1].code: 1}}


def test_a_visit_to_a_pupil_who_repeats_keeps_it_and_one_to_another_does_not(
    full, county, office, classes, settings
):
    row, pupils, extra = full
    row = turn(office, row)
    settings.TONGYU_TODAY = date(2027, 9, 10)
    with as_system():
        people = dict(Appointment.objects.filter(until_day=None).values_list("org", "id"))
    assert classes[2025, 1].code in people
    leader = county.leader(Body.objects.get(code=classes[2025, 1].code - classes[2025, 1].code % 10**5))
    for pupil in (pupils[2024, 1], extra[0]):
        with as_asker(leader):
            record_visit(
                by=leader, id=uuid7(), student=pupil.pk, occurred_on=date(2027, 9, 10), visitors=["leader"],
                met=["father"], line="开学",
            )  # fmt: skip
    assert rests(row) == {"家访": {classes[2025, 1].code: 1}}


def test_a_later_change_of_what_it_wrote_keeps_it(full, office, classes):
    row, pupils, _extra = full
    row = turn(office, row)
    with as_system():
        Enrolment.objects.filter(student=pupils[2021, 1]).update(leave_reason="病退")
        Student.objects.filter(name="留级").update(org=classes[2023, 1].code)
    places = rests(row)["学籍、班级或任职后来又有改动"]
    assert places == {classes[2021, 1].code: 1, classes[2024, 1].code: 1}


def test_something_that_came_between_asking_and_the_job_stops_it(full, county, office):
    row = turn(office, full[0])
    with as_asker(office):
        row = actions.undo_roll_over(by=office, roll_over=row)
    with as_system():
        new = Body.objects.get(opened_on=NEW_YEAR, kind="school_class")
    county.pupil(new, "新生", entered_on=NEW_YEAR)
    before = dump()
    with as_asker(office), pytest.raises(JobRefused, match="不|没有撤销"):
        actions.work_undo(Silent(), str(row.pk), stored_asker(office))
    assert dump() == before
    row.refresh_from_db()
    assert (row.state, "没有撤销" in row.message) == ("done", True)


def test_a_given_up_job_leaves_everything_as_before_it_was_asked_for(full, office):
    row, found = previewed(office, full[0])
    assert found.blocks == []
    with as_asker(office):
        actions.run_roll_over(by=office, roll_over=row)
        actions.abandon_roll_over(roll_over_id=str(row.pk), asker={})
    row.refresh_from_db()
    assert (row.state, row.message[:4]) == ("draft", "任务多次")
    row = turn(office, row)
    with as_asker(office):
        actions.undo_roll_over(by=office, roll_over=row)
        actions.abandon_undo(roll_over_id=str(row.pk), asker={})
    row.refresh_from_db()
    assert row.state == "done"


def test_what_was_changed_is_kept_row_by_row(full, office):
    turn(office, full[0])
    with as_system():
        kept = sorted(RollOverChange.objects.values_list("subject", flat=True))
    assert {subject: kept.count(subject) for subject in kept} == {
        "appointment": 4, "body": 5, "committee": 1, "enrolment": 6, "student": 1,
    }  # fmt: skip
