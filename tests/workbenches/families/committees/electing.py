"""What the stories about elections share: a class of three children whose parents have joined, and an election."""

from datetime import date, timedelta

from tests.support.county import County, as_asker, as_system
from tongyu.workbenches.families.committees.actions.calling import answer_for, call_election, stand
from tongyu.workbenches.families.committees.actions.closing import close_election
from tongyu.workbenches.families.committees.actions.voting import vote
from tongyu.workbenches.families.committees.models import Ballot, Candidate, Election
from tongyu.workbenches.families.committees.queries.elections import moment


class Place:
    """A class of a school with its teacher, the leader, and some families: `parents[i]` of `pupils[i]`."""

    def __init__(self, families: int = 3) -> None:
        self.county = County()
        self.school = self.county.school(self.county.township("太极镇"), "甲小学")
        self.class_ = self.county.class_(self.school, 2023, 1)
        self.beside = self.county.class_(self.school, 2023, 2)
        self.leader, self.teacher = self.county.leader(self.school), self.county.teacher(self.class_)
        self.pupils = [self.county.pupil(self.class_, f"学生{number}") for number in range(families)]
        self.parents = [
            self.county.parent(pupil, name=f"家长{number}") for number, pupil in enumerate(self.pupils)
        ]

    def call(self, by=None, body=None, **kwargs) -> Election:
        """An election whose candidates are being proposed."""
        by = by or self.teacher
        fields = {
            "vote_from": moment() + timedelta(days=1),
            "vote_until": moment() + timedelta(days=3),
            "seats": 2,
            "until_day": date(2027, 9, 1),
            **kwargs,
        }
        with as_asker(by):
            return call_election(by=by, body=(body or self.class_).code, **fields)

    def stand(self, election, *numbers) -> list[Candidate]:
        """These parents stand."""
        found = []
        for number in numbers:
            parent = self.parents[number]
            with as_asker(parent):
                found.append(stand(by=parent, election=election, student=self.pupils[number].pk))
        return found

    def open(self, election) -> Election:
        """The vote has begun an hour ago."""
        with as_system():
            Election.objects.filter(pk=election.pk).update(vote_from=moment() - timedelta(hours=1))
            return Election.objects.get(pk=election.pk)

    def voting(self, *standing, **kwargs) -> tuple[Election, list[Candidate]]:
        """An election that is open, with these parents standing."""
        election = self.call(**kwargs)
        candidates = self.stand(election, *standing)
        return self.open(election), candidates


def ballots(election) -> dict[tuple[str, ...], int]:
    """What the box holds."""
    with as_system():
        return {tuple(one.choices): one.number for one in Ballot.objects.filter(election=election)}


def agree(by, candidate, how="当面同意"):
    """The school writes down that the candidate agreed."""
    with as_asker(by):
        return answer_for(by=by, candidate=candidate, agrees=True, how=how)


def cast(parent, election, student, *candidates, **kwargs):
    """The guardian votes for that child."""
    with as_asker(parent):
        vote(
            by=parent,
            election=election,
            student=student.pk,
            choices=[str(one.pk) for one in candidates],
            **kwargs,
        )


def close(by, election, reason="都已投完"):
    """The vote ends and is counted."""
    with as_asker(by):
        return close_election(by=by, election=election, reason=reason)
