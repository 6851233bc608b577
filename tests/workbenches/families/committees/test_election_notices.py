"""What families are told of an election, each once: it begins, the ballot is open, its times change, it is off."""

from datetime import date, timedelta

import pytest

from tests.support.county import as_asker, as_system
from tests.workbenches.families.committees.electing import Place
from tongyu.core.ids import uuid7
from tongyu.notices.models import Delivery, Message
from tongyu.notices.topics import Due
from tongyu.workbenches.families.committees.actions import NewMember, business, elect_committee, telling
from tongyu.workbenches.families.committees.actions.calling import (
    cancel_election,
    change_dates,
    propose,
)
from tongyu.workbenches.families.committees.actions.voting import vote
from tongyu.workbenches.families.committees.models import Election
from tongyu.workbenches.families.committees.queries.elections import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def told(topic):
    """(title, accounts that have a line) of each message of the topic."""
    with as_system():
        return [
            (one.title, sorted(Delivery.objects.filter(message=one).values_list("account_id", flat=True)))
            for one in Message.objects.filter(topic=topic).order_by("sent_at")
        ]


def accounts(*parents):
    return sorted(parent.account_id for parent in parents)


def ballots_open():
    with as_system():
        telling.tell_open_ballots()


def test_the_families_of_the_class_hear_once_that_they_may_stand(place):
    stranger = place.county.parent(place.county.pupil(place.beside, "隔壁"))
    key = uuid7()
    for _click in range(2):
        place.call(id=key)
    ((title, who),) = told("committee_election")
    assert title.startswith("班级家委会选举开始报名，")
    assert who == accounts(*place.parents)
    assert stranger.account_id not in who


def test_an_open_ballot_reaches_every_family_once(place):
    election = place.call()
    ballots_open()
    assert told("committee_ballot") == []
    place.open(election)
    ballots_open()
    ballots_open()
    ((title, who),) = told("committee_ballot")
    assert (title.startswith("班级家委会请投票，"), who) == (True, accounts(*place.parents))


def test_who_has_voted_is_not_called_to_the_ballot_again(place):
    election, (first, _second) = place.voting(0, 1)
    with as_asker(place.parents[0]):
        vote(by=place.parents[0], election=election, student=place.pupils[0].pk, choices=[str(first.pk)])
    due = [
        Due(uuid7(), f"{election.pk}:open", None, None, (pupil.pk,))
        for pupil in (place.pupils[0], place.pupils[1])
    ]
    with as_system():
        assert telling.ballot_waits(due) == {due[1].delivery}
        Election.objects.filter(pk=election.pk).update(vote_until=moment() - timedelta(minutes=1))
        assert telling.ballot_waits(due) == set()


def test_other_times_and_a_cancellation_are_told_and_the_same_times_are_not(place):
    election = place.call()
    later = {"vote_from": election.vote_from, "vote_until": election.vote_until + timedelta(days=1)}
    with as_asker(place.teacher):
        for _click in range(2):
            change_dates(by=place.teacher, election=election, **later)
        cancel_election(by=place.teacher, election=election, reason="改期再办")
    assert len(told("committee_election")) == 2
    ((title, who),) = told("committee_over")
    assert (title, who) == ("班级家委会选举已取消", accounts(*place.parents))
    due = Due(uuid7(), f"{election.pk}:called", None, None, ())
    with as_system():
        assert telling.still_stands([due]) == set()


def test_who_is_proposed_is_asked_and_not_told_by_whom(place):
    election = place.call()
    proposer = place.parents[0]
    with as_asker(proposer):
        propose(by=proposer, election=election, student=place.pupils[0].pk, name="家长1", child_name="学生1")
    title, who = told("committee_election")[-1]
    assert (title, who) == ("有人提名您参选家委会，愿意不愿意由您决定", accounts(place.parents[1]))
    with as_system():
        assert Message.objects.order_by("-sent_at")[0].by_account is None


def test_an_answered_proposal_is_told_to_who_made_it(place):
    with as_asker(place.teacher):
        committee = elect_committee(
            by=place.teacher,
            body=place.class_.code,
            elected_on=date(2026, 9, 10),
            until_day=date(2027, 9, 1),
            members=[NewMember("甲", "chair"), NewMember("乙")],
        )
    parent = place.parents[0]
    with as_asker(parent):
        proposal = business.put_forward(by=parent, committee=committee, text="校门口装个雨棚")
    with as_asker(place.teacher):
        business.answer_proposal(by=place.teacher, proposal=proposal, text="已报总务处")
    assert told("committee_answer") == [("您给家委会的建议有答复了", accounts(parent))]
