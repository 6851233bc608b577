"""Paper ballots: handed out, counted by two persons, together with those online."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.support.county import as_asker, as_system
from tests.workbenches.families.committees.electing import Place, cast, close
from tongyu.workbenches.families.committees.actions.closing import (
    recount,
)
from tongyu.workbenches.families.committees.actions.voting import (
    AlreadyVotedError,
    enter_sheet,
    hand_out,
    take_back,
)
from tongyu.workbenches.families.committees.models import Election, Voted
from tongyu.workbenches.families.committees.queries.elections import moment, visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def test_no_paper_ballot_is_handed_out_once_the_time_is_over(place):
    election, _standing = place.voting(0, 1)
    with as_system():
        Election.objects.filter(pk=election.pk).update(vote_until=moment() - timedelta(minutes=1))
    with as_asker(place.teacher), pytest.raises(ValidationError, match="投票时间已过"):
        hand_out(by=place.teacher, election=election, students=[place.pupils[0].pk])
    with as_system():
        assert not Voted.objects.exists()


def sheet(by, election, papers, invalid=0, **counts):
    with as_asker(by):
        return enter_sheet(by=by, election=election, papers=papers, invalid=invalid, counts=counts)


def test_paper_and_online_are_counted_together_when_two_persons_agree(place):
    election, (first, second) = place.voting(0, 1)
    one, two = str(first.pk), str(second.pk)
    cast(place.parents[0], election, place.pupils[0], first)
    with as_asker(place.teacher):
        papers = [place.pupils[0].pk, place.pupils[1].pk, place.pupils[2].pk]
        assert hand_out(by=place.teacher, election=election, students=papers) == 2
    with pytest.raises(AlreadyVotedError):
        cast(place.parents[1], election, place.pupils[1], first)
    with pytest.raises(ValidationError, match="两个人分别清点"):
        close(place.teacher, election)
    sheet(place.teacher, election, 2, **{one: 1, two: 2})
    sheet(place.leader, election, 2, **{one: 2, two: 1})
    with pytest.raises(ValidationError, match="两个人分别清点"):
        close(place.teacher, election)
    sheet(place.leader, election, 2, **{one: 1, two: 2})
    closed = close(place.teacher, election)
    assert (closed.outcome["votes"], closed.outcome["papers"]) == ({one: 2, two: 2}, 2)
    with as_asker(place.teacher):
        assert recount(by=place.teacher, election=closed).same


@pytest.mark.parametrize(
    ("papers", "invalid", "votes", "fault"),
    [
        (3, 0, (0, 0), "收回的纸质票不能多于发出的 2 张。"),
        (2, 3, (0, 0), "无效票不能多于纸质票总数。"),
        (2, 1, (2, 0), "得票不能多于有效票 1 张。"),
        (2, 0, (1, 0), "有效票每张至少选一人"),
        (-1, 0, (0, 0), "收回的纸质票不能多于发出的 2 张。"),
    ],
)
def test_a_sheet_that_does_not_add_up_is_refused(place, papers, invalid, votes, fault):
    election, standing = place.voting(0, 1)
    with as_asker(place.teacher):
        hand_out(by=place.teacher, election=election, students=[one.pk for one in place.pupils[1:]])
    counts = {str(one.pk): number for one, number in zip(standing, votes, strict=True)}
    with pytest.raises(ValidationError, match=fault):
        sheet(place.teacher, election, papers, invalid, **counts)


def test_a_paper_ballot_noted_by_mistake_is_taken_back(place):
    election, standing = place.voting(0, 1)
    child = place.pupils[1]
    with as_asker(place.teacher):
        hand_out(by=place.teacher, election=election, students=[child.pk])
        assert take_back(by=place.teacher, election=election, student=child.pk) == 1
    cast(place.parents[1], election, child, standing[0])
    with as_asker(place.teacher):
        assert take_back(by=place.teacher, election=election, student=child.pk) == 0


def test_a_class_teacher_counts_for_the_school_and_does_not_close_its_election(place):
    place.stand(election := place.call(by=place.leader, body=place.school), 0)
    place.open(election)
    with as_asker(place.teacher):
        assert list(visible(place.teacher)) == [election]
        assert hand_out(by=place.teacher, election=election, students=[place.pupils[2].pk]) == 1
    with pytest.raises(PermissionDenied):
        close(place.teacher, election)
