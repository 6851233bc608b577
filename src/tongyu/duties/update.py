"""Stores what `derive` says: only changed standings, and the tallies of their places, in one statement per duty.

Two records saved at once in one class see each other, and no count is lost: see `locks`.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from tongyu.core.clock import now
from tongyu.core.context import acting, system_scope
from tongyu.core.prepared import untyped
from tongyu.core.statistics import MANY, refresh_statistics
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.locks import hold_county
from tongyu.directory.models import Body
from tongyu.duties import engine as engines
from tongyu.duties import states
from tongyu.duties.closing.compare import note_differences
from tongyu.duties.closing.stored import whole
from tongyu.duties.derive import DONE, STATE_OF, cursor_for, parameters
from tongyu.duties.engine import Engine
from tongyu.duties.lanes import share
from tongyu.duties.models import Standing, Tally
from tongyu.duties.periods import Period
from tongyu.duties.units import PEOPLE, is_local, keeps_only_done
from tongyu.plan.rules import ObligationRule

LANES = 2
"""So many connections a county is recomputed over."""
COLUMNS = (
    "start_on",
    "end_on",
    "due_on",
    "bearer_org",
    "unit_kind",
    "unit_org",
    "state",
    "count",
    "needed",
    "met_on",
    "why",
    "detail",
)
GIVEN = (
    "%(start)s::date, %(end)s::date, %(due_on)s::date, d.bearer_org, %(unit_kind)s::text, d.place,"
    " d.state, d.count, d.needed, d.met_on, d.why, d.detail"
)
STORED = ", ".join(f"s.{name}" for name in COLUMNS)
OVERWRITE = ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS, "org", "as_of", "changed_at"))
HERE = "obligation_id = %(obligation)s AND {alias}.period_key = %(period_key)s"
COUNTS = ", ".join(f"count(*) FILTER (WHERE state = '{state}')::int AS {state}" for state in states.STATES)
TALLY = ("bearer", *states.STATES)

STORE = f"""
t AS (SELECT place, min(bearer_org) AS bearer, {COUNTS} FROM d GROUP BY place),
gone AS (
  DELETE FROM duties_standing s
  WHERE s.{HERE.format(alias="s")} AND s.org >= %(lo)s AND s.org < %(hi)s
    AND NOT EXISTS (SELECT FROM {{kept}} WHERE {{same}})),
tally_gone AS (
  DELETE FROM duties_tally o
  WHERE o.{HERE.format(alias="o")} AND o.place >= %(lo)s AND o.place < %(hi)s
    AND NOT EXISTS (SELECT FROM t WHERE t.place = o.place)),
stored AS (
  INSERT INTO duties_standing (obligation_id, period_key, subject, org, as_of, changed_at, {", ".join(COLUMNS)})
  SELECT %(obligation)s::smallint, %(period_key)s::text, d.subject, d.place,
         %(as_of)s::date, %(at)s::timestamptz, {GIVEN}
  FROM {{kept}} LEFT JOIN duties_standing s ON s.{HERE.format(alias="s")} AND {{same}}
   AND s.org >= %(lo)s AND s.org < %(hi)s
  WHERE s.id IS NULL OR ({STORED}) IS DISTINCT FROM ({GIVEN})
  ON CONFLICT (obligation_id, period_key, {{arbiter}}) DO UPDATE SET {OVERWRITE}
  RETURNING 1),
tally_stored AS (
  INSERT INTO duties_tally (obligation_id, period_key, place, {", ".join(TALLY)})
  SELECT %(obligation)s::smallint, %(period_key)s::text, t.place, {", ".join(f"t.{name}" for name in TALLY)}
  FROM t LEFT JOIN duties_tally o ON o.{HERE.format(alias="o")} AND o.place = t.place
   AND o.place >= %(lo)s AND o.place < %(hi)s
  WHERE o.id IS NULL OR ({", ".join(f"o.{name}" for name in TALLY)})
        IS DISTINCT FROM ({", ".join(f"t.{name}" for name in TALLY)})
  ON CONFLICT (obligation_id, period_key, place) DO UPDATE
  SET {", ".join(f"{name} = excluded.{name}" for name in TALLY)})
