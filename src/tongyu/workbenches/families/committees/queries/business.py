"""Named reads of what a committee does, of vacant seats, and of the charter in force."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds
from tongyu.workbenches.families.committees.models import (
    Committee,
    Decision,
    Meeting,
    Member,
    Office,
    Proposal,
)
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, OWN_COMMITTEE, SEE_COMMITTEE

CHARTER = "committee_charter"
VACANCIES = """
SELECT c.id, c.org,
       GREATEST(COALESCE(c.seats, members.founding) - members.standing, 0),
       COALESCE(members.gone, '{}')
FROM committees_committee c
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.from_day = c.occurred_on) AS founding,
           count(*) FILTER (WHERE m.until_day IS NULL OR m.until_day > %(day)s) AS standing,
           array_agg(m.name) FILTER (
               WHERE m.student_id IS NOT NULL AND (m.until_day IS NULL OR m.until_day > %(day)s)
               AND NOT EXISTS (
                   SELECT FROM directory_enrolment e WHERE e.student_id = m.student_id
                   AND e.org >= c.org AND e.org < c.hi AND (e.left_on IS NULL OR e.left_on > %(day)s))) AS gone
    FROM committees_member m WHERE m.committee_id = c.id
) members
WHERE c.org >= %(lo)s AND c.org < %(hi)s AND c.withdrawn_at IS NULL AND c.occurred_on <= %(day)s
AND c.until_day > %(day)s AND (c.dissolved_on IS NULL OR c.dissolved_on > %(day)s)
AND (COALESCE(c.seats, members.founding) > members.standing OR members.gone IS NOT NULL)
ORDER BY c.org
"""


@dataclass(frozen=True)
class Vacancy:
    """Seats of a committee in office that nobody holds, and members whose child is there no more."""

    committee_id: UUID
    org: int
    empty: int
    gone: list[str]

    @property
    def number(self) -> int:
        """How many seats are to be filled."""
        return self.empty + len(self.gone)


def vacancies(asker: Asker, on: date) -> list[Vacancy]:
    """Of every committee in office in the asker's range. One query; no range, none."""
    with connection.cursor() as cursor:
        cursor.execute(VACANCIES, {"lo": asker.lo, "hi": asker.hi, "day": on})
        return [Vacancy(*row) for row in cursor.fetchall()]


def meetings(asker: Asker) -> QuerySet[Meeting]:
    """The meetings the asker may see."""
    return (OWN_COMMITTEE if asker.wards else SEE_COMMITTEE).rows(asker, Meeting.objects.all())


def decisions(asker: Asker) -> QuerySet[Decision]:
    """The decisions the asker may see."""
    return (OWN_COMMITTEE if asker.wards else SEE_COMMITTEE).rows(asker, Decision.objects.all())


def proposals(asker: Asker) -> QuerySet[Proposal]:
    """At the school those of the range; a guardian sees the own, and the others where the guardian is a member.

    The database says which these are: its policy is the same for every way here.
    """
    if asker.wards:
        return OWN_COMMITTEE.rows(asker, Proposal.objects.all())
    return KEEP_COMMITTEE.rows(asker, Proposal.objects.all())


def chaired_by(asker: Asker, committee: UUID, on: date) -> bool:
    """Whether the guardian who asks is the chair of that committee."""
    own = [ward.guardian_id for ward in asker.wards]
    rows = Member.objects.filter(committee_id=committee, office=Office.CHAIR, guardian_id__in=own)
    return rows.filter(from_day__lte=on, until_day=None).exists()


def member_named(committee: Committee, name: str, on: date) -> tuple[UUID | None, UUID | None]:
    """Guardian and child of the member in office of that name; nobody when it is none, or several."""
    rows = committee.members.filter(name=name, from_day__lte=on).filter(
        Q(until_day=None) | Q(until_day__gt=on)
    )
    found = list(rows.values_list("guardian_id", "student_id")[:2])
    return found[0] if len(found) == 1 else (None, None)


def overdue(asker: Asker, on: date) -> QuerySet[Decision]:
    """Tasks of the committees that the asker keeps whose day is over."""
    return KEEP_COMMITTEE.rows(asker, Decision.objects.filter(done_on=None, due_on__lt=on)).order_by("due_on")


@dataclass(frozen=True)
class Charter:
    """The charter of the school that is in force: since when, and where it is read."""

    since: date
    url: str


def charter_of(committee: Committee, on: date) -> Charter | None:
    """The school's charter for committees, from the documents that any room has put on record; None without one.

    Read as a fact, under a scope that reaches the school: a charter is public, a class teacher's range is not.
    """
    if "document" not in kinds:
        return None
    school = containing(committee.org, BodyKind.SCHOOL)
    sql = (
        f"SELECT occurred_on, source_url FROM {view_name('document')} WHERE category = %s AND scope_lo = %s "
        "AND occurred_on <= %s AND (ended_on IS NULL OR ended_on > %s) ORDER BY occurred_on DESC LIMIT 1"
    )
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(sql, [CHARTER, school, on, on])
        found = cursor.fetchone()
    return Charter(*found) if found else None
