"""Votes at the same moment: one a child, none lost, and the closing either counts a vote or refuses it."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from tests.support.county import as_asker, as_system
from tests.workbenches.families.committees.electing import Place, ballots
from tongyu.core.context import acting, system_scope
from tongyu.notices.models import Message
from tongyu.workbenches.families.committees.actions.closing import close_election
from tongyu.workbenches.families.committees.actions.telling import tell_open_ballots
from tongyu.workbenches.families.committees.actions.voting import AlreadyVotedError, vote
from tongyu.workbenches.families.committees.models import Voted

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*acts):
    """Every act in an own connection, begun together; what each came to."""
    gate, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(number):
        gate.wait()
        try:
            acts[number]()
            outcomes[number] = "done"
        except AlreadyVotedError:
            outcomes[number] = "voted before"
        except ValidationError as error:
            outcomes[number] = error.messages[0]
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return outcomes


def voting(parent, election, student, candidate):
    def act():
        with as_asker(parent):
            vote(by=parent, election=election, student=student.pk, choices=[str(candidate.pk)])

    return act


def test_of_two_guardians_of_a_child_at_the_same_moment_exactly_one_counts():
    place = Place()
    mother = place.county.parent(place.pupils[0], relation="mother", name="家长母")
    election, (first, second) = place.voting(0, 1)
    outcomes = at_once(
        voting(place.parents[0], election, place.pupils[0], first),
        voting(mother, election, place.pupils[0], second),
        voting(place.parents[0], election, place.pupils[0], first),
    )
    assert sorted(outcomes) == ["done", "voted before", "voted before"]
    assert sum(ballots(election).values()) == 1
    with as_system():
        assert Voted.objects.count() == 1


def test_sixty_votes_at_once_are_sixty_ballots():
    place = Place(60)
    election, standing = place.voting(0, 1, 2)
    outcomes = at_once(
        *(
            voting(parent, election, pupil, standing[number % 3])
            for number, (parent, pupil) in enumerate(zip(place.parents, place.pupils, strict=True))
        )
    )
    assert outcomes == ["done"] * 60
    assert ballots(election) == {(str(one.pk),): 20 for one in standing}
    with as_system(), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM committees_ballot")
        assert cursor.fetchone() == (1, 3)


def test_a_vote_at_the_moment_of_closing_is_counted_or_refused_and_never_lost():
    place = Place(12)
    election, (first, _second) = place.voting(0, 1, quorum=0)

    def closing():
        with as_asker(place.teacher):
            close_election(by=place.teacher, election=election, reason="时间到")

    acts = [
        voting(parent, election, pupil, first)
        for parent, pupil in zip(place.parents, place.pupils, strict=True)
    ]
    votes = at_once(*acts[:6])  # so many are opened, whatever comes of the others
    assert set(votes) == {"done"}
    outcomes = at_once(*acts[6:9], closing, *acts[9:])
    votes += outcomes[:3] + outcomes[4:]
    assert set(votes) <= {"done", "投票已经结束。"}
    with as_system():
        election.refresh_from_db()
    assert election.outcome["votes"][str(first.pk)] == votes.count("done") == sum(ballots(election).values())


def test_the_audit_says_that_a_child_voted_and_nothing_of_the_ballot():
    place = Place()
    election, (first, second) = place.voting(0, 1)
    voting(place.parents[2], election, place.pupils[2], first)()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM audit_event WHERE subject = 'committees_voted'")
        assert len(cursor.fetchall()) == 1
        cursor.execute("SELECT count(*) FROM audit_event WHERE subject = 'committees_ballot'")
        assert cursor.fetchone() == (0,)
        voter = f"account:{place.parents[2].account_id}"
        cursor.execute("SELECT new::text FROM audit_event WHERE actor = %s", [voter])
        assert not any(str(one.pk) in row[0] for row in cursor.fetchall() for one in (first, second))


def test_the_clocks_work_finds_the_open_ballot_outside_a_request():
    place = Place()
    place.open(place.call())
    with acting(system_scope("committees.ballots")):
        tell_open_ballots()
    with as_system():
        assert Message.objects.filter(topic="committee_ballot").count() == 1
