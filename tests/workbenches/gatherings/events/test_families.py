"""Families at a meeting: invited, answering side by side, ticked off by child, told afterwards, asking."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.county import County, as_asker, as_system
from tongyu.core.clock import CHINA
from tongyu.core.ids import uuid7
from tongyu.directory.families import guarding
from tongyu.directory.models import Guardianship
from tongyu.records.facts import facts_of
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.actions import Tap
from tongyu.workbenches.gatherings.events.models import (
    Event,
    FamilyAnswer,
    FamilyQuestion,
    FollowUp,
    Participation,
    SharedAnswer,
    SignInTap,
)
from tongyu.workbenches.gatherings.events.queries import (
    class_counts,
    families_of_class,
    home,
    invited_events,
    own_answers,
    own_questions,
    reachable,
    shared_answers,
)
from tongyu.workbenches.gatherings.events.rules import family_says, family_was_there, may_scan, still_open

TODAY, DAY = date(2026, 11, 23), date(2026, 11, 28)
STARTS = datetime(2026, 11, 28, 15, tzinfo=CHINA)


def build():
    """A class of three pupils in a school with a second class; father and mother of the first pupil have joined."""
    county = County()
    county.a = county.school(county.township("太极镇"))
    county.one, county.two = county.class_(county.a, 2023, 1), county.class_(county.a, 2023, 2)
    county.ma, county.he, county.li = (county.pupil(county.one, name) for name in ("马一", "何二", "李三"))
    county.t = county.teacher(county.one)
    county.father = county.parent(county.ma, name="马父")
    county.mother = county.parent(county.ma, relation="mother", name="马母")
    return county


@pytest.fixture
def place(db):
    return build()


def meeting(by, invite=True, **kwargs):
    """A parent meeting of Saturday at three, invited to."""
    fields = {
        "type": "parent_meeting",
        "occurred_on": DAY,
        "starts_at": STARTS,
        "with_parents": True,
        **kwargs,
    }
    with as_asker(by):
        event = actions.plan_event(by=by, **fields)
        return actions.invite_families(by=by, event=event, line="请准时") if invite else event


def says(by, event, child, word):
    with as_asker(by):
        return actions.answer_invitation(by=by, event=event, student=child.pk, says=word)


def of_class(event, county, on=TODAY):
    with as_asker(county.t):
        return {family.name: family for family in families_of_class(event, county.one.code, on)}


def tap(by, event, county, *taps, how="list"):
    with as_asker(by):
        return actions.take_taps(by=by, event=event, class_code=county.one.code, taps=taps, how=how)


def test_only_invited_families_see_a_planned_meeting(place):
    event = meeting(place.t, invite=False)
    stranger = place.parent(place.pupil(place.two, "别班"))
    with as_asker(place.father):
        assert list(invited_events(place.father)) == []
        assert not Event.objects.exists()
    with as_asker(place.t):
        actions.invite_families(by=place.t, event=event)
    with as_asker(place.father):
        assert [one.pk for one in invited_events(place.father)] == [event.pk]
    with as_asker(stranger):
        assert not Event.objects.exists()
        assert list(invited_events(stranger)) == []


def test_a_meeting_of_the_school_invites_every_class_and_a_township_none(place):
    leader = place.leader(place.a)
    event = meeting(leader)
    other = place.parent(place.pupil(place.two, "别班"))
    for asker in (place.father, other):
        with as_asker(asker):
            assert [one.pk for one in invited_events(asker)] == [event.pk]
    office = place.township_staff(place.township("岘塬镇"))
    with pytest.raises(ValidationError, match="只能邀请班级、年级或学校的家长"):
        meeting(office, type="guidance")


def test_an_invitation_needs_parents_and_a_day_to_come(place):
    with pytest.raises(ValidationError, match="要有家长参加"):
        meeting(place.t, with_parents=False)
    with pytest.raises(ValidationError, match="日期已经过去"):
        meeting(place.t, occurred_on=date(2026, 11, 20), starts_at=None)


def test_an_invited_event_stays_one_with_parents(place):
    event = meeting(place.t)
    with as_asker(place.t), pytest.raises(ValidationError, match="已经邀请了家长"):
        actions.correct_event(
            by=place.t, event=event, version=event.version, reason="写错", changes={"with_parents": False}
        )


def test_two_guardians_answers_stand_side_by_side_and_neither_sees_the_other(place):
    event = meeting(place.t)
    says(place.father, event, place.ma, "come")
    says(place.mother, event, place.ma, "no")
    family = of_class(event, place)["马一"]
    assert (family.says, [one.words for one in family.answers]) == ("divided", ["父亲 我来", "母亲 来不了"])
    for asker, word in ((place.father, "come"), (place.mother, "no")):
        with as_asker(asker):
            assert own_answers(asker, [event]) == {(event.pk, place.ma.pk): word}
            assert FamilyAnswer.objects.count() == 1


def test_an_answer_may_change_until_the_start_and_stays_one_row(place, settings):
    event = meeting(place.t)
    says(place.father, event, place.ma, "come")
    says(place.father, event, place.ma, "other")
    with as_system():
        assert [row.says for row in FamilyAnswer.objects.all()] == ["other"]
    settings.TONGYU_TODAY = DAY + timedelta(days=1)
    with pytest.raises(ValidationError, match="已经开始"):
        says(place.father, event, place.ma, "no")


def test_an_odd_word_and_a_foreign_child_are_refused(place):
    event = meeting(place.t)
    with pytest.raises(ValidationError, match="请选择来还是不来"):
        says(place.father, event, place.ma, "maybe")
    for child in (place.he, place.pupil(place.two, "别班")):
        with pytest.raises(PermissionDenied):
            says(place.father, event, child, "come")


def test_a_block_ends_the_answer_and_the_sight_of_it_the_same_moment(place):
    event, leader = meeting(place.t), place.leader(place.a)
    says(place.father, event, place.ma, "come")
    with as_asker(leader):
        tie = Guardianship.objects.get(guardian_id=place.father.wards[0].guardian_id)
        guarding.block(by=leader, guardianship=tie, reason="家庭暴力", document="保护令 1 号")
    assert of_class(event, place)["马一"].says == "silent"
    with as_asker(place.t):
        (count,) = class_counts(event, TODAY)
    assert (count.coming, count.silent) == (0, 3)
    with pytest.raises(PermissionDenied):
        says(place.father, event, place.ma, "no")
    with as_asker(place.father):
        assert not Event.objects.exists()
        assert not FamilyAnswer.objects.exists()


def test_the_teacher_answers_for_a_family_without_a_phone_and_says_how(place):
    event = meeting(place.t)
    aunt = place.guardian(place.he, "何姑", "relative")
    told = {"student": place.he.pk, "guardian": aunt.pk, "says": "come", "class_code": place.one.code}
    with as_asker(place.t):
        actions.answer_for(by=place.t, event=event, told_by="phone", **told)
    assert [one.words for one in of_class(event, place)["何二"].answers] == ["其他亲属 我来（电话）"]
    with as_asker(place.t), pytest.raises(ValidationError, match="怎么回复的"):
        actions.answer_for(by=place.t, event=event, told_by="", **told)
    with as_asker(place.t), pytest.raises(PermissionDenied):
        actions.answer_for(by=place.t, event=event, told_by="phone", **{**told, "student": place.ma.pk})


def test_families_are_counted_by_child(place):
    event = meeting(place.t)
    says(place.father, event, place.ma, "come")
    says(place.mother, event, place.ma, "other")
    with as_asker(place.t):
        (count,) = class_counts(event, TODAY)
        assert reachable(event, TODAY) == (3, 1)
    assert (count.pupils, count.coming, count.not_coming, count.divided, count.silent) == (3, 1, 0, 0, 2)


def test_a_tap_sent_again_counts_once_and_never_undoes_what_was_said_since(place):
    event = meeting(place.t)
    first = Tap(uuid7(), place.ma.pk, True)
    assert tap(place.t, event, place, first) == {first.id: "stored"}
    assert tap(place.t, event, place, Tap(uuid7(), place.ma.pk, False)).popitem()[1] == "stored"
    assert tap(place.t, event, place, first) == {first.id: "known"}
    assert of_class(event, place)["马一"].present is False
    with as_system():
        assert SignInTap.objects.count() == 2
        assert Participation.objects.filter(student=place.ma).count() == 1


def test_of_many_taps_the_foreign_one_is_refused_and_the_others_are_stored(place):
    event = meeting(place.t)
    stranger = place.pupil(place.two, "别班")
    taps = [Tap(uuid7(), child.pk, True) for child in (place.ma, stranger, place.he)]
    assert list(tap(place.t, event, place, *taps).values()) == ["stored", "refused", "stored"]
    taken = Tap(taps[0].id, place.he.pk, False)
    assert tap(place.t, event, place, taken) == {taken.id: "refused"}
    assert of_class(event, place)["何二"].present is True


def test_an_id_that_another_school_used_is_refused(place):
    event = meeting(place.t)
    other = place.class_(place.school(place.township("岘塬镇"), "别的学校"))
    far, child = place.teacher(other), place.pupil(other, "远处")
    theirs = Tap(uuid7(), child.pk, True)
    foreign = meeting(far)
    with as_asker(far):
        actions.take_taps(by=far, event=foreign, class_code=other.code, taps=[theirs], how="list")
    assert tap(place.t, event, place, Tap(theirs.id, place.ma.pk, True)) == {theirs.id: "refused"}
    assert of_class(event, place)["马一"].present is None


def test_three_values_and_the_rest(place):
    event = meeting(place.t)
    with as_asker(place.t):
        mark = {"by": place.t, "event": event, "class_code": place.one.code}
        actions.mark_families(**mark, marks={place.ma.pk: True})
        (count,) = class_counts(event, TODAY)
        assert (count.present, count.absent, count.open) == (1, 0, 2)
        assert actions.mark_families(**mark, marks={place.he.pk: None}, rest=False, how="paper") == 2
        (count,) = class_counts(event, TODAY)
        assert (count.present, count.absent, count.open) == (1, 2, 0)
        assert actions.mark_families(**mark, marks={place.he.pk: None}) == 1
    assert [family.present for family in of_class(event, place).values()].count(None) == 1
    with as_system():
        assert set(Participation.objects.values_list("how", flat=True)) == {"list", "paper"}


def test_a_guardian_scans_once_for_each_own_child_and_the_teachers_no_holds(place):
    event = meeting(place.t, occurred_on=TODAY, starts_at=None)
    token = actions.sign_in_token(event)
    for _again in range(2):
        with as_asker(place.father):
            actions.sign_in_guardian(by=place.father, token=token)
    assert of_class(event, place)["马一"].present is True
    with as_system():
        row = Participation.objects.get()
        assert (row.how, row.guardian_id, row.family) == ("qr", place.father.wards[0].guardian_id, False)
    tap(place.t, event, place, Tap(uuid7(), place.ma.pk, False))
    assert of_class(event, place)["马一"].present is False
    stranger = place.parent(place.pupil(place.two, "别班"))
    with as_asker(stranger), pytest.raises(ValidationError, match="没有邀请"):
        actions.sign_in_guardian(by=stranger, token=token)


def test_a_code_that_is_passed_on_before_the_day_signs_nobody_in(place):
    event = meeting(place.t)
    with as_asker(place.father), pytest.raises(ValidationError, match="还没有开始"):
        actions.sign_in_guardian(by=place.father, token=actions.sign_in_token(event))
    with as_system():
        assert not Participation.objects.exists()


def test_a_code_counts_from_an_hour_before_it_begins():
    event = Event(starts_at=STARTS, occurred_on=DAY)
    assert [may_scan(event, STARTS - timedelta(minutes=minutes)) for minutes in (61, 60, 0)] == [
        False,
        True,
        True,
    ]


def test_absent_families_are_told_one_by_one(place):
    event = meeting(place.t, occurred_on=TODAY, starts_at=None)
    for child, there in ((place.ma, True), (place.he, False)):
        tap(place.t, event, place, Tap(uuid7(), child.pk, there))
    everybody = [child.pk for child in (place.ma, place.he, place.li)]
    with as_asker(place.t):
        tell = {"by": place.t, "event": event, "class_code": place.one.code, "students": everybody}
        assert actions.tell_absent(**tell, way="phone") == 1
        assert actions.tell_absent(**tell, way="phone") == 0
        assert actions.tell_absent(**tell, way="visit") == 1
        with pytest.raises(ValidationError, match="怎么告知"):
            actions.tell_absent(**tell, way="pigeon")
    with as_system():
        assert [(row.student_id, row.way) for row in FollowUp.objects.all()] == [(place.he.pk, "visit")]


def test_nobody_is_told_before_it_began(place):
    event = meeting(place.t)
    with as_asker(place.t), pytest.raises(ValidationError, match="还没有开始"):
        actions.tell_absent(
            by=place.t, event=event, class_code=place.one.code, students=[place.ma.pk], way="phone"
        )


def test_a_question_is_between_the_asker_and_the_teacher_until_it_is_shared(place):
    event, key = meeting(place.t), uuid7()
    ask = {"by": place.father, "id": key, "event": event, "student": place.ma.pk, "text": "作业要多久？"}
    for _again in range(2):
        with as_asker(place.father):
            question = actions.ask_question(**ask)
    with as_asker(place.father), pytest.raises(ValidationError, match="内容不同"):
        actions.ask_question(**{**ask, "text": "另一个"})
    with as_asker(place.mother):
        assert not FamilyQuestion.objects.exists()
    other = place.parent(place.he)
    with as_asker(place.t):
        actions.answer_question(by=place.t, question=question, answer="一小时", share=False)
    with as_asker(other):
        assert shared_answers(event, [place.one.code]) == []
    with as_asker(place.t):
        actions.answer_question(by=place.t, question=question, answer="一小时左右", share=True)
    with as_asker(other):
        assert [row.answer for row in shared_answers(event, [place.one.code])] == ["一小时左右"]
        assert not FamilyQuestion.objects.exists()
    with as_asker(place.father):
        assert [row.answer for row in own_questions(place.father, event)] == ["一小时左右"]
    with as_asker(place.t):
        actions.answer_question(by=place.t, question=question, answer="改了", share=False)
    with as_asker(other):
        assert not SharedAnswer.objects.exists()


def test_a_guardian_writes_no_row_for_another_child_even_past_the_actions(place):
    event = meeting(place.t)
    row = {"event": event, "org": place.one.code, "by_account": place.father.account_id, "at": STARTS}
    guardian = place.father.wards[0].guardian_id
    for student, who in ((place.he, guardian), (place.ma, place.mother.wards[0].guardian_id)):
        with as_asker(place.father), pytest.raises(DatabaseError), transaction.atomic():
            FamilyAnswer.objects.create(student_id=student.pk, guardian_id=who, says="come", **row)


def test_the_home_page_asks_for_each_child_until_it_is_answered(place):
    sister = place.pupil(place.two, "马妹")
    both = place.parent(place.ma, sister, name="马叔", relation="relative")
    leader = place.leader(place.a)
    event = meeting(leader, title="家长会", place="操场")
    with as_asker(both):
        tasks = home.asked_of(both, TODAY)
    assert [(task.title, task.line) for task in tasks] == [
        ("家长会 11月28日 15:00", "操场 · 请回复是否参加")
    ] * 2
    assert {task.student_id for task in tasks} == {place.ma.pk, sister.pk}
    says(both, event, sister, "no")
    with as_asker(both):
        assert [task.student_id for task in home.asked_of(both, TODAY)] == [place.ma.pk]
    with as_asker(leader):
        actions.cancel_event(by=leader, event=event, reason="大雪")
    with as_asker(both):
        assert home.asked_of(both, TODAY) == []
        assert {line.text for line in home.told_to(both, TODAY)} == {"“家长会”取消了"}


def test_a_child_that_leaves_the_class_takes_the_invitation_along(place):
    event = meeting(place.t)
    says(place.father, event, place.ma, "come")
    with as_system():
        place.ma.enrolments.update(left_on=TODAY)
    with as_asker(place.father):
        assert not Event.objects.exists()
    with as_asker(place.t):
        assert [row.pupils for row in class_counts(event, TODAY)] == [2]


def test_an_invited_meeting_proves_nothing_until_it_took_place(place):
    event = meeting(place.t, occurred_on=TODAY, starts_at=None)
    says(place.father, event, place.ma, "come")
    tap(place.t, event, place, Tap(uuid7(), place.ma.pk, True))
    with as_system():
        assert facts_of("event", [event.pk]) == []
    with as_asker(place.t):
        actions.hold_event(by=place.t, event=event, summary="讲了：安全。", share=True)
    with as_system():
        (fact,) = facts_of("event", [event.pk])
    assert (fact.category, fact.quantity, fact.scope_lo) == ("parent_meeting", 1, place.one.code)
    with as_asker(place.father):
        assert Event.objects.get().shared_at is not None
        assert [line.text for line in home.told_to(place.father, TODAY)] == ["“家长会”的小结可以看了"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["come", "other", "no"]), max_size=5))
def test_a_family_says_what_its_guardians_say(answers):
    said = family_says(answers)
    assert said == family_says(reversed(answers))
    assert (said == "silent") == (not answers)
    assert (said == "divided") == ("no" in answers and len(set(answers) - {"no"}) > 0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([True, False, None]), max_size=5))
def test_a_family_was_there_when_one_of_it_was(marks):
    assert family_was_there(marks) is (True if True in marks else False if False in marks else None)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.datetimes(datetime(2026, 11, 27), datetime(2026, 11, 30)))
def test_without_an_hour_the_whole_day_is_open(at):
    event = Event(occurred_on=DAY, invited_at=STARTS, with_parents=True)
    assert still_open(event, at.replace(tzinfo=CHINA)) is (at.date() <= DAY)


def test_two_teachers_tapping_the_same_taps_at_once_store_each_once(committed):
    county = build()
    event = meeting(county.leader(county.a))
    taps = [Tap(uuid7(), child.pk, True) for child in (county.ma, county.he, county.li)]
    barrier, became = Barrier(8), []

    def send():
        barrier.wait()
        try:
            became.append(tap(county.t, event, county, *taps))
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    words = [word for one in became for word in one.values()]
    assert (len(became), words.count("stored"), words.count("known")) == (8, 3, 21)
    with as_system():
        assert (SignInTap.objects.count(), Participation.objects.count()) == (3, 3)
