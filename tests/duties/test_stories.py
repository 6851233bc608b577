"""The rules of time and place, told with real rooms: transfers, late classes, mergers, empty terms, sums."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.models import Body, Enrolment, Holiday, Student, Term
from tongyu.duties import states, update
from tongyu.duties.models import Standing, Tally
from tongyu.records import life
from tongyu.workbenches.families.home_visits.actions import record_visit, withdraw_visit
from tongyu.workbenches.gatherings.events.actions import cancel_event, hold_event, plan_event, record_held

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def county(db, plan):
    """The county in its school year 2026—2027."""
    return County()


def visit(teacher, pupil, day=DAY):
    """The class teacher's visit on the day."""
    with as_asker(teacher):
        return record_visit(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            occurred_on=day,
            visitors=["class_teacher"],
            met=["mother"],
            line="聊了学习习惯",
        )


def state(key, *, pupil=None, place=None, period=None):
    """The state of one duty, or None when nobody owes it."""
    with as_system():
        rows = Standing.objects.filter(obligation__key=key)
        rows = rows.filter(subject=pupil.pk) if pupil else rows.filter(unit_org=place.code)
        rows = rows.filter(period_key=period) if period else rows
        return rows.values_list("state", flat=True).first()


def recompute(day=DAY):
    """Every duty as of the day."""
    return update.recompute_all(day)


def move(pupil, class_, on):
    """A transfer, as the roster import writes it."""
    with as_system():
        Enrolment.objects.filter(student=pupil, left_on=None).update(left_on=on)
        Student.objects.filter(pk=pupil.pk).update(org=class_.code)
        Enrolment.objects.create(student_id=pupil.pk, org=class_.code, entered_on=on)


def test_a_visit_counts_the_moment_it_is_saved_and_no_longer_when_withdrawn(county):
    class_ = county.class_(county.school(county.township()))
    teacher, pupil, other = county.teacher(class_), county.pupil(class_), county.pupil(class_, "另一人")
    recompute()
    made = visit(teacher, pupil)
    assert (state("home-visit", pupil=pupil), state("home-visit", pupil=other)) == (
        states.MET,
        states.IN_PROGRESS,
    )

    with as_asker(teacher):
        withdraw_visit(by=teacher, record=made, reason="记错了人", version=made.version)
    assert state("home-visit", pupil=pupil) != states.MET


def test_a_pupil_whom_no_recomputation_has_seen_yet_counts_with_the_first_record(county):
    class_ = county.class_(county.school(county.township()))
    teacher, first = county.teacher(class_), county.pupil(class_)
    recompute()
    late = county.pupil(class_, "后来的人")
    visit(teacher, late)
    with as_system():
        tally = Tally.objects.get(obligation__key="home-visit", place=class_.code, period_key="2026")
    assert (state("home-visit", pupil=late), state("home-visit", pupil=first)) == (
        states.MET,
        states.IN_PROGRESS,
    )
    assert (tally.met, tally.in_progress) == (1, 1)


def test_a_pupil_who_has_just_moved_counts_in_the_new_class(county):
    school = county.school(county.township())
    old, new = county.class_(school, number=1), county.class_(school, number=2)
    teacher, pupil = county.teacher(new), county.pupil(old)
    recompute()
    move(pupil, new, DAY)
    visit(teacher, pupil)
    with as_system():
        rows = Standing.objects.filter(obligation__key="home-visit", subject=pupil.pk, period_key="2026")
        stands = rows.values("org", "state", "changed_at").get()
    assert (stands["org"], stands["state"]) == (new.code, states.MET)
    recompute()
    with as_system():
        assert rows.values("org", "state", "changed_at").get() == stands


def test_a_pupil_who_transfers_is_not_owed_a_second_visit(county):
    township = county.township()
    old, new = (county.class_(county.school(township, name)) for name in ("甲小学", "乙小学"))
    pupil = county.pupil(old)
    visit(county.teacher(old), pupil, date(2026, 10, 12))
    move(pupil, new, date(2026, 11, 2))
    recompute()
    with as_system():
        rows = list(Standing.objects.filter(obligation__key="home-visit").values_list("unit_org", "state"))
    assert rows == [(new.code, states.MET)]


def test_a_pupil_who_left_is_no_longer_owed_and_one_who_came_too_late_not_yet(county):
    class_ = county.class_(county.school(county.township()))
    gone, late = county.pupil(class_, "走了"), county.pupil(class_, "刚来", entered_on=date(2027, 8, 20))
    with as_system():
        Enrolment.objects.filter(student=gone).update(left_on=date(2026, 11, 1))
    recompute(date(2027, 8, 25))
    assert (state("home-visit", pupil=gone), state("home-visit", pupil=late)) == (None, None)


def test_a_class_opened_in_mid_term_owes_a_meeting_only_with_enough_days_left(county):
    school = county.school(county.township())
    early = county.class_(school, number=1, opened_on=date(2026, 11, 1))
    late = county.class_(school, number=2, opened_on=date(2027, 1, 10))
    recompute(date(2027, 1, 20))
    key, period = "parent-meeting", "2026-T1"
    assert (state(key, place=early, period=period), state(key, place=late, period=period)) == (
        states.BEHIND_PACE,
        None,
    )


