"""A point of the trend: how many units of each scored obligation stood in each state on a day."""

from datetime import date, timedelta

from django.db import transaction

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import engine as engines
from tongyu.duties import states
from tongyu.duties.derive import cursor_for, parameters
from tongyu.duties.engine import Engine
from tongyu.duties.models import TrendPoint
from tongyu.duties.periods import Period
from tongyu.duties.update import as_engine, whole
from tongyu.plan.rules import ObligationRule

TOWNSHIP = codes.WIDTH[BodyKind.TOWNSHIP]
COUNT = """
WITH {ctes}
SELECT place - place %% {width}, state, count(*)::int FROM d GROUP BY 1, 2
"""


def record(as_of: date, county: int) -> int:
    """Store the day's points of the county and of each township, replacing what stood there; returns how many.

    Derived afresh for that day, so that a day in the past can be filled in afterwards. Only the window that runs
    on the day counts.
    """
    points: list[TrendPoint] = []
    with transaction.atomic(), as_engine():
        engine = engines.current(county, as_of)
        for rule in engine.rules:
            running = [] if engine.why_not(rule) or not rule.countable else engine.periods_of(rule)[-1:]
            for period in running:
                rows = _rows(engine, rule, period)
                points += _points(as_of, rule.pk, period.key, county, rows)
        TrendPoint.objects.filter(day=as_of, place__gte=county, place__lt=whole(county)[1]).delete()
        TrendPoint.objects.bulk_create(points)
    return len(points)


def _rows(engine: Engine, rule: ObligationRule, period: Period) -> list[tuple[int, str, int]]:
    rows: list[tuple[int, str, int]] = []
    for lo, hi, version in engine.segments(rule, period, *whole(engine.county)):
        values = parameters(version, period, engine.as_of, lo, hi)
        statement = engine.statement(version)
        with cursor_for(lo, hi) as cursor:
            cursor.execute(
                COUNT.format(ctes=statement.ctes, width=TOWNSHIP), {**statement.constants, **values}
            )
            rows += cursor.fetchall()
    return rows


def fill(since: date, until: date, county: int, every: int = 7) -> int:
    """Record a point every so many days, the last on `until`; returns how many days."""
    days = [until - timedelta(days=offset) for offset in range(0, (until - since).days + 1, every)]
    for day in reversed(days):
        record(day, county)
    return len(days)


def _points(
    day: date, obligation: int, key: str, county: int, rows: list[tuple[int, str, int]]
) -> list[TrendPoint]:
    total = dict.fromkeys(states.STATES, 0)
    by_place: dict[int, dict[str, int]] = {county: total}
    for place, state, number in rows:
        if place != county:
            by_place.setdefault(place, dict.fromkeys(states.STATES, 0))[state] += number
        total[state] += number
    return [
        TrendPoint(day=day, obligation_id=obligation, period_key=key, place=place, counts=counts)
        for place, counts in by_place.items()
    ]
