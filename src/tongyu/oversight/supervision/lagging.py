"""What lags now and can still be met: by obligation, window and the body whose people bear it. Sums of tallies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import engine as engines
from tongyu.duties.periods import STANDING, Period
from tongyu.plan.rules import ObligationRule

WINDOWS = "unnest(%(ids)s::int[], %(keys)s::text[]) AS w(obligation, period_key)"
LAGS = f"""
FROM {WINDOWS}
JOIN duties_tally t ON t.obligation_id = w.obligation AND t.period_key = w.period_key
WHERE t.bearer >= %(lo)s AND t.bearer < %(hi)s AND t.missing + t.behind_pace > 0
"""
# A class is shown under its school; whatever stands above schools, under itself.
GROUP = "CASE WHEN t.bearer %% 100000000 = 0 THEN t.bearer ELSE t.bearer - t.bearer %% 100000 END"
BY_BODY = f"""
SELECT w.obligation, w.period_key, {GROUP}, sum(t.missing)::int, sum(t.behind_pace)::int,
       count(DISTINCT t.bearer)::int {LAGS}
GROUP BY 1, 2, 3 ORDER BY sum(t.missing) DESC, sum(t.behind_pace) DESC, 1, 3
"""
BY_BEARER = f"""
SELECT w.obligation, w.period_key, t.bearer, sum(t.missing)::int, sum(t.behind_pace)::int {LAGS}
AND (t.obligation_id, {GROUP}) IN (SELECT * FROM unnest(%(picked)s::int[], %(bodies)s::bigint[]))
GROUP BY 1, 2, 3 ORDER BY 3, 1
"""


@dataclass(frozen=True)
class Lag:
    """One obligation that lags at one body; `body` is a school, township or department, or a single bearer."""

    obligation: int
    period_key: str
    body: int
    missing: int
    behind: int
    bearers: int = 1

    @property
    def total(self) -> int:
        """How many duties lag."""
        return self.missing + self.behind


def open_windows(county: int, on: date) -> dict[tuple[int, str], tuple[ObligationRule, Period]]:
    """The windows that run on the day, or in which what was missed can still be made up, by obligation and key."""
    engine = engines.current(county, on)
    return {
        (rule.pk, period.key): (rule, period)
        for rule in engine.rules
        if rule.countable and not engine.why_not(rule)
        for period in engine.periods_of(rule)
        if period.start <= on and (period.key == STANDING or on < period.settled_on)
    }


def by_body(windows: Iterable[tuple[int, str]], lo: int, hi: int) -> list[Lag]:
    """What lags in the range, by obligation and body, the most missing first. One query."""
    return [Lag(*row) for row in _ask(BY_BODY, windows, lo, hi)]


def by_bearer(
    county: int, windows: Iterable[tuple[int, str]], picked: Sequence[tuple[int, int]]
) -> list[Lag]:
    """The bearers behind (obligation, body) pairs, each with what lags, in order of their codes. One query."""
    more = {"picked": [one for one, _body in picked], "bodies": [body for _one, body in picked]}
    return [Lag(*row) for row in _ask(BY_BEARER, windows, county, codes.upper(county, BodyKind.COUNTY), more)]


def _ask(
    sql: str, windows: Iterable[tuple[int, str]], lo: int, hi: int, more: dict[str, Any] | None = None
) -> list[Any]:
    pairs = list(windows)
    values: dict[str, Any] = {
        "ids": [pk for pk, _key in pairs],
        "keys": [key for _pk, key in pairs],
        "lo": lo,
        "hi": hi,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values | (more or {}))
        return list(cursor.fetchall())