def test_a_school_meeting_covers_every_class_below_it_and_a_planned_one_none(county):
    school = county.school(county.township())
    classes = [county.class_(school, year, 1) for year in (2023, 2024)]
    leader = county.leader(school)
    recompute()
    with as_asker(leader):
        planned = plan_event(by=leader, type="parent_meeting", occurred_on=DAY, scopes=[school.code])
    assert [state("parent-meeting", place=one) for one in classes] == [states.IN_PROGRESS] * 2
    with as_asker(leader):
        hold_event(by=leader, event=planned, summary="开好了")
    assert [state("parent-meeting", place=one) for one in classes] == [states.MET] * 2


def test_a_cancelled_meeting_proves_nothing(county):
    class_ = county.class_(county.school(county.township()))
    teacher = county.teacher(class_)
    recompute()
    with as_asker(teacher):
        planned = plan_event(by=teacher, type="parent_meeting", occurred_on=DAY)
        cancel_event(by=teacher, event=planned, reason="下雪")
    assert state("parent-meeting", place=class_) == states.IN_PROGRESS


def test_a_merged_schools_duties_end_with_it_and_its_successor_owes_its_own(county):
    township = county.township()
    merged, successor = county.school(township, "并入小学"), county.school(township, "接收小学")
    with as_system():
        Body.objects.filter(pk=merged.pk).update(closed_on=date(2026, 11, 1), succeeded_by=successor)
    recompute()
    assert (state("guidance", place=merged), state("guidance", place=successor) is None) == (None, False)


def test_a_term_without_school_days_lifts_what_it_would_ask(county):
    class_ = county.class_(county.school(county.township()))
    with as_system():
        term = Term.objects.get(number=1, school_year__start_year=2026)
        days = (term.first_day + timedelta(days=n) for n in range((term.last_day - term.first_day).days + 1))
        Holiday.objects.bulk_create(
            Holiday(county=county.body, day=day, name="停课") for day in days if day.weekday() < 5
        )
    recompute()
    assert state("parent-meeting", place=class_, period="2026-T1") == states.EXEMPT


def test_a_missed_duty_stays_missed_when_the_child_leaves_afterwards(county):
    class_ = county.class_(county.school(county.township()))
    pupil = county.pupil(class_, entered_on=date(2025, 9, 1))
    recompute(date(2026, 9, 2))
    assert state("home-visit", pupil=pupil, period="2025") == states.MISSING
    with as_system():
        Enrolment.objects.filter(student=pupil).update(left_on=date(2026, 9, 5))
    recompute(date(2026, 9, 10))
    assert state("home-visit", pupil=pupil, period="2025") == states.MISSING


def test_an_encouragement_is_never_red(county):
    school = county.school(county.township())
    recompute(date(2027, 8, 31))
    with as_system():
        found = set(
            Standing.objects.filter(obligation__modality="encouraged").values_list("state", flat=True)
        )
    assert found <= {states.MET, states.NOT_DUE, states.UNKNOWN}
    assert state("committee-guidance", place=school) == states.NOT_DUE


def test_a_parent_equals_the_sum_of_its_children(county):
    township = county.township()
    for name in ("甲小学", "乙小学"):
        school = county.school(township, name)
        for number in (1, 2):
            class_ = county.class_(school, number=number)
            pupils = [county.pupil(class_, f"学生{n}") for n in range(3)]
            visit(county.teacher(class_), pupils[number])
    recompute()
    with as_system():
        names = [name for name in states.STATES if name != states.NOT_DUE]
        stored = Tally.objects.aggregate(**{name: Sum(name) for name in names})
        counted = {name: Standing.objects.filter(state=name).count() for name in names}
    assert stored == counted
    assert stored[states.MET] >= 4


def test_a_joint_visit_is_one_record_and_ticks_two_duties(county):
    school = county.school(county.township())
    class_ = county.class_(school)
    teacher, pupil = county.teacher(class_), county.pupil(class_)
    recompute()
    with as_asker(teacher):
        record_visit(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            occurred_on=DAY,
            visitors=["class_teacher", "leader"],
            met=["father"],
            line="校长一同家访",
        )
    assert (state("home-visit", pupil=pupil), state("leader-visit", place=school)) == (states.MET,) * 2


def test_a_correction_moves_the_record_to_the_day_it_really_happened(county):
    school = county.school(county.township())
    leader = county.leader(school)
    recompute()
    with as_asker(leader):
        event = record_held(by=leader, type="social_theme", occurred_on=DAY, scopes=[school.code])
    assert state("social-theme", place=school) == states.MET
    with as_asker(leader):
        life.correct(
            event,
            by=leader,
            reason="是上学年的活动",
            version=event.version,
            changes={"occurred_on": date(2026, 8, 20)},
        )
    assert state("social-theme", place=school, period="2026") != states.MET
