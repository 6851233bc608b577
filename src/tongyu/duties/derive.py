"""One obligation and one period as one set-based query. Pure: the day is a parameter, nothing is written.

`u` the units · `h0…` the records that count, by unit · `c` counted · `j` with exemptions · `d` with the verdict.
Each reason (`why`) belongs to exactly one state; the first that holds decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.core.statistics import without_nested_loops
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import states
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.units import source_of
from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.records.facts import view_name
from tongyu.records.kinds import Kind

STATE_OF = {
    "standing_met": states.MET,
    "standing_missing": states.MISSING,
    "not_started": states.NOT_DUE,
    "exemption": states.EXEMPT,
    "no_school_days": states.EXEMPT,
    "in_time": states.MET,
    "late": states.MET_LATE,
    "not_done": states.MISSING,
    "behind_even": states.BEHIND_PACE,
    "behind_tail": states.BEHIND_PACE,
    "running": states.IN_PROGRESS,
    "done_freely": states.MET,
    "nothing_due": states.NOT_DUE,
    "no_room": states.UNKNOWN,
    "no_source": states.UNKNOWN,
    "no_calendar": states.UNKNOWN,
}
NARROW = codes.WIDTH[BodyKind.SCHOOL]
COVERAGE = {
    "covers": "f.scope_lo <= u.unit_lo AND f.scope_hi >= u.unit_hi",
    "touches": "f.scope_lo < u.unit_hi AND f.scope_hi > u.unit_lo",
    "own": "f.by_body = u.unit_lo",
}
OWN_OF_COUNTY = "f.by_body IN (u.unit_lo, u.bearer_org)"
BY = (
    "EXISTS (SELECT FROM directory_body made WHERE made.code = by_body"
    " AND (made.key = ANY({values}) OR made.kind = ANY({values})))"
)
YES_OR_NO = "CASE WHEN confirmed THEN 'yes' WHEN NOT confirmed THEN 'no' END"

EXEMPTIONS = """
x AS MATERIALIZED (
  SELECT id, lo, hi, subject FROM duties_exemption
  WHERE (obligation_id IS NULL OR obligation_id = ANY(%(lifting)s::int[])) AND from_day <= %(judged_on)s::date
    AND (until_day IS NULL OR until_day > %(judged_on)s::date)),
j AS MATERIALIZED (
  SELECT c.*, CASE WHEN EXISTS (SELECT FROM x) THEN (
    SELECT x.id FROM x
    WHERE x.subject = c.subject OR (x.subject IS NULL AND x.lo <= c.unit_lo AND x.hi >= c.unit_hi)
    ORDER BY x.id LIMIT 1) END AS exemption
  FROM c)"""
BEHIND_EVEN = (
    "sum({needed}) FILTER (WHERE exemption IS NULL) OVER (PARTITION BY bearer_org) * %(elapsed)s"
    " / GREATEST(%(school_days)s, 1)"
    " > sum(LEAST(count, {needed})) FILTER (WHERE exemption IS NULL) OVER (PARTITION BY bearer_org)"
)
VERDICT = """
w AS (
  SELECT j.*, CASE {cases} END AS why FROM j),
