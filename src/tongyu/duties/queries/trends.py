"""How the rate moved from day to day."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import states

SUMS = ", ".join(f"sum((t.counts->>'{state}')::int)::int" for state in states.STATES)


@dataclass(frozen=True)
class TrendDay:
    """All scored obligations (or those of one clause) on one day."""

    day: date
    counts: dict[str, int]
    rate: float | None


def trend(asker: Asker, since: date, until: date, *, clause: str = "") -> list[TrendDay]:
    """The days with a point in `[since, until]`, of the county or of the asker's township. One query.

    Nothing is kept below a township: a school sees the line of its township.
    """
    kind = BodyKind.COUNTY if asker.hi - asker.lo >= codes.WIDTH[BodyKind.COUNTY] else BodyKind.TOWNSHIP
    place = codes.containing(asker.body_code, kind)
    sql = (
        f"SELECT t.day, {SUMS} FROM duties_trendpoint t JOIN plan_obligation o ON o.id = t.obligation_id"
        " JOIN plan_clause c ON c.id = o.clause_id WHERE t.place = %s AND t.day >= %s AND t.day <= %s"
        " AND (%s = '' OR c.key = %s) GROUP BY t.day ORDER BY t.day"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [place, since, until, clause, clause])
        rows = cursor.fetchall()
    found = [(row[0], dict(zip(states.STATES, row[1:], strict=True))) for row in rows]
    return [TrendDay(day, counts, states.rate(counts)) for day, counts in found]
