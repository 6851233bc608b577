"""Named reads of elections: who takes part, how far it is, what the box holds once it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from tongyu.core.access import Asker, Ward
from tongyu.core.clock import CHINA, now, today
from tongyu.core.context import acting, everywhere
from tongyu.workbenches.families.committees.models import (
    Candidate,
    Election,
    PaperSheet,
    Standing,
    Voted,
    Way,
)
from tongyu.workbenches.families.committees.rules import OWN_COMMITTEE, SEE_ELECTION

CHILDREN = """
SELECT count(*) FROM (
    SELECT student_id FROM directory_enrolment
    WHERE org >= %(lo)s AND org < %(hi)s AND entered_on <= %(day)s AND (left_on IS NULL OR left_on > %(day)s)
    UNION SELECT student_id FROM committees_voted WHERE election_id = %(election)s
) AS had_a_vote
"""
ROLL = """
SELECT s.id, s.name, s.org, v.way FROM directory_student s
JOIN directory_enrolment e ON e.student_id = s.id AND e.org = s.org
LEFT JOIN committees_voted v ON v.student_id = s.id AND v.election_id = %(election)s
WHERE s.org >= %(lo)s AND s.org < %(hi)s AND e.entered_on <= %(day)s AND (e.left_on IS NULL OR e.left_on > %(day)s)
ORDER BY s.org, s.name_key, s.id
"""


def moment() -> datetime:
    """The present instant; on a day that is pinned for a demonstration, this time of that day."""
    local = now().astimezone(CHINA)
    return now() if local.date() == today() else datetime.combine(today(), local.timetz())


def visible(asker: Asker) -> QuerySet[Election]:
    """The elections the asker may see; a guardian those of the own places."""
    rule = OWN_COMMITTEE if asker.wards else SEE_ELECTION
    return rule.rows(asker, Election.objects.all())


def running(asker: Asker) -> QuerySet[Election]:
    """Those that are neither counted nor cancelled."""
    return visible(asker).filter(closed_at=None, cancelled_at=None)


def standing(election: Election) -> QuerySet[Candidate]:
    """Who stands, by name."""
    return Candidate.objects.filter(election=election, state=Standing.ACCEPTED)


@dataclass(frozen=True)
class Turnout:
    """How many children have a vote, how many voted online, how many paper ballots were handed out."""

    children: int
    online: int
    paper: int

    @property
    def voted(self) -> int:
        """Online and handed out."""
        return self.online + self.paper


def turnout(election: Election, on: date) -> Turnout:
    """Of the whole election, also for who reaches a part of it only: numbers without names. Two queries."""
    place: dict[str, Any] = {"lo": election.org, "hi": election.hi, "day": on, "election": election.pk}
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(CHILDREN, place)
        children = cursor.fetchone()[0]
        ways = list(Voted.objects.filter(election=election).values_list("way", flat=True))
    return Turnout(children, ways.count(Way.ONLINE), ways.count(Way.PAPER))


@dataclass(frozen=True)
class OnRoll:
    """A child with a vote, and how it was given; None as long as it was not."""

    student_id: UUID
    name: str
    org: int
    way: str | None


def roll(asker: Asker, election: Election, on: date) -> list[OnRoll]:
    """The children in the election whom the asker reaches, by class and name. One query."""
    lo, hi = max(asker.lo, election.org), min(asker.hi, election.hi)
    place: dict[str, Any] = {"lo": lo, "hi": hi, "day": on, "election": election.pk}
    with connection.cursor() as cursor:
        cursor.execute(ROLL, place)
        return [OnRoll(*row) for row in cursor.fetchall()]


def electors(asker: Asker, election: Election) -> list[Ward]:
    """The guardian's children with a vote in this election: one each."""
    return [ward for ward in asker.wards if election.org <= ward.org < election.hi]


def voted_for(asker: Asker, elections: Sequence[Election]) -> set[tuple[UUID, UUID]]:
    """(election, child) of the guardian's children whose vote was given, whoever gave it. One query."""
    rows = Voted.objects.filter(
        election__in=elections, student_id__in=[ward.student_id for ward in asker.wards]
    )
    return set(rows.values_list("election_id", "student_id"))


def sheets(election: Election) -> list[PaperSheet]:
    """What was counted of the paper ballots, by whom."""
    return list(PaperSheet.objects.filter(election=election))


def agreed(found: Sequence[PaperSheet]) -> PaperSheet | None:
    """The count on which two persons agree; None as long as there is none."""
    for place, sheet in enumerate(found):
        if any(sheet.says() == other.says() for other in found[place + 1 :]):
            return sheet
    return None
