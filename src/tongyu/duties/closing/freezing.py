"""Freezes the standings of a window, set-based; and puts what is frozen before the boards.

Boards, lists and exports read `duties_standing` and `duties_tally`. For a closed window these hold the frozen
figures and nothing else: the engine writes only differences from then on (`closing.compare`). Everybody is frozen,
those too who were only encouraged and have no record: they have no standing (`units.keeps_only_done`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tongyu.core.clock import now
from tongyu.core.prepared import untyped
from tongyu.duties import states
from tongyu.duties.closing.compare import KEPT, KEY, ROW, SAID, hash_sql
from tongyu.duties.closing.stored import StoredDuty, derivations, whole
from tongyu.duties.derive import cursor_for
from tongyu.duties.engine import Engine
from tongyu.duties.periods import STANDING

FREEZE = f"""
INSERT INTO duties_closedstanding (duty_id, {KEPT})
SELECT %(duty)s::bigint, d.subject, d.place, d.bearer_org, false, {", ".join(f"d.{name}" for name in SAID)}
FROM d ORDER BY d.place, d.subject
"""
RESTATE = f"""
INSERT INTO duties_closedstanding (duty_id, {KEPT})
SELECT %(restated)s::bigint, {", ".join(f"o.{name}" for name in ROW)}
FROM duties_difference o WHERE o.duty_id = %(duty)s::bigint ORDER BY o.org, o.subject
"""
# One row of m for each edition of each duty; f is what is frozen under all of them.
FROZEN = f"""
WITH m AS MATERIALIZED (
  SELECT * FROM unnest(%(roots)s::bigint[], %(editions)s::bigint[], %(obligations)s::smallint[], %(keys)s::text[],
    %(starts)s::date[], %(ends)s::date[], %(dues)s::date[], %(units)s::text[], %(days)s::date[])
  AS m(root, edition, obligation, period_key, start_on, end_on, due_on, unit_kind, as_of)),
f AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (m.root, s.org, s.subject) m.*, {", ".join(f"s.{name}" for name in ROW)}
    FROM duties_closedstanding s JOIN m ON m.edition = s.duty_id
    ORDER BY m.root, s.org, s.subject, s.duty_id DESC) newest
  WHERE NOT gone)"""
COUNTED = ", ".join(f"count(*) FILTER (WHERE f.state = '{state}')::int" for state in states.STATES)
FIGURES = f"{FROZEN} SELECT f.root, {COUNTED}, {hash_sql('f')} FROM f GROUP BY f.root"
MINE = (
    "(o.obligation_id, o.period_key) IN (SELECT obligation, period_key FROM m)"
    " AND o.{0} >= %(lo)s AND o.{0} < %(hi)s"
)
HERE = "o.obligation_id = f.obligation AND o.period_key = f.period_key AND o.org = f.org"
SAME = " AND ".join(f"o.{name} IS NOT DISTINCT FROM f.{name}" for name in ("bearer_org", *SAID))
# What is to go must be gone before what is to come meets the unique keys: four statements.
CLEAR = f"""{FROZEN}
DELETE FROM duties_standing o WHERE {MINE.format("org")}
  AND NOT EXISTS (SELECT FROM f WHERE {HERE} AND {KEY.format("f")} = {KEY.format("o")} AND {SAME})
"""
FILL = f"""{FROZEN}
INSERT INTO duties_standing (obligation_id, period_key, start_on, end_on, due_on, unit_kind, unit_org, as_of,
                             changed_at, subject, org, bearer_org, {", ".join(SAID)})
SELECT f.obligation, f.period_key, f.start_on, f.end_on, f.due_on, f.unit_kind, f.org, f.as_of, %(at)s::timestamptz,
       f.subject, f.org, f.bearer_org, {", ".join(f"f.{name}" for name in SAID)}
FROM f WHERE NOT (f.subject IS NOT NULL AND f.why = 'nothing_due' AND f.count = 0) AND NOT EXISTS (
  SELECT FROM duties_standing o WHERE {HERE} AND {KEY.format("f")} = {KEY.format("o")})
"""
EMPTY_TALLY = f"{FROZEN} DELETE FROM duties_tally o WHERE {MINE.format('place')}"
TALLY = f"""{FROZEN}
INSERT INTO duties_tally (obligation_id, period_key, place, bearer, {", ".join(states.STATES)})
SELECT f.obligation, f.period_key, f.org, min(f.bearer_org), {COUNTED} FROM f GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Figures:
    """What is frozen of a duty: state → how many, how many in all, the hash over them."""

    counts: dict[str, int]
    standings: int
    hash: str


NOTHING = Figures(
    dict.fromkeys(states.STATES, 0), 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)


def freeze(engine: Engine, duty: StoredDuty) -> None:
    """Derive the duty in the whole county and keep every standing."""
    for ctes, values in derivations(engine, duty, *whole(engine.county)):
        with cursor_for(values["lo"], values["hi"]) as cursor:
            cursor.execute(f"WITH {ctes} {FREEZE}", untyped(values))


def restate(duty: StoredDuty, restated: int) -> None:
    """Keep the noted differences as the standings of the restated row, and forget them as differences."""
    with connection.cursor() as cursor:
        cursor.execute(RESTATE, {"duty": duty.pk, "restated": restated})
        cursor.execute("DELETE FROM duties_difference WHERE duty_id = %s", [duty.pk])


def figures(county: int, duties: Sequence[StoredDuty]) -> dict[int, Figures]:
    """What is frozen of each duty, by its row of edition 0; `NOTHING` of one without units. One query."""
    with cursor_for(*whole(county)) as cursor:
        cursor.execute(FIGURES, _values(county, duties))
        found = {
            row[0]: Figures(dict(zip(states.STATES, row[1:-2], strict=True)), *row[-2:])
            for row in cursor.fetchall()
        }
    return {duty.pk: found.get(duty.pk, NOTHING) for duty in duties}


def publish(county: int, duties: Sequence[StoredDuty]) -> None:
    """Make standings and tallies of the windows say what is frozen; rows that say it already stay. Four queries.

    What must hold every day goes on showing today.
    """
    closed = [duty for duty in duties if duty.period.key != STANDING]
    with cursor_for(*whole(county)) as cursor:
        for sql in (CLEAR, FILL, EMPTY_TALLY, TALLY):
            cursor.execute(sql, _values(county, closed))


def _values(county: int, duties: Sequence[StoredDuty]) -> dict[str, Any]:
    each = [(duty, edition) for duty in duties for edition in duty.editions]
    lo, hi = whole(county)
    return {
        "roots": [duty.pk for duty, _edition in each],
        "editions": [edition for _duty, edition in each],
        "obligations": [duty.rule.pk for duty, _edition in each],
        "keys": [duty.period.key for duty, _edition in each],
        "starts": [duty.period.start for duty, _edition in each],
        "ends": [duty.period.end for duty, _edition in each],
        "dues": [duty.period.due_on for duty, _edition in each],
        "units": [duty.rule.unit for duty, _edition in each],
        "days": [duty.judged_on for duty, _edition in each],
        "at": now(),
        "lo": lo,
        "hi": hi,
    }
