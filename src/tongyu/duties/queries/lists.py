"""Lists down to the names: the units of a duty, what needs attention, what falls due."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.hats import class_name
from tongyu.directory.kinds import BodyKind
from tongyu.duties import states
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries.scope import Range, county_of, narrowed, seen
from tongyu.plan import queries as plan_queries


@dataclass(frozen=True)
class Unit:
    """One standing with the names that go with it. Pupils' names appear only where the asker may see pupils."""

    id: int
    obligation_id: int
    period_key: str
    start_on: date
    end_on: date
    due_on: date
    bearer_org: int
    unit_kind: str
    unit_org: int
    subject: UUID | None
    state: str
    count: int
    needed: int
    met_on: date | None
    why: str
    exemption: str | None
    as_of: date
    pupil: str
    place_kind: str
    place_name: str
    stage: int | None
    entry_year: int | None
    number: int | None
    school_name: str
    bearer_name: str

    @property
    def place(self) -> str:
        """The body's name as it is called on that day: 三年级2班, or the name of the school, township, department."""
        if self.stage is None or self.entry_year is None or self.number is None:
            return self.place_name
        return class_name(self.stage, self.entry_year, self.number, self.as_of)

    @property
    def name(self) -> str:
        """The pupil, or the body."""
        return self.pupil or self.place


@dataclass(frozen=True)
class Attention:
    """Many units of one obligation that lag at one body."""

    obligation_id: int
    clause: str
    title: str
    body: int
    body_name: str
    body_kind: str
    missing: int
    behind_pace: int


@dataclass(frozen=True)
class DueSoon:
    """What is still open of one obligation and falls due within the days asked for."""

    obligation_id: int
    clause: str
    title: str
    period_key: str
    due_on: date
    open: int


UNIT = """
SELECT s.id, s.obligation_id, s.period_key, s.start_on, s.end_on, s.due_on, s.bearer_org, s.unit_kind, s.unit_org,
       s.subject, s.state, s.count, s.needed, s.met_on, s.why, s.detail ->> 'exemption' AS exemption, s.as_of,
       COALESCE(p.name, '') AS pupil, b.kind AS place_kind, b.name AS place_name, b.stage, b.entry_year, b.number,
       COALESCE(c.name, '') AS school_name, COALESCE(d.name, '') AS bearer_name
FROM duties_standing s
LEFT JOIN directory_body b ON b.code = s.unit_org
LEFT JOIN directory_body c ON b.kind IN ('school_class', 'grade') AND c.code = b.code - b.code % 100000
LEFT JOIN directory_body d ON d.code = s.bearer_org
LEFT JOIN directory_student p ON p.id = s.subject
""".replace("%", "%%")
WORST_FIRST = f"array_position(ARRAY{[*states.OPEN, *states.DONE, *states.STATES[5:]]}, s.state::text)"

ATTENTION = """
SELECT o.id, c.key, o.title, b.code, b.name, b.kind, sum(t.missing)::int, sum(t.behind_pace)::int
FROM duties_tally t
JOIN plan_obligation o ON o.id = t.obligation_id
JOIN plan_clause c ON c.id = o.clause_id
JOIN directory_body b ON b.code = CASE WHEN t.place %% 100000000 = 0 THEN t.place
                                       ELSE t.place - t.place %% 100000 END
WHERE o.plan_id = %s AND t.period_key = ANY(%s) AND t.missing + t.behind_pace > 0 AND {seen}
GROUP BY o.id, c.key, o.title, b.code, b.name, b.kind
ORDER BY sum(t.missing) DESC, sum(t.behind_pace) DESC, o.order, b.code LIMIT %s
"""
DUE_SOON = """
SELECT o.id, c.key, o.title, s.period_key, s.due_on, count(*)::int
FROM duties_standing s
JOIN plan_obligation o ON o.id = s.obligation_id
JOIN plan_clause c ON c.id = o.clause_id
WHERE o.plan_id = %s AND s.state IN ('in_progress', 'behind_pace') AND s.due_on >= %s AND s.due_on < %s AND {seen}
GROUP BY o.id, c.key, o.title, s.period_key, s.due_on ORDER BY s.due_on, o.order
"""