d AS MATERIALIZED (
  SELECT subject, place, bearer_org, CASE why {states} END AS state, count, {needed} AS needed, met_on, why,
         CASE WHEN why = 'exemption' THEN jsonb_build_object('exemption', exemption) END AS detail{more}
  FROM w)"""
DONE = "(SELECT * FROM d WHERE count > 0)"
"""What is kept of a rule of which only what was done is kept, see `units.keeps_only_done`."""


class Kinds(Protocol):
    """The registry of kinds, or what a test puts in its place."""

    def __contains__(self, key: str) -> bool: ...
    def get(self, key: str) -> Kind: ...


@dataclass(frozen=True)
class Statement:
    """The WITH list that ends in `d`, and the values of the plan's filters in it."""

    ctes: str
    constants: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One derived standing."""

    subject: Any
    place: int
    bearer_org: int
    state: str
    count: int
    needed: int
    met_on: date | None
    why: str
    detail: dict[str, Any] | None


def unmeasurable(rule: ObligationRule, kinds: Kinds, sources: Mapping[str, Any] | None = None) -> str:
    """Why the duty cannot be measured at all, or nothing. A missing room is told before a missing source."""
    if any(key not in kinds for key in rule.kinds):
        return "no_room"
    return "" if source_of(rule, sources) else "no_source"


def groups_of(rule: ObligationRule) -> list[tuple[CountedKind, ...]]:
    """What must each be there: all kinds together, every kind for itself, or every listed value for itself."""
    if rule.combine == "any":
        return [rule.counts]
    if rule.combine == "all":
        return [(counted,) for counted in rule.counts]
    return [
        (CountedKind(counted.kind, {**counted.where, name: (value,)}),)
        for counted in rule.counts
        for name, values in list(counted.where.items())[:1]
        for value in values
    ]


def asked(rule: ObligationRule) -> int:
    """How many records, or (of several groups) how many groups, make the duty met."""
    groups = len(groups_of(rule))
    return max(1, rule.minimum) if groups == 1 else groups


def compile_statement(
    rule: ObligationRule,
    county: int,
    kinds: Kinds,
    sources: Mapping[str, Any] | None = None,
) -> Statement:
    """The query of a measurable rule; raises LookupError on one that cannot be measured."""
    source = source_of(rule, sources)
    if source is None:
        raise LookupError(f"no units for {rule.id}")
    constants: dict[str, Any] = {}
    groups = groups_of(rule)
    parts = [f"u AS MATERIALIZED ({source(rule, county)})"]
    parts += hits(groups, rule, kinds, constants, "ARRAY(SELECT subject FROM u)")
    count, met_on, joins = counted(rule, len(groups))
    parts.append(f"c AS (SELECT u.*, {count} AS count, {met_on} AS met_on FROM u {joins})")
    parts += [EXEMPTIONS.strip(), verdict(rule)]
    return Statement(",\n".join(parts), constants)


def parameters(rule: ObligationRule, period: Period, as_of: date, lo: int, hi: int) -> dict[str, Any]:
    """The values of the named parameters for that day and those places."""
    standing = period.key == STANDING
    settled = period.settled_on if rule.countable else period.end
    elapsed = period.elapsed(as_of)
    return {
        "obligation": rule.pk,
        "lifting": [rule.pk, *rule.forerunners],
        "period_key": period.key,
        "as_of": as_of,
        "start": period.start,
        "end": period.end,
        "due_on": period.due_on,
        "until": min(as_of + timedelta(days=1), settled),
        "judged_on": as_of if standing else min(as_of, period.due_on),
        "days": rule.denominator.days,
        "elapsed": elapsed,
        "school_days": period.school_days,
        "not_started": as_of < period.start,
        "free": period.school_days == 0,
        "over": as_of > period.due_on,
        "tail": elapsed > period.school_days * rule.tail_share,
        "lo": lo,
        "hi": hi,
    }


@contextmanager
def cursor_for(lo: int, hi: int) -> Iterator[Any]:
    """A cursor for statements over `[lo, hi)` whose plan suits its size; the caller is in a transaction.

    A school and less: planned once per connection, since planning takes longer than running. More: without nested
    loops.
    """
    with prepared_cursor() if hi - lo <= NARROW else without_nested_loops() as cursor:
        yield cursor


def rows(statement: Statement, values: Mapping[str, Any]) -> list[Row]:
    """Run the query and nothing else."""
    with cursor_for(values["lo"], values["hi"]) as cursor:
        cursor.execute(
            f"WITH {statement.ctes} SELECT subject, place, bearer_org, state, count, needed, met_on, why, detail"
            " FROM d ORDER BY place, subject",
            untyped({**statement.constants, **values}),
        )
        return [Row(*row) for row in cursor.fetchall()]


def hits(
    groups: Sequence[tuple[CountedKind, ...]],
    rule: ObligationRule,
    kinds: Kinds,
    constants: dict[str, Any],
    asked_for: str,
) -> list[str]:
    """`h0…`: how many records of each group every unit has, and when it had enough. Values go into `constants`.

    `asked_for` is SQL for the array of pupils whose records are looked for, where records name pupils.
    """
    return [_hits(number, group, rule, kinds, constants, asked_for) for number, group in enumerate(groups)]


def _hits(
    number: int,
    group: tuple[CountedKind, ...],
    rule: ObligationRule,
    kinds: Kinds,
    constants: dict[str, Any],
    asked_for: str,
) -> str:
    facts = " UNION ALL ".join(_facts(counted, rule, kinds, constants, asked_for) for counted in group)
    if rule.coverage == "subject":
        found = f"SELECT f.subject_id AS k, f.id, min(f.occurred_on) AS day FROM ({facts}) f GROUP BY 1, 2"
    else:
        covered = (
            OWN_OF_COUNTY if (rule.coverage, rule.unit) == ("own", "county") else COVERAGE[rule.coverage]
        )
        found = (
            f"SELECT u.unit_lo AS k, f.id, min(f.occurred_on) AS day FROM u JOIN ({facts}) f ON {covered}"
            " GROUP BY 1, 2"
        )
    minimum = max(1, rule.minimum)
    nth = "min(day)" if minimum == 1 else f"(array_agg(day ORDER BY day))[{minimum}]"
    return f"h{number} AS MATERIALIZED (SELECT k, count(*)::int AS n, {nth} AS nth FROM ({found}) AS hit GROUP BY k)"


def _facts(
    counted: CountedKind, rule: ObligationRule, kinds: Kinds, constants: dict[str, Any], asked_for: str
) -> str:
    conditions = qualifying(counted, rule, kinds, constants)
    if rule.coverage == "subject":
        # An array, not a semi-join: it reaches the index of each room's table through view and policy.
        conditions.append(f"subject_id = ANY({asked_for})")
    return (
        "SELECT id, occurred_on, by_body, scope_lo, scope_hi, subject_id"
        f" FROM {view_name(counted.kind)} WHERE {' AND '.join(conditions)}"
    )


def qualifying(
    counted: CountedKind, rule: ObligationRule, kinds: Kinds, constants: dict[str, Any]
) -> list[str]:
    """When a fact of the kind counts, by its days and the plan's filter; values go into `constants`."""
    conditions = ["occurred_on >= %(start)s::date AND occurred_on < %(until)s::date"]
    if rule.period.kind == STANDING:
        conditions = ["occurred_on <= %(as_of)s::date AND (ended_on IS NULL OR ended_on > %(as_of)s::date)"]
    for name, values in counted.where.items():
        key = f"w{len(constants)}"
        constants[key] = list(values)
        conditions.append(condition(kinds.get(counted.kind), name, f"%({key})s::text[]"))
    return conditions


