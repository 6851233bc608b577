"""Elect, renew, change members, dissolve: when a committee is in office and when it proves nothing."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from tests.support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.records.facts import facts_of
from tongyu.records.models import Revision
from tongyu.workbenches.families.committees import actions
from tongyu.workbenches.families.committees.actions import NewMember
from tongyu.workbenches.families.committees.models import Committee, Member
from tongyu.workbenches.families.committees.queries import in_office, last_terms, visible

ELECTED, UNTIL = date(2026, 9, 20), date(2028, 9, 1)
PEOPLE = (NewMember("马家长", "chair", "马某某的母亲"), NewMember("王家长"), NewMember("孔家长", "deputy"))


@pytest.fixture
def place(db):
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.class_2 = county.class_(county.school_a, 2023, 2)
    county.head = county.leader(county.school_a)
    return county


def elect(by, body, **kwargs):
    fields = {"elected_on": ELECTED, "until_day": UNTIL, "members": PEOPLE, **kwargs}
    with as_asker(by):
        return actions.elect_committee(by=by, body=body.code, **fields)


def facts(committee):
    with as_system():
        return facts_of("committee", [committee.pk])


def spans(committee):
    return sorted((fact.occurred_on, fact.ended_on) for fact in facts(committee))


@pytest.mark.parametrize(("body", "level"), [("school_a", "school"), ("class_1", "class")])
def test_level_and_scope_follow_from_the_body(place, body, level):
    body = getattr(place, body)
    (fact,) = facts(elect(place.head, body))
    assert (fact.category, fact.scope_lo, fact.scope_hi, fact.by_body) == (
        level,
        body.code,
        body.hi,
        body.code,
    )
    assert (fact.occurred_on, fact.ended_on, fact.quantity) == (ELECTED, UNTIL, 3)


def test_a_grade_has_a_committee_of_its_own_level(place):
    (fact,) = facts(elect(place.head, place.grade(place.school_a, 2023)))
    assert fact.category == "grade"


@pytest.mark.parametrize(
    "members",
    [(NewMember("马家长", "chair"),), (NewMember("王家长"), NewMember("孔家长", "deputy"))],
)
def test_without_a_chair_and_a_further_member_it_holds_nothing(place, members):
    committee = elect(place.head, place.class_1, members=members)
    assert facts(committee) == []
    with as_asker(place.head):
        assert list(in_office(place.head, date(2026, 11, 23))) == [committee]


def test_while_the_chair_is_missing_it_does_not_hold(place):
    committee = elect(place.head, place.class_1)
    with as_asker(place.head):
        chair = committee.members.get(office="chair")
        committee = actions.change_members(
            by=place.head,
            committee=committee,
            version=1,
            reason="转学",
            on=date(2026, 10, 10),
            leaving=[chair.pk],
        )
    assert spans(committee) == [(ELECTED, date(2026, 10, 10))]
    with as_asker(place.head):
        member = committee.members.get(name="王家长")
        committee = actions.change_members(
            by=place.head,
            committee=committee,
            version=2,
            reason="补选",
            on=date(2026, 11, 1),
            offices={member.pk: "chair"},
            joining=[NewMember("李家长")],
        )
    assert spans(committee) == [(ELECTED, date(2026, 10, 10)), (date(2026, 11, 1), UNTIL)]
    with as_asker(place.head):
        first = Revision.objects.filter(record_id=committee.pk).first()
        assert Member.objects.filter(until_day__isnull=True).count() == 3
    assert first.reason == "转学"
    assert [member["name"] for member in first.before["members"]] == ["马家长", "王家长", "孔家长"]


def test_dissolving_ends_it(place):
    committee = elect(place.head, place.class_1)
    with as_asker(place.head):
        actions.dissolve_committee(
            by=place.head, committee=committee, version=1, reason="并班", on=date(2026, 11, 2)
        )
    assert spans(committee) == [(ELECTED, date(2026, 11, 2))]


def test_renewing_ends_what_is_left_of_the_old_term(place):
    old = elect(place.head, place.class_1, elected_on=date(2025, 9, 10), until_day=date(2026, 12, 31))
    with as_asker(place.head):
        key = uuid7()
        new, again = (
            actions.renew_term(
                by=place.head, id=key, committee=old, elected_on=ELECTED, until_day=UNTIL, members=PEOPLE
            )
            for _ in range(2)
        )
        assert list(last_terms(place.head)) == [new]
    assert new == again
    assert spans(old) == [(date(2025, 9, 10), ELECTED)]
    assert spans(new) == [(ELECTED, UNTIL)]


def test_a_withdrawn_committee_gives_no_fact(place):
    committee = elect(place.head, place.class_1)
    with as_asker(place.head):
        actions.withdraw_committee(by=place.head, committee=committee, version=1, reason="登记错班")
    assert facts(committee) == []
    assert facts(elect(place.head, place.class_1)) != []


def test_correcting_the_day_of_election_moves_the_founding_members(place):
    committee = elect(place.head, place.class_1)
    with as_asker(place.head):
        actions.correct_committee(
            by=place.head,
            committee=committee,
            version=1,
            reason="日期记错",
            changes={"occurred_on": date(2026, 9, 12)},
        )
    assert spans(committee) == [(date(2026, 9, 12), UNTIL)]


def test_two_committees_in_office_at_one_body_are_refused(place):
    elect(place.head, place.class_1)
    with pytest.raises(ValidationError) as error:
        elect(place.head, place.class_1, elected_on=date(2026, 10, 1))
    assert error.value.message_dict == {
        "elected_on": ["这段时间内已有一届家委会在任。请用“换届”，或先核对任期。"]
    }


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"elected_on": date(2026, 11, 24)}, {"elected_on": ["选举日期还没有到。"]}),
        ({"elected_on": date(202, 11, 24)}, {"elected_on": ["请核对选举日期，年份不对。"]}),
        ({"until_day": ELECTED}, {"until_day": ["任期届满日应晚于选举日期。"]}),
        ({"until_day": date(2036, 1, 1)}, {"until_day": ["任期不应超过六年，请核对届满日。"]}),
        ({"members": [NewMember(" ")]}, {"members": ["请至少填写一名成员。"]}),
        ({"members": [NewMember("甲", "boss")]}, {"members": ["请选择成员的职务。"]}),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, fault):
    with pytest.raises(ValidationError) as error:
        elect(place.head, place.class_1, **fields)
    assert error.value.message_dict == fault
    with as_system():
        assert (Committee.objects.count(), Member.objects.count()) == (0, 0)


def test_a_class_teacher_keeps_the_own_class_only(place):
    teacher = place.teacher(place.class_1)
    committee = elect(teacher, place.class_1)
    assert committee.org == place.class_1.code
    with pytest.raises(PermissionDenied):
        elect(teacher, place.class_2)
    with as_asker(beside := place.teacher(place.class_2)):
        assert list(visible(beside)) == [] == list(Committee.objects.all()) + list(Member.objects.all())


def test_the_same_id_sent_again_is_one_committee(place):
    key = uuid7()
    assert elect(place.head, place.class_1, id=key) == elect(place.head, place.class_1, id=key)
    with as_system():
        assert (Committee.objects.count(), Member.objects.count()) == (1, 3)


def test_two_at_once_leave_one_in_office(committed):
    county = County()
    school = county.school(county.township())
    head, gate, outcomes = county.leader(school), Barrier(2), []

    def send():
        gate.wait()
        try:
            elect(head, school)
            outcomes.append("elected")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["elected", "refused"]