SELECT (SELECT count(*) FROM d)::int, (SELECT count(*) FROM stored)::int
"""


BY_SUBJECT = {"same": "s.subject = d.subject", "arbiter": "subject) WHERE (subject IS NOT NULL"}
STORE_SUBJECTS = STORE.format(kept="d", **BY_SUBJECT)
STORE_DONE = STORE.format(kept=f"{DONE} AS d", **BY_SUBJECT)
STORE_PLACES = STORE.format(
    kept="d", same="s.subject IS NULL AND s.unit_org = d.place", arbiter="unit_org) WHERE (subject IS NULL"
)
COUNTY_ROW = """
d AS (SELECT NULL::uuid AS subject, %(county)s::bigint AS place, %(county)s::bigint AS bearer_org, 'unknown' AS state,
             0 AS count, 0 AS needed, NULL::date AS met_on, %(why)s AS why, NULL::jsonb AS detail)"""
# Periods of this school year that the calendar no longer has, unless they are closed, and rows of duties that became
# unmeasurable.
SWEEP = """
DELETE FROM {table} s WHERE s.obligation_id = ANY(%(all)s) AND s.{place} >= %(lo)s AND s.{place} < %(hi)s
AND (s.period_key LIKE %(year)s OR s.period_key = 'standing')
AND NOT EXISTS (SELECT FROM unnest(%(ids)s::int[], %(keys)s::text[]) k(id, key)
                WHERE k.id = s.obligation_id AND k.key = s.period_key)
