"""Which of the four parts are on record this school year, at one body or at each of many."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from tongyu.core.access import Asker
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds
from tongyu.workbenches.families.parent_school.models import Part, PartKind
from tongyu.workbenches.families.parent_school.rules import SEE_PARTS

SESSIONS_SHOWN = 6


def visible(asker: Asker) -> QuerySet[Part]:
    """Every part that the asker may see, withdrawn ones too."""
    return SEE_PARTS.rows(asker, Part.objects.all())


def of_year(asker: Asker, org: int, on: date) -> dict[str, list[Part]]:
    """The parts of one body in the school year of the day, by which it is, the newest first. One query."""
    found: dict[str, list[Part]] = {key: [] for key in PartKind.values}
    start = school_year_of(on)
    rows = visible(asker).filter(
        org=org, withdrawn_at=None, occurred_on__gte=date(start, 9, 1), occurred_on__lt=date(start + 1, 9, 1)
    )
    for part in rows:
        found[part.part].append(part)
    return found


@dataclass(frozen=True)
class Summary:
    """A school or township, and which parts it has on record."""

    code: int
    name: str
    have: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """What is not on record yet."""
        return [str(PartKind(key).label) for key in PartKind.values if key not in self.have]


def summaries(asker: Asker, on: date, kind: str = BodyKind.SCHOOL) -> list[Summary]:
    """The bodies of that kind in the asker's range, those that lack most first. Two queries."""
    start = school_year_of(on)
    have: dict[int, set[str]] = {}
    rows = visible(asker).filter(
        withdrawn_at=None, occurred_on__gte=date(start, 9, 1), occurred_on__lt=date(start + 1, 9, 1)
    )
    for org, part in rows.order_by().values_list("org", "part").distinct():
        have.setdefault(org, set()).add(part)
    bodies = Body.objects.standing_on(on).within(asker.lo, asker.hi).filter(kind=kind)
    found = [
        Summary(code, name, frozenset(have.get(code, ())))
        for code, name in bodies.values_list("code", "name")
    ]
    return sorted(found, key=lambda one: (len(one.have), one.code))


@dataclass(frozen=True)
class Session:
    """A session of the parent school: an event of family education guidance, kept by the room of events."""

    occurred_on: date
    source_url: str


SESSIONS = """
SELECT DISTINCT occurred_on, source_url FROM {view}
WHERE category = 'guidance' AND by_body = %s AND occurred_on >= %s AND occurred_on < %s ORDER BY occurred_on DESC
"""


def sessions(org: int, on: date) -> list[Session]:
    """The sessions that took place at the body this school year, the last first; read off the facts. One query."""
    if "event" not in kinds:
        return []
    start = school_year_of(on)
    with connection.cursor() as cursor:
        sql = SESSIONS.format(view=view_name("event"))
        cursor.execute(sql, [org, date(start, 9, 1), date(start + 1, 9, 1)])
        return [Session(*row) for row in cursor.fetchall()]
