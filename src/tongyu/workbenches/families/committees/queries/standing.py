"""Named reads of committees, each starting from the asker."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.workbenches.families.committees.models import LEVEL_OF, Committee, Office
from tongyu.workbenches.families.committees.rules import SEE_COMMITTEE


def visible(asker: Asker) -> QuerySet[Committee]:
    """Every committee the asker may see, of past terms and withdrawn ones too."""
    return SEE_COMMITTEE.rows(asker, Committee.objects.all())


def in_office(asker: Asker, on: date) -> QuerySet[Committee]:
    """The committees in office on that day; whether they are complete is another question."""
    return (
        visible(asker)
        .filter(withdrawn_at__isnull=True, occurred_on__lte=on, until_day__gt=on)
        .filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on))
    )


def last_terms(asker: Asker) -> QuerySet[Committee]:
    """Of each body the committee elected last, in office or not."""
    return visible(asker).filter(withdrawn_at__isnull=True).order_by("org", "-occurred_on").distinct("org")


@dataclass(frozen=True)
class Post:
    """A body that should have a committee, and how it stands on a day."""

    body: int
    level: str
    committee: Committee | None
    chair: str
    others: int

    @property
    def state(self) -> str:
        """none, ended, incomplete or complete."""
        if self.committee is None:
            return "none"
        if self.committee.withdrawn_at is not None or self.committee.is_over:  # type: ignore[attr-defined]
            return "ended"
        return "complete" if self.chair and self.others else "incomplete"


ORDER = {"none": 0, "ended": 1, "incomplete": 2, "complete": 3}


def posts(asker: Asker, school: int, on: date) -> list[Post]:
    """The school, its grades and classes that the asker reaches, vacancies first. Three queries."""
    lo, hi = max(school, asker.lo), min(upper(school, BodyKind.SCHOOL), asker.hi)
    places = Body.objects.standing_on(on).within(lo, hi).filter(kind__in=LEVEL_OF).order_by("code", "-hi")
    last = {
        committee.org: committee
        for committee in last_terms(asker).filter(org__gte=lo, org__lt=hi).prefetch_related("members")
    }
    found = [_post(place, last.get(place.code), on) for place in places]
    return sorted(found, key=lambda post: ORDER[post.state])


def _post(place: Body, committee: Committee | None, on: date) -> Post:
    chair, others = "", 0
    if committee is not None:
        committee.is_over = committee.ends_on <= on  # type: ignore[attr-defined]
        for member in committee.members.all():
            if member.from_day <= on and (member.until_day is None or member.until_day > on):
                chair = chair or (member.name if member.office == Office.CHAIR else "")
                others += member.office != Office.CHAIR
    return Post(place.code, LEVEL_OF[BodyKind(place.kind)], committee, chair, others)


@dataclass(frozen=True)
class SchoolSummary:
    """How many committees a school should have and how many are in office and complete."""

    code: int
    name: str
    wanted: int
    held: int

    @property
    def missing(self) -> int:
        """How many are not in office today."""
        return max(0, self.wanted - self.held)


IN_OFFICE = """
SELECT scope_lo - scope_lo %% 100000 AS school, count(DISTINCT scope_lo) FROM fact_committee
WHERE occurred_on <= %s AND (ended_on IS NULL OR ended_on > %s) AND scope_lo >= %s AND scope_lo < %s GROUP BY 1
"""


def schools(asker: Asker, on: date) -> list[SchoolSummary]:
    """The schools in the asker's range, those that lack most first. Three queries."""
    bodies = Body.objects.standing_on(on).within(asker.lo, asker.hi)
    wanted: Counter[int] = Counter(
        containing(code, BodyKind.SCHOOL)
        for code in bodies.filter(kind__in=LEVEL_OF).values_list("code", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(IN_OFFICE, [on, on, asker.lo, asker.hi])
        held = dict(cursor.fetchall())
    rows = bodies.filter(kind=BodyKind.SCHOOL).values_list("code", "name")
    found = [SchoolSummary(code, name, wanted[code], held.get(code, 0)) for code, name in rows]
    return sorted(found, key=lambda row: (-row.missing, row.code))
