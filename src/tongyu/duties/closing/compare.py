"""Closed standings against what the records of today would say: nothing is changed, differences are noted.

`d` is the derivation, `f` the frozen standings under all editions, `q` where they differ, `o` what was noted before.
"""

import hashlib
from typing import TYPE_CHECKING, Any

from tongyu.core.clock import now
from tongyu.core.prepared import untyped
from tongyu.duties.closing.stored import StoredDuty, derivations
from tongyu.duties.derive import cursor_for

if TYPE_CHECKING:
    from tongyu.duties.engine import Engine

SAID = ("state", "count", "needed", "met_on", "why", "detail")
ROW = ("subject", "org", "bearer_org", "gone", *SAID)
KEPT = ", ".join(ROW)
KEY = "COALESCE({0}.subject, '00000000-0000-0000-0000-000000000000'::uuid)"
FROZEN = f"""
f AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (s.org, s.subject) {", ".join(f"s.{name}" for name in ROW)} FROM duties_closedstanding s
    WHERE s.duty_id = ANY(%(editions)s::bigint[]) AND s.org >= %(lo)s AND s.org < %(hi)s
    ORDER BY s.org, s.subject, s.duty_id DESC) newest
  WHERE NOT gone)"""
DIFFERENT = f"""
q AS MATERIALIZED (
  SELECT COALESCE(d.subject, f.subject) AS subject, COALESCE(d.place, f.org) AS org,
         COALESCE(d.bearer_org, f.bearer_org) AS bearer_org, d.place IS NULL AS gone,
         {", ".join(f"CASE WHEN d.place IS NULL THEN f.{name} ELSE d.{name} END AS {name}" for name in SAID)}
  FROM d FULL JOIN f ON f.org = d.place AND {KEY.format("f")} = {KEY.format("d")}
  WHERE (d.place, d.bearer_org, {", ".join(f"d.{name}" for name in SAID)})
        IS DISTINCT FROM (f.org, f.bearer_org, {", ".join(f"f.{name}" for name in SAID)}))"""
NOTE = f"""
agreed AS (
  DELETE FROM duties_difference o
  WHERE o.duty_id = %(duty)s::bigint AND o.org >= %(lo)s AND o.org < %(hi)s
    AND NOT EXISTS (SELECT FROM q WHERE q.org = o.org AND {KEY.format("q")} = {KEY.format("o")})),
noted AS (
  INSERT INTO duties_difference AS o (duty_id, seen_at, {KEPT})
  SELECT %(duty)s::bigint, %(at)s::timestamptz, {KEPT} FROM q
  ON CONFLICT (duty_id, org, subject) DO UPDATE
  SET seen_at = excluded.seen_at, {", ".join(f"{name} = excluded.{name}" for name in ROW[2:])}
  WHERE ({", ".join(f"o.{name}" for name in ROW[2:])}) IS DISTINCT FROM
        ({", ".join(f"excluded.{name}" for name in ROW[2:])})
  RETURNING 1)
SELECT (SELECT count(*) FROM d)::int, (SELECT count(*) FROM noted)::int
"""


def line(alias: str, place: str = "org") -> str:
    """SQL for the canonical text of one standing."""
    said = f"{alias}.state, {alias}.count, {alias}.needed, to_char({alias}.met_on, 'YYYY-MM-DD')"
    return (
        f"jsonb_build_array({alias}.subject, {alias}.{place}, {alias}.bearer_org, {said},"
        f" {alias}.why, {alias}.detail)::text"
    )


def hash_sql(alias: str, place: str = "org") -> str:
    """SQL for how many standings there are and the hash over them, in the order of place and pupil."""
    return f"count(*)::int, encode(sha256(convert_to({text_sql(alias, place)}, 'UTF8')), 'hex')"


def text_sql(alias: str, place: str = "org") -> str:
    """SQL for the text that is hashed."""
    return f"COALESCE(string_agg({line(alias, place)}, E'\\n' ORDER BY {alias}.{place}, {alias}.subject), '')"


def note_differences(engine: "Engine", duty: StoredDuty, lo: int, hi: int) -> tuple[int, int]:
    """Derive the closed duty in `[lo, hi)` and note where it differs; returns how many units and how many new notes."""
    seen = noted = 0
    for ctes, values in derivations(engine, duty, lo, hi):
        sql = f"WITH {ctes},\n{FROZEN.strip()},\n{DIFFERENT.strip()},\n{NOTE.strip()}"
        units, new = _one(sql, {**values, "at": now()})
        seen, noted = seen + units, noted + new
    return seen, noted


def derived_hash(engine: "Engine", duty: StoredDuty, lo: int, hi: int) -> tuple[int, str]:
    """How many standings the records give today, and the hash over them."""
    parts = list(derivations(engine, duty, lo, hi))
    if len(parts) == 1:
        ctes, values = parts[0]
        return _one(f"WITH {ctes} SELECT {hash_sql('d', 'place')} FROM d", values)
    sql = f"SELECT count(*)::int, {text_sql('d', 'place')} FROM d"
    found = [_one(f"WITH {ctes} {sql}", values) for ctes, values in parts]
    text = "\n".join(lines for number, lines in found if number)
    return sum(number for number, _lines in found), hashlib.sha256(text.encode()).hexdigest()


def frozen_hash(duty: StoredDuty, lo: int, hi: int) -> tuple[int, str]:
    """How many standings are frozen under all editions, and the hash over them."""
    values = {"editions": list(duty.editions), "lo": lo, "hi": hi}
    return _one(f"WITH {FROZEN.strip()} SELECT {hash_sql('f')} FROM f", values)


def count_differences(engine: "Engine", duty: StoredDuty, lo: int, hi: int) -> int:
    """How many units differ; nothing is noted."""
    sql = f"{FROZEN.strip()},\n{DIFFERENT.strip()} SELECT count(*)::int FROM q"
    parts = derivations(engine, duty, lo, hi)
    return sum(_one(f"WITH {ctes},\n{sql}", values)[0] for ctes, values in parts)


def _one(sql: str, values: dict[str, Any]) -> Any:
    with cursor_for(values["lo"], values["hi"]) as cursor:
        cursor.execute(sql, untyped(values))
        return cursor.fetchone()
