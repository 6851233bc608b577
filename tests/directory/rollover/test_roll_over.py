"""The county turns: who goes where, what opens and closes, which roles end; once, and all or nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import as_asker, as_system
from support.rollover import LAST_DAY, NEW_YEAR, begin, previewed, turn, work
from support.roster import Silent
from tongyu.core.jobs import JobRefused
from tongyu.core.models import JobProgress
from tongyu.directory import codes
from tongyu.directory.models import Appointment, Body, Enrolment, RollOver, Student, Term
from tongyu.directory.queries import class_list
from tongyu.directory.rollover import actions, exceptions
from tongyu.directory.rollover.exceptions import Said
from tongyu.directory.roster.starting import stored_asker
from tongyu.records.models import Revision
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.models import Committee

pytestmark = pytest.mark.django_db


def say(asker, row, pupil, outcome, **more):
    with as_asker(asker):
        said = Said(outcome, more.pop("reason", "家长申请"), **more)
        return exceptions.set_exception(by=asker, roll_over=row, student=pupil.pk, said=said)


def times(pupil):
    """(class, first day, day of leaving, why) of everything the pupil was in."""
    with as_system():
        rows = Enrolment.objects.filter(student=pupil).order_by("entered_on")
        return list(rows.values_list("org", "entered_on", "left_on", "leave_reason"))


def test_each_pupil_goes_the_way_that_class_and_school_say(county, school, classes, office, leader):
    names = ("升级", "毕业", "留级", "离校", "转学", "留毕")
    of = dict(zip(names, [(2023, 1), (2021, 2), (2024, 1), (2022, 1), (2026, 1), (2021, 1)], strict=True))
    pupils = {name: county.pupil(classes[place], name) for name, place in of.items()}
    row = begin(office)
    say(leader, row, pupils["留级"], "retained", target=classes[2025, 1].code)
    say(leader, row, pupils["留毕"], "retained", target=classes[2022, 1].code)
    say(leader, row, pupils["离校"], "left")
    say(leader, row, pupils["转学"], "transferred", to_school="兰州市某小学")

    done = turn(office, row)

    assert (done.state, done.summary["enrolled"]) == ("done", 6)
    assert done.summary["outcomes"] == {
        "promoted": 1, "retained": 2, "graduated": 1, "transferred": 1, "left": 1,
    }  # fmt: skip
    first = date(2026, 9, 1)
    assert {name: times(pupil) for name, pupil in pupils.items()} == {
        "升级": [(classes[2023, 1].code, first, None, "")],
        "毕业": [(classes[2021, 2].code, first, NEW_YEAR, "毕业")],
        "留级": [
            (classes[2024, 1].code, first, NEW_YEAR, "留级"),
            (classes[2025, 1].code, NEW_YEAR, None, ""),
        ],
        "离校": [(classes[2022, 1].code, first, NEW_YEAR, "离校")],
        "转学": [(classes[2026, 1].code, first, NEW_YEAR, "转学")],
        "留毕": [
            (classes[2021, 1].code, first, NEW_YEAR, "留级"),
            (classes[2022, 1].code, NEW_YEAR, None, ""),
        ],
    }
    with as_system():
        orgs = dict(Student.objects.values_list("name", "org"))
    assert (orgs["留级"], orgs["毕业"]) == (classes[2025, 1].code, classes[2021, 2].code)


def test_grades_and_classes_close_and_open(county, school, nine_year, classes, office):
    county.pupil(classes[2023, 1])
    sixth, ninth = county.class_(nine_year, 2021, 1), county.class_(nine_year, 2018, 1)
    turn(office)
    with as_system():
        closed = set(Body.objects.filter(closed_on=NEW_YEAR).values_list("code", flat=True))
        opened = set(Body.objects.filter(opened_on=NEW_YEAR).values_list("code", "kind"))
    assert closed == {
        *(classes[2021, number].code for number in (1, 2)), classes[2021, 1].parent_id, ninth.code, ninth.parent_id,
    }  # fmt: skip
    assert sixth.code not in closed, "a nine-year school goes on after the sixth grade"
    grade, other = codes.grade_code(school.code, 1, 2027), codes.grade_code(nine_year.code, 1, 2027)
    assert opened == {
        (grade, "grade"), (grade + 1, "school_class"), (grade + 2, "school_class"), (other, "grade"),
        (other + 1, "school_class"),
    }  # fmt: skip


def test_a_school_opens_another_number_of_classes_and_lets_teachers_stay_behind(
    county, school, classes, office, leader
):
    county.pupil(classes[2023, 1])
    going, released, other = (county.teacher(classes[year, 1]) for year in (2022, 2023, 2024))
    subject, kept = county.subject_teacher(classes[2023, 1]), county.subject_teacher(classes[2022, 1])
    row = begin(office)
    with as_asker(leader):
        exceptions.set_classes(
            by=leader,
            roll_over=row,
            school=school,
            new_classes={1: 3},
            released={classes[2023, 1].code: "all", classes[2024, 1].code: "lead"},
        )
    done = turn(office, row)
    with as_system():
        until = dict(Appointment.objects.values_list("id", "until_day"))
        new = Body.objects.filter(opened_on=NEW_YEAR, kind="school_class").count()
    ends = [until[one.appointment_id] for one in (going, released, other, subject, kept)]
    assert ends == [None, NEW_YEAR, NEW_YEAR, NEW_YEAR, None]
    assert new == 3
    assert len(done.summary["leaderless"]) == 3 + 4, "new ones, two released, 2025 and 2026 never had one"


def test_roles_and_committees_of_classes_that_graduate_end_on_the_day(
    county, school, classes, office, leader
):
    county.pupil(classes[2021, 1])
    teacher, mover = county.teacher(classes[2021, 1]), county.teacher(classes[2023, 1])
    members = [NewMember("甲", "chair"), NewMember("乙")]
    committees = []
    for body in (
        classes[2021, 1],
        Body.objects.get(code=classes[2021, 1].parent_id),
        classes[2023, 1],
        school,
    ):
        with as_asker(leader):
            committees.append(
                elect_committee(
                    by=leader,
                    body=body.code,
                    elected_on=date(2026, 10, 8),
                    until_day=date(2028, 9, 1),
                    members=members,
                )
            )
    done = turn(office)
    assert (done.summary["done"]["posts"], done.summary["done"]["records"]) == (1, {"committee": 2})
    with as_system():
        until = dict(Appointment.objects.values_list("id", "until_day"))
        ended = [Committee.objects.get(pk=one.pk).dissolved_on for one in committees]
        reasons = sorted(Revision.objects.values_list("kind", "reason"))
    assert (until[teacher.appointment_id], until[mover.appointment_id]) == (NEW_YEAR, None)
    assert ended == [NEW_YEAR, NEW_YEAR, None, None]
    assert reasons == [
        ("appointment", "班级毕业"), ("committee", "班级毕业，任期结束"), ("committee", "班级毕业，任期结束"),
    ]  # fmt: skip


def test_what_a_file_did_since_stands_before_what_follows_from_the_class(
    county, school, nine_year, classes, office
):
    """A pupil enrolled elsewhere since 1 September is transferred, one moved within the school is promoted."""
    gone, moved, left = (county.pupil(classes[2021, 1], name) for name in ("去了", "调班", "走了"))
    within = county.pupil(classes[2023, 1], "本校")
    there, beside = county.class_(nine_year, 2021, 1), county.class_(school, 2023, 2)
    with as_system():
        for pupil, target in ((gone, there), (within, beside)):
            Enrolment.objects.filter(student=pupil).update(left_on=NEW_YEAR, leave_reason="转学")
            Enrolment.objects.create(student=pupil, org=target.code, entered_on=NEW_YEAR)
        Enrolment.objects.filter(student=left).update(left_on=NEW_YEAR, leave_reason="转出县外")
    done = turn(office)
    assert done.summary["outcomes"] == {
        "promoted": 1, "retained": 0, "graduated": 1, "transferred": 2, "left": 0,
    }  # fmt: skip
    assert times(within)[-1] == (beside.code, NEW_YEAR, None, "")
    assert times(moved) == [(classes[2021, 1].code, date(2026, 9, 1), NEW_YEAR, "毕业")]


def test_new_first_grades_imported_before_are_left_alone(county, school, classes, office):
    county.pupil(classes[2023, 1])
    early = county.class_(school, 2027, 1, opened_on=NEW_YEAR)
    child = county.pupil(early, entered_on=NEW_YEAR)
    done = turn(office)
    assert (done.summary["enrolled"], done.summary["opened"]) == (1, 1)
    assert times(child) == [(early.code, NEW_YEAR, None, "")]


def test_a_second_time_is_a_clear_refusal(county, classes, office):
    county.pupil(classes[2023, 1])
    row = turn(office)
    for step in (actions.run_roll_over, actions.preview_roll_over):
        with as_asker(office), pytest.raises(ValidationError, match="已执行"):
            step(by=office, roll_over=row)
    assert begin(office).pk == row.pk, "the year that has turned cannot be begun again"
    with as_system():
        assert JobProgress.objects.filter(kind=actions.RUN).count() == 1
    assert work(office, row, actions.work_roll_over).state == "done", "a job delivered twice does nothing"
    with as_system():
        assert Enrolment.objects.count() == 1


def test_it_does_not_run_before_the_day_nor_without_a_preview(county, classes, office, settings):
    county.pupil(classes[2023, 1])
    settings.TONGYU_TODAY = date(2027, 7, 15)
    row = begin(office)
    with as_asker(office), pytest.raises(ValidationError, match="先预览"):
        actions.run_roll_over(by=office, roll_over=row)
    row, found = previewed(office, row)
    assert (row.state, found.blocks) == ("previewed", [])
    with as_asker(office), pytest.raises(ValidationError, match="到那天才能执行"):
        actions.run_roll_over(by=office, roll_over=row)


def test_without_the_next_years_terms_it_is_refused_and_says_where_to_set_them(county, classes, office):
    county.pupil(classes[2023, 1])
    with as_system():
        Term.objects.filter(school_year__start_year=2027, number=2).delete()
    row, found = previewed(office, begin(office))
    assert row.state == "draft"
    assert [(one.text[:9], one.missing_year) for one in found.blocks] == [("还没有设定 202", 2027)]


def test_pupils_without_a_place_block_the_preview(county, school, classes, office):
    county.pupil(classes[2023, 1])
    lost = county.pupil(classes[2024, 1])
    with as_system():
        Body.objects.filter(code=classes[2024, 1].code).update(closed_on=date(2027, 3, 1))
    row, found = previewed(office, begin(office))
    assert row.state == "draft"
    assert [one.places for one in found.blocks] == [{school.code: 1}]
    assert not found.sums.complete
    with as_system():
        Enrolment.objects.filter(student=lost).update(left_on=date(2027, 3, 1))
    assert previewed(office, row)[0].state == "previewed"


def test_a_change_after_the_preview_stops_the_job(county, school, classes, office):
    pupil = county.pupil(classes[2023, 1])
    row, _found = previewed(office, begin(office))
    with as_asker(office):
        actions.run_roll_over(by=office, roll_over=row)
    with as_system():
        Enrolment.objects.filter(student=pupil).update(left_on=date(2027, 5, 1))
        county.pupil(classes[2021, 1])
    with as_asker(office), pytest.raises(JobRefused, match="预览之后"):
        actions.work_roll_over(Silent(), str(row.pk), stored_asker(office))
    row.refresh_from_db()
    assert (row.state, row.message[:4]) == ("draft", "预览之后")


def test_who_lost_the_role_meanwhile_turns_nothing(county, classes, office):
    county.pupil(classes[2021, 1])
    row, _found = previewed(office, begin(office))
    with as_asker(office):
        actions.run_roll_over(by=office, roll_over=row)
    with as_system():
        Appointment.objects.filter(pk=office.appointment_id).update(until_day=NEW_YEAR)
    with as_asker(office), pytest.raises(JobRefused, match="职务"):
        actions.work_roll_over(Silent(), str(row.pk), stored_asker(office))
    with as_system():
        assert RollOver.objects.get().state == "draft"
        assert Enrolment.objects.get().left_on is None


def test_what_a_school_says_takes_the_preview_back_and_ends_when_it_is_ready(
    county, school, classes, office, leader
):
    pupil = county.pupil(classes[2023, 1])
    row, _found = previewed(office, begin(office))
    say(leader, row, pupil, "left")
    row.refresh_from_db()
    assert (row.state, row.summary) == ("draft", {})
    with as_asker(leader):
        exceptions.say_ready(by=leader, roll_over=row, school=school, ready=True)
    with pytest.raises(ValidationError, match="继续修改"):
        say(leader, row, pupil, "transferred", to_school="某校")
    with as_asker(leader):
        exceptions.say_ready(by=leader, roll_over=row, school=school, ready=False)
    assert say(leader, row, pupil, "transferred", to_school="某校").outcome == "transferred"
    assert row.lines.count() == 0, "nobody reads lines outside a scope"
    with as_system():
        assert row.lines.count() == 1
    with as_asker(leader):
        exceptions.remove_exception(by=leader, roll_over=row, student=pupil.pk)
        exceptions.remove_exception(by=leader, roll_over=row, student=pupil.pk)
    with as_system():
        assert row.lines.count() == 0


def test_a_line_that_no_longer_fits_blocks_until_it_is_mended(county, school, classes, office, leader):
    pupil = county.pupil(classes[2023, 1])
    row = begin(office)
    say(leader, row, pupil, "retained", target=classes[2024, 1].code)
    with as_system():
        Enrolment.objects.filter(student=pupil).update(org=classes[2022, 1].code)
    assert [one.places for one in previewed(office, row)[1].blocks] == [{school.code: 1}]
    with as_asker(leader), pytest.raises(ValidationError, match="不适用"):
        exceptions.say_ready(by=leader, roll_over=row, school=school, ready=True)
    say(leader, row, pupil, "retained", target=classes[2023, 1].code)
    assert previewed(office, row)[1].blocks == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said("retained", "申请"), "target"),
        (Said("retained", "申请", target=1), "target"),
        (Said("transferred", "申请"), "to_school"),
        (Said("left", "  "), "reason"),
        (Said("left", "长" * 121), "reason"),
        (Said("promoted", "申请"), "outcome"),
    ],
)
def test_a_sentence_that_says_too_little_is_refused_at_its_field(
    county, classes, office, leader, said, field
):
    pupil = county.pupil(classes[2023, 1])
    row = begin(office)
    with as_asker(leader), pytest.raises(ValidationError) as refused:
        exceptions.set_exception(by=leader, roll_over=row, student=pupil.pk, said=said)
    assert list(refused.value.error_dict) == [field]


def test_nobody_speaks_for_another_school_and_only_the_office_turns(
    county, nine_year, classes, office, leader
):
    other = county.leader(nine_year)
    teacher = county.teacher(classes[2023, 1])
    pupil = county.pupil(classes[2023, 1])
    row = begin(office)
    for asker in (other, teacher):
        with pytest.raises(PermissionDenied):
            say(asker, row, pupil, "left")
    for step in (actions.preview_roll_over, actions.run_roll_over, actions.undo_roll_over):
        with as_asker(leader), pytest.raises(PermissionDenied):
            step(by=leader, roll_over=row)
    with as_asker(leader), pytest.raises(PermissionDenied):
        actions.open_roll_over(by=leader, start_year=2027)


def test_another_year_than_the_one_at_hand_cannot_be_begun(county, office, settings):
    for today, year in ((date(2026, 11, 23), 2027), (date(2027, 10, 31), 2027), (date(2027, 11, 1), 2028)):
        assert actions.year_to_roll(today) == year
    with as_asker(office), pytest.raises(ValidationError, match="2027—2028"):
        actions.open_roll_over(by=office, start_year=2029)


def test_the_last_day_still_belongs_to_the_old_year(county, classes, office):
    pupil = county.pupil(classes[2021, 1], entered_on=LAST_DAY)
    new = county.pupil(classes[2022, 1], entered_on=LAST_DAY - timedelta(days=400))
    turn(office)
    assert (times(pupil)[0][2], times(new)[0][2]) == (NEW_YEAR, None)


def test_who_left_is_no_longer_on_the_class_teachers_list(county, classes, office, leader):
    teacher = county.teacher(classes[2023, 1])
    stays, leaves = (county.pupil(classes[2023, 1], name) for name in ("留下", "走了"))
    row = begin(office)
    say(leader, row, leaves, "left")
    turn(office, row)
    with as_asker(teacher):
        assert [one.id for one in class_list(teacher)] == [stays.pk]
