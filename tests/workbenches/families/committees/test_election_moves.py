"""An election that is not over when its class changes school, or graduates."""

import pytest

from tests.support.county import DAY, as_asker, as_system
from tests.workbenches.families.committees.electing import Place, ballots
from tongyu.core.ids import uuid7
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, ReorganisationKind
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision
from tongyu.directory.rollover.after import Event
from tongyu.notices.models import Message
from tongyu.workbenches.families.committees.actions import following
from tongyu.workbenches.families.committees.actions.closing import close_election
from tongyu.workbenches.families.committees.actions.voting import vote
from tongyu.workbenches.families.committees.models import Candidate, Election

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = Place()
    place.office = place.county.office_staff()
    place.other = place.county.school(place.county.township("盐锅峡镇"), "乙小学")
    return place


def merge(place):
    decision = Decision(
        ReorganisationKind.MERGE, place.school.code, DAY, "永教发〔2026〕1号", into=place.other.code
    )
    with as_asker(place.office):
        return reorganise(by=place.office, id=uuid7(), decision=decision)


def as_of_now(parent):
    """The guardian as of the next request."""
    with as_system():
        account = Account.objects.get(pk=parent.account_id)
    return hats_of(account, DAY)[-1].asker


def fresh(election):
    with as_system():
        return Election.objects.get(pk=election.pk)


def test_a_vote_goes_on_in_the_school_that_takes_the_class(place):
    election, (first, second) = place.voting(0, 1)
    with as_asker(place.parents[0]):
        vote(by=place.parents[0], election=election, student=place.pupils[0].pk, choices=[str(first.pk)])
    merge(place)
    moved = fresh(election)
    assert place.other.code < moved.org < place.other.hi
    parents = [as_of_now(parent) for parent in place.parents]
    for parent, pupil in list(zip(parents, place.pupils, strict=True))[1:]:
        with as_asker(parent):
            vote(
                by=parent, election=fresh(election), student=pupil.pk, choices=[str(first.pk), str(second.pk)]
            )
    assert sum(ballots(election).values()) == 3
    leader = place.county.leader(place.other)
    with as_asker(leader):
        closed = close_election(by=leader, election=moved)
    assert closed.outcome["votes"] == {str(first.pk): 3, str(second.pk): 2}
    with as_system():
        assert set(Candidate.objects.values_list("org", flat=True)) == {moved.org}


def test_the_election_of_a_school_that_closes_is_off_and_its_families_hear_it(place):
    election = place.call(by=place.leader, body=place.school)
    merge(place)
    assert fresh(election).stage(election.vote_from) == "cancelled"
    with as_system():
        assert Message.objects.filter(topic="committee_over", key=f"{election.pk}:cancelled").count() == 1


def test_the_election_of_a_class_that_graduates_is_off_until_that_is_undone(place):
    election = place.call()
    event = Event(by=place.office, county=place.county.code, day=DAY, closed=[place.class_.code])
    with as_asker(place.office):
        following.end_elections(event)
    assert fresh(election).cancelled_why == "班级毕业"
    with as_asker(place.office):
        following.take_up_elections(event)
    assert fresh(election).cancelled_at is None