"""


@dataclass(frozen=True)
class Done:
    """What a recomputation did."""

    duties: int
    standings: int
    changed: int


def as_engine() -> AbstractContextManager[None]:
    """The engine reads every record and writes what no person may write."""
    return acting(system_scope("engine"))


def recompute_all(as_of: date, county: int | None = None) -> Done:
    """Every duty of a county (default: of the only one, or of each) as it stands on the day. A county at a time.

    Over two connections, unless the caller has a transaction: they would not see what it has changed.
    """
    done = Done(0, 0, 0)
    lanes = 1 if connection.in_atomic_block else LANES
    for code in [county] if county is not None else counties():
        with transaction.atomic(), as_engine():
            hold_county(code)
            one = recompute(engines.current(code, as_of), lanes)
            if one.changed >= MANY:
                refresh_statistics(Standing, Tally)
        done = Done(done.duties + one.duties, done.standings + one.standings, done.changed + one.changed)
    return done


def refresh_places(
    ranges: Iterable[tuple[int, int]], as_of: date, county: int, obligation_id: int | None = None
) -> Done:
    """Recompute these places: every duty after a transfer or a merger, one after it was lifted."""
    with transaction.atomic(), as_engine():
        hold_county(county)
        engine = engines.current(county, as_of)
        return recompute_places(engine, ranges, obligation_id)


def recompute_places(
    engine: Engine, ranges: Iterable[tuple[int, int]], obligation_id: int | None = None
) -> Done:
    """Every duty of these places, or one; the caller holds transaction, scope and lock."""
    seen = changed = 0
    duties = [
        pair for pair in measurable(engine) if obligation_id in (None, pair[0].pk, *pair[0].forerunners)
    ]
    for rule, period in duties:
        widened = [group_of(rule, engine.county, lo, hi) for lo, hi in ranges]
        results = [store(engine, rule, period, lo, hi) for lo, hi in merged(widened)]
        seen += sum(number for number, _ in results)
        changed += sum(number for _, number in results)
    return Done(len(duties), seen, changed)


def counties() -> list[int]:
    """The codes of all counties in this installation."""
    return list(Body.objects.filter(kind=BodyKind.COUNTY).order_by("code").values_list("code", flat=True))


def store(engine: Engine, rule: ObligationRule, period: Period, lo: int, hi: int) -> tuple[int, int]:
    """Recompute one duty in `[lo, hi)`; returns how many standings there are and how many changed. One query, and
    more only where schools have numbers of their own.

    Of a closed window nothing is stored but how it differs from what was closed.
    """
    if engine.is_closed(rule, period):
        return note_differences(engine, engine.closed_duty(rule, period), lo, hi)
    done = [
        _store(engine, version, period, start, end)
        for start, end, version in engine.segments(rule, period, lo, hi)
    ]
    return sum(seen for seen, _ in done), sum(changed for _, changed in done)


def _store(engine: Engine, rule: ObligationRule, period: Period, lo: int, hi: int) -> tuple[int, int]:
    values = parameters(rule, period, engine.as_of, lo, hi)
    values |= {"at": now(), "unit_kind": rule.unit, "county": engine.county}
    why = engine.why_not(rule)
    if why:
        assert STATE_OF[why] == states.UNKNOWN
        sql = f"WITH {COUNTY_ROW}, {STORE_PLACES}"
        values["why"] = why
    else:
        statement = engine.statement(rule)
        values |= statement.constants
        sql = f"WITH {statement.ctes}, {_tail(rule)}"
    with cursor_for(lo, hi) as cursor:
        cursor.execute(sql, untyped(values))
        seen, changed = cursor.fetchone()
    return seen, changed


def _tail(rule: ObligationRule) -> str:
    if keeps_only_done(rule):
        return STORE_DONE
    return STORE_SUBJECTS if rule.unit in PEOPLE else STORE_PLACES


def measurable(engine: Engine) -> list[tuple[ObligationRule, Period]]:
    """Every rule that can be measured with each of its windows."""
    return [(rule, period) for rule, period in engine.asked() if not engine.why_not(rule)]


def group_of(rule: ObligationRule, county: int, lo: int, hi: int) -> tuple[int, int]:
    """The places widened to all units whose pace hangs together."""
    if group_reaches_out(rule, county):
        return whole(county)
    if rule.pace == "even" and rule.bearer[0] == "school":
        return whole_schools(lo, hi)
    return lo, hi


def whole_schools(lo: int, hi: int) -> tuple[int, int]:
    """The range widened to whole schools."""
    width = codes.WIDTH[BodyKind.SCHOOL]
    return lo - lo % width, hi + -hi % width


def group_reaches_out(rule: ObligationRule, county: int) -> bool:
    """True when the pace of a unit depends on units of other schools."""
    return (
        rule.pace == "even"
        and not is_local(rule, county)
        and rule.unit not in ("township", "department", "body")
    )


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places as disjoint ranges in order."""
    found: list[tuple[int, int]] = []
    for lo, hi in sorted(set(ranges)):
        if found and lo < found[-1][1]:
            found[-1] = (found[-1][0], max(hi, found[-1][1]))
        else:
            found.append((lo, hi))
    return found


def recompute(engine: Engine, lanes: int = 1) -> Done:
    """Every duty of the engine's county; the caller holds transaction, scope and lock. The long ones begin first."""
    duties = sorted(engine.asked(), key=lambda pair: pair[0].unit not in PEOPLE)
    _sweep(engine, duties)
    results = share(duties, lambda pair: store(engine, *pair, *whole(engine.county)), lanes=lanes)
    return Done(len(results), sum(seen for seen, _ in results), sum(changed for _, changed in results))


def _sweep(engine: Engine, duties: Sequence[tuple[ObligationRule, Period]]) -> None:
    lo, hi = whole(engine.county)
    values: dict[str, Any] = {
        "all": [rule.pk for rule in engine.rules],
        "year": f"{engine.calendar.start_year}%",
        "ids": [rule.pk for rule, _ in duties] + [obligation for obligation, _ in engine.closed],
        "keys": [period.key for _, period in duties] + [key for _, key in engine.closed],
        "lo": lo,
        "hi": hi,
    }
    with connection.cursor() as cursor:
        for table, place in (("duties_standing", "org"), ("duties_tally", "place")):
            cursor.execute(SWEEP.format(table=table, place=place), values)