def condition(kind: Kind, name: str, values: str) -> str:
    """A filter of the plan as SQL: the kind's own field, a field of every fact, or an attribute."""
    if name == "by":
        return BY.format(values=values)
    if name == "confirmed":
        return f"{YES_OR_NO} = ANY({values})"
    if name in kind.where:
        field = kind.where[name]
        sql = field.sql.replace("%", "%%")
        return f"({sql})::text[] && {values}" if field.many else f"({sql})::text = ANY({values})"
    if name == "category":
        return f"category = ANY({values})"
    return f"attributes ->> '{name}' = ANY({values})"


def counted(rule: ObligationRule, groups: int) -> tuple[str, str, str]:
    """SQL for the count and the day it was met, and the joins of `h0…` to `u` that both need."""
    key = "subject" if rule.coverage == "subject" else "unit_lo"
    joins = " ".join(f"LEFT JOIN h{number} ON h{number}.k = u.{key}" for number in range(groups))
    if groups == 1:
        return "COALESCE(h0.n, 0)", "h0.nth", joins
    each = [f"h{number}.nth" for number in range(groups)]
    count = " + ".join(f"({nth} IS NOT NULL)::int" for nth in each)
    missing = " OR ".join(f"{nth} IS NULL" for nth in each)
    return count, f"CASE WHEN NOT ({missing}) THEN GREATEST({', '.join(each)}) END", joins


def verdict(rule: ObligationRule, more: str = "") -> str:
    """`w` and `d` from `j`; `more` are columns of `j` that `d` carries on, each after a comma."""
    needed, behind = asked(rule), []
    if rule.pace == "even":
        behind = [(BEHIND_EVEN.format(needed=needed), "behind_even")]
    elif rule.pace == "tail":
        behind = [("%(tail)s", "behind_tail")]
    if not rule.countable:
        cases = [
            ("%(not_started)s", "not_started"),
            ("met_on IS NOT NULL", "done_freely"),
            ("TRUE", "nothing_due"),
        ]
    elif rule.period.kind == STANDING:
        cases = [
            ("exemption IS NOT NULL", "exemption"),
            ("met_on IS NOT NULL", "standing_met"),
            ("TRUE", "standing_missing"),
        ]
    else:
        cases = [
            ("%(not_started)s", "not_started"),
            ("exemption IS NOT NULL", "exemption"),
            ("%(free)s", "no_school_days"),
            ("met_on <= %(due_on)s::date", "in_time"),
            ("met_on IS NOT NULL", "late"),
            ("%(over)s", "not_done"),
            *behind,
            ("TRUE", "running"),
        ]
    return VERDICT.format(
        cases=" ".join(f"WHEN {condition} THEN '{why}'" for condition, why in cases),
        states=" ".join(f"WHEN '{why}' THEN '{STATE_OF[why]}'" for _, why in cases),
        needed=needed,
        more=more,
    ).strip()
