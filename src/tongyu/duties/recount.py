"""A record of pupils: what they have done is counted anew, their classmates are judged by what stands.

A record begins and ends no unit, so the standings of a class say who is in it, and the records of those pupils
alone are read. Nothing is inserted or deleted: where a pupil of the record has no standing yet, or one in a class
that is not the pupil's any more, `store` counts the pupil as not found and the caller recomputes the class.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from tongyu.core.clock import now
from tongyu.core.prepared import untyped
from tongyu.duties import derive, states
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.units import keeps_only_done
from tongyu.plan.rules import ObligationRule

KEPT = ("state", "count", "needed", "met_on", "why", "detail")
WAS = ", ".join(f"was_{name}" for name in KEPT)
IS = ", ".join(f"d.{name}" for name in KEPT)
TALLIED = ", ".join(states.STATES)

UNITS = f"""
u AS MATERIALIZED (
  SELECT s.id AS standing, s.subject, s.org AS unit_lo, s.org + 1 AS unit_hi, s.bearer_org, s.org AS place,
         {", ".join(f"s.{name} AS was_{name}" for name in KEPT)},
         s.subject = ANY(%(subjects)s::uuid[]) AND s.org = (
           SELECT e.org FROM directory_enrolment e
           WHERE e.student_id = s.subject AND e.entered_on <= %(judged_on)s::date
             AND (e.left_on IS NULL OR e.left_on > %(judged_on)s::date)
           ORDER BY e.entered_on DESC, e.id DESC LIMIT 1) AS found
  FROM duties_standing s
  WHERE s.obligation_id = %(obligation)s AND s.period_key = %(period_key)s AND s.org >= %(lo)s AND s.org < %(hi)s
    AND s.subject IS NOT NULL)"""
COUNTED = """
c AS (
  SELECT u.*, CASE WHEN found THEN {count} ELSE was_count END AS count,
         CASE WHEN found THEN {met_on} ELSE was_met_on END AS met_on
  FROM u {joins})"""
STORE = f"""
stored AS (
  UPDATE duties_standing s
  SET ({", ".join(KEPT)}) = ROW({IS}), as_of = %(as_of)s::date, changed_at = %(at)s::timestamptz
  FROM d WHERE s.id = d.standing AND ({WAS}) IS DISTINCT FROM ({IS})
  RETURNING 1),
t AS (
  SELECT place, {", ".join(f"count(*) FILTER (WHERE state = '{state}')::int AS {state}" for state in states.STATES)}
  FROM d GROUP BY place),
tallied AS (
  UPDATE duties_tally o SET ({TALLIED}) = ROW({", ".join(f"t.{state}" for state in states.STATES)})
  FROM t WHERE o.obligation_id = %(obligation)s AND o.period_key = %(period_key)s AND o.place = t.place
    AND ({", ".join(f"o.{state}" for state in states.STATES)})
        IS DISTINCT FROM ({", ".join(f"t.{state}" for state in states.STATES)}))
SELECT (SELECT count(*) FROM d WHERE found)::int, (SELECT count(*) FROM stored)::int
"""


def possible(engine: Any, rule: ObligationRule, period: Period, ranges: Iterable[tuple[int, int]]) -> bool:
    """Whether a record changes only what its own pupils have done, and the standings say who is in their classes.

    What must hold on a day changes without records.
    """
    if rule.unit != "student" or rule.coverage != "subject" or period.key == STANDING:
        return False
    read = [one for lo, hi in ranges for _lo, _hi, one in engine.segments(rule, period, lo, hi)]
    return not any(keeps_only_done(one) for one in read)


def compile_statement(rule: ObligationRule, kinds: derive.Kinds) -> derive.Statement:
    """The whole statement for a rule about pupils for which `possible` holds."""
    constants: dict[str, Any] = {}
    groups = derive.groups_of(rule)
    count, met_on, joins = derive.counted(rule, len(groups))
    parts = [
        UNITS.strip(),
        *derive.hits(groups, rule, kinds, constants, "%(subjects)s::uuid[]"),
        COUNTED.format(count=count, met_on=met_on, joins=joins).strip(),
        derive.EXEMPTIONS.strip(),
        derive.verdict(rule, f", standing, found, {WAS}"),
        STORE.strip(),
    ]
    return derive.Statement(",\n".join(parts), constants)


def store(
    engine: Any, rule: ObligationRule, period: Period, lo: int, hi: int, subjects: Sequence[UUID]
) -> tuple[int, int]:
    """Count anew for those pupils in `[lo, hi)`; returns how many were found there and how many standings changed."""
    done = [
        _store(engine, version, period, start, end, subjects)
        for start, end, version in engine.segments(rule, period, lo, hi)
    ]
    return sum(found for found, _ in done), sum(changed for _, changed in done)


def _store(
    engine: Any, rule: ObligationRule, period: Period, lo: int, hi: int, subjects: Sequence[UUID]
) -> tuple[int, int]:
    statement = engine.recount(rule)
    values = derive.parameters(rule, period, engine.as_of, lo, hi)
    values |= {**statement.constants, "at": now(), "subjects": list(subjects)}
    with derive.cursor_for(lo, hi) as cursor:
        cursor.execute(f"WITH {statement.ctes}", untyped(values))
        found, changed = cursor.fetchone()
    return found, changed