def standings_of(
    asker: Asker,
    obligation: int,
    period: BoardPeriod,
    *,
    place: Range | None = None,
    state: str = "",
    limit: int = 500,
    offset: int = 0,
) -> list[Unit]:
    """The units of one obligation, the worst first, then by place and name. One query.

    The page is cut before names are joined to it: by place and id, so that a county's costs what a school's does.
    """
    condition, parameters = seen(asker, place, "s", "unit_org")
    where = [f"s.obligation_id = %s AND s.period_key = ANY(%s) AND {condition}"]
    parameters = [obligation, list(period.keys), *parameters]
    if state:
        where.append("s.state = %s")
        parameters.append(state)
    named = f"{WORST_FIRST}, s.unit_org, p.name_key, s.id"
    if _is_one_school(narrowed(asker, place)):
        sql = f"{UNIT} WHERE {' AND '.join(where)} ORDER BY {named} LIMIT %s OFFSET %s"
    else:
        cut = f"{WORST_FIRST}, s.unit_org, s.id LIMIT %s OFFSET %s"
        page = f"SELECT s.id FROM duties_standing s WHERE {' AND '.join(where)} ORDER BY {cut}"
        sql = f"{UNIT} WHERE s.id IN ({page}) ORDER BY {named}"
    return units(sql, [*parameters, limit, offset])


def _is_one_school(span: Range) -> bool:
    return span.hi - span.lo <= codes.WIDTH[BodyKind.SCHOOL]


def unit_of(asker: Asker, standing: int) -> Unit | None:
    """One standing, or None outside the asker's reach. One query."""
    condition, parameters = seen(asker, None, "s", "unit_org")
    found = units(f"{UNIT} WHERE s.id = %s AND {condition}", [standing, *parameters])
    return found[0] if found else None


def units_among(asker: Asker, obligation: int, standings: Sequence[int]) -> list[Unit]:
    """Those of the standings that are of the obligation and inside the asker's range, in order of place. One query."""
    where = "s.obligation_id = %s AND s.id = ANY(%s) AND s.unit_org >= %s AND s.unit_org < %s"
    order = "s.unit_org, p.name_key, s.id"
    return units(f"{UNIT} WHERE {where} ORDER BY {order}", [obligation, list(standings), asker.lo, asker.hi])


def units(sql: str, parameters: Sequence[Any]) -> list[Unit]:
    """Run a query over UNIT."""
    names = [field.name for field in fields(Unit)]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert [column[0] for column in cursor.description] == names
        return [Unit(*row) for row in cursor.fetchall()]


def attention(asker: Asker, period: BoardPeriod, limit: int = 10) -> list[Attention]:
    """Where most is missing or behind: obligation by school, township or department. Two queries."""
    plan = plan_queries.active(county_of(asker), period.on)
    condition, parameters = seen(asker)
    with connection.cursor() as cursor:
        cursor.execute(
            ATTENTION.format(seen=condition),
            [plan.pk if plan else None, list(period.keys), *parameters, limit],
        )
        return [Attention(*row) for row in cursor.fetchall()]


def due_soon(asker: Asker, on: date, days: int = 14) -> list[DueSoon]:
    """What is open and falls due in the coming days. Two queries."""
    plan = plan_queries.active(county_of(asker), on)
    condition, parameters = seen(asker, None, "s", "unit_org")
    with connection.cursor() as cursor:
        cursor.execute(
            DUE_SOON.format(seen=condition),
            [plan.pk if plan else None, on, on + timedelta(days=days), *parameters],
        )
        return [DueSoon(*row) for row in cursor.fetchall()]
