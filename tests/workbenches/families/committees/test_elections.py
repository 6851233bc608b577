"""An election from the first vote to the members in office; who may do what, and what stays secret."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from tests.support.county import DAY, as_asker, as_system
from tests.workbenches.families.committees.electing import Place, ballots, cast, close
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.actions.calling import (
    call_election,
    cancel_election,
    change_dates,
)
from tongyu.workbenches.families.committees.actions.closing import (
    draw_lots,
    recount,
    take_office,
)
from tongyu.workbenches.families.committees.actions.voting import (
    AlreadyVotedError,
)
from tongyu.workbenches.families.committees.models import Ballot, Candidate, Election, Member, Voted
from tongyu.workbenches.families.committees.queries.elections import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def test_from_the_first_proposal_to_a_committee_that_proves_the_duty(place):
    election, (first, second) = place.voting(0, 1)
    for parent, pupil in zip(place.parents, place.pupils, strict=True):
        cast(parent, election, pupil, first, second)
    closed = close(place.teacher, election, reason="")
    assert closed.outcome["votes"] == {str(first.pk): 3, str(second.pk): 3}
    assert closed.stage(moment()) == "to_seat"
    with as_asker(place.teacher):
        offices = {str(first.pk): "chair", str(second.pk): "treasurer"}
        committee = take_office(by=place.teacher, election=closed, offices=offices)
        assert take_office(by=place.teacher, election=closed, offices=offices) == committee
    with as_system():
        (fact,) = facts_of("committee", [committee.pk])
        members = list(Member.objects.order_by("name").values_list("name", "office", "relation"))
    assert (fact.category, fact.quantity, fact.occurred_on, fact.ended_on) == (
        "class",
        2,
        DAY,
        date(2027, 9, 1),
    )
    assert members == [("家长0", "chair", "学生0的父亲"), ("家长1", "treasurer", "学生1的父亲")]


def test_the_elected_are_the_next_term_where_a_committee_is_in_office(place):
    with as_asker(place.teacher):
        old = elect_committee(
            by=place.teacher,
            body=place.class_.code,
            elected_on=date(2026, 9, 10),
            until_day=date(2027, 9, 1),
            charter="章程",
            members=[NewMember("甲", "chair"), NewMember("乙")],
        )
    election, standing = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], *standing)
    cast(place.parents[1], election, place.pupils[1], *standing)
    closed = close(place.teacher, election)
    with as_asker(place.teacher):
        new = take_office(by=place.teacher, election=closed, offices={str(standing[0].pk): "chair"})
        old.refresh_from_db()
    assert (old.dissolved_on, new.charter, new.seats) == (DAY, "章程", 2)


def test_the_second_guardian_of_a_child_hears_that_the_vote_was_given_and_nothing_else(place):
    mother = place.county.parent(place.pupils[0], relation="mother", name="家长母")
    election, (first, second) = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], first)
    with pytest.raises(AlreadyVotedError) as told:
        cast(mother, election, place.pupils[0], second)
    assert told.value.messages == ["学生0这一票已经投过了，一个孩子一票。"]
    assert ballots(election) == {(str(first.pk),): 1}


def test_a_guardian_with_two_children_in_the_class_has_two_votes(place):
    twin = place.county.pupil(place.class_, "学生双")
    both = place.county.parent(place.pupils[0], twin, name="双胞胎家长")
    election, (first, _second) = place.voting(0, 1)
    cast(both, election, place.pupils[0], first)
    cast(both, election, twin, first)
    assert ballots(election) == {(str(first.pk),): 2}


def test_nobody_votes_for_the_child_of_others_or_in_another_class(place):
    other = place.county.pupil(place.beside, "隔壁")
    neighbour = place.county.parent(other)
    election, (first, _second) = place.voting(0, 1)
    for child in (place.pupils[0], other):
        with pytest.raises(PermissionDenied):
            cast(neighbour, election, child, first)
    assert ballots(election) == {}


def test_a_ballot_names_candidates_of_this_election_and_no_more_than_there_are_seats(place):
    election, standing = place.voting(0, 1, 2, seats=2)
    for chosen, fault in (
        (standing, "最多选 2 人。"),
        ([], "请至少选一人；谁也不选请点“弃权”。"),
        ([Candidate()], "候选人名单有变化，请刷新后再选。"),
    ):
        with pytest.raises(ValidationError) as told:
            cast(place.parents[0], election, place.pupils[0], *chosen)
        assert told.value.messages == [fault]
    cast(place.parents[0], election, place.pupils[0], abstains=True)
    assert ballots(election) == {(): 1}


def test_before_and_after_the_time_no_vote_is_taken(place):
    election = place.call()
    standing = place.stand(election, 0)
    with pytest.raises(ValidationError, match="还没有开始"):
        cast(place.parents[0], election, place.pupils[0], *standing)
    place.open(election)
    with as_system():
        Election.objects.update(vote_until=moment())
    with pytest.raises(ValidationError, match="时间已过"):
        cast(place.parents[0], election, place.pupils[0], *standing)


def test_the_box_is_in_nobodys_range_and_its_rows_tell_no_order(place):
    election, (first, second) = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], first)
    with as_system():
        before = set(Ballot.objects.values_list("pk", flat=True))
    cast(place.parents[1], election, place.pupils[1], second)
    for asker in (place.leader, place.teacher, place.county.office_staff(), place.parents[0]):
        with as_asker(asker):
            assert Ballot.objects.count() == 0
    with as_system(), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM committees_ballot")
        assert cursor.fetchone() == (1, 2)
        assert not before & set(Ballot.objects.values_list("pk", flat=True))
        assert {field.name for field in Ballot._meta.fields} == {"id", "election", "choices", "number"}
        assert {field.name for field in Voted._meta.fields} == {"id", "election", "student", "org", "way"}


def test_without_a_quorum_nobody_is_elected(place):
    election, standing = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], *standing)
    closed = close(place.teacher, election)
    assert (closed.stage(moment()), closed.outcome["quorum_met"]) == ("void", False)
    with pytest.raises(ValidationError, match="还没有定"), as_asker(place.teacher):
        take_office(by=place.teacher, election=closed, offices={str(standing[0].pk): "chair"})


def test_a_tie_for_the_last_seat_is_decided_by_a_lot_with_a_reason(place):
    election, (first, second, third) = place.voting(0, 1, 2)
    for number, chosen in enumerate([(first, second), (first, third), (first,)]):
        cast(place.parents[number], election, place.pupils[number], *chosen)
    closed = close(place.teacher, election)
    assert (closed.outcome["elected"], closed.outcome["left"]) == ([str(first.pk)], 1)
    assert closed.stage(moment()) == "tied"
    with as_asker(place.teacher):
        for winners, reason in (([str(first.pk)], "当众抽签"), ([str(second.pk)], " ")):
            with pytest.raises(ValidationError):
                draw_lots(by=place.teacher, election=closed, winners=winners, reason=reason)
        drawn = draw_lots(
            by=place.teacher, election=closed, winners=[str(third.pk)], reason="当众抽签，王老师见证"
        )
    assert (drawn.stage(moment()), drawn.winners) == ("to_seat", [str(first.pk), str(third.pk)])


def test_a_recount_notices_a_box_that_was_tampered_with(place):
    election, (first, second) = place.voting(0, 1)
    for parent, pupil in zip(place.parents, place.pupils, strict=True):
        cast(parent, election, pupil, first)
    closed = close(place.teacher, election)
    with as_asker(place.teacher):
        assert recount(by=place.teacher, election=closed).same
    with as_system():
        Ballot.objects.filter(election=election).update(choices=[str(second.pk)])
    with as_asker(place.teacher):
        found = recount(by=place.teacher, election=closed)
    assert (found.same_ballots, found.same_result) == (False, False)


def test_a_box_with_more_ballots_than_children_who_voted_is_not_counted(place):
    election, (first, second) = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], first)
    with as_system():
        Ballot.objects.create(election=election, choices=[str(second.pk)], number=1)
    with pytest.raises(ValidationError, match="对不上"):
        close(place.teacher, election)


def test_closing_early_wants_a_reason_and_twice_leaves_the_first_result(place):
    election, standing = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], *standing)
    with pytest.raises(ValidationError) as told:
        close(place.teacher, election, reason="")
    assert told.value.message_dict == {"reason": ["还没有到截止时间，提前结束请写明原因。"]}
    assert close(place.teacher, election).digest == close(place.leader, election, reason="").digest


def test_a_cancelled_election_takes_no_vote_and_makes_room_for_another(place):
    election, standing = place.voting(0, 1)
    with pytest.raises(ValidationError, match="已有一次选举"):
        place.call()
    with as_asker(place.teacher):
        cancel_election(by=place.teacher, election=election, reason="重新提名")
    with pytest.raises(ValidationError, match="已经取消"):
        cast(place.parents[0], election, place.pupils[0], *standing)
    place.call()


def test_after_the_first_vote_the_end_only_moves_back(place):
    election, standing = place.voting(0, 1)
    cast(place.parents[0], election, place.pupils[0], *standing)
    later = election.vote_until + timedelta(days=1)
    with as_asker(place.teacher):
        moved = change_dates(
            by=place.teacher, election=election, vote_from=election.vote_from, vote_until=later
        )
        with pytest.raises(ValidationError, match="往后推"):
            change_dates(
                by=place.teacher,
                election=election,
                vote_from=election.vote_from,
                vote_until=moment() + timedelta(hours=1),
            )
    assert moved.vote_until == later


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"vote_until": moment() - timedelta(days=9)}, "vote_until"),
        ({"vote_until": moment() + timedelta(days=90)}, "vote_until"),
        ({"vote_from": moment() - timedelta(days=9)}, "vote_until"),
        ({"seats": 1}, "seats"),
        ({"quorum": 100}, "quorum"),
        ({"until_day": date(2036, 1, 1)}, "until_day"),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, name):
    with pytest.raises(ValidationError) as told:
        place.call(
            **{"vote_until": moment() + timedelta(days=30), **fields} if "vote_from" in fields else fields
        )
    assert list(told.value.message_dict) == [name]
    with as_system():
        assert Election.objects.count() == 0


def test_nobody_calls_an_election_elsewhere(place):
    for body in (place.beside, place.school):
        with pytest.raises(PermissionDenied):
            place.call(body=body)
    with pytest.raises(PermissionDenied), as_asker(place.parents[0]):
        call_election(
            by=place.parents[0],
            body=place.class_.code,
            vote_from=moment(),
            vote_until=moment() + timedelta(days=1),
            seats=2,
            until_day=date(2027, 9, 1),
        )
