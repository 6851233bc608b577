"""A duty read back from its closing: rule, window and query from what was stored, whatever the plan says today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import derive
from tongyu.duties.closing.models import ClosedDuty, ClosedNumber
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.segments import Segment, cut
from tongyu.plan.book import parameter_keys
from tongyu.plan.rules import TAIL_SHARE, ObligationRule, build

if TYPE_CHECKING:
    from tongyu.duties.engine import Engine

UNKNOWN = """
d AS (SELECT NULL::uuid AS subject, %(county)s::bigint AS place, %(county)s::bigint AS bearer_org,
             'unknown'::text AS state, 0 AS count, 0 AS needed, NULL::date AS met_on, %(closed_why)s::text AS why,
             NULL::jsonb AS detail
      WHERE %(county)s::bigint >= %(lo)s AND %(county)s::bigint < %(hi)s)"""


@dataclass(frozen=True)
class StoredDuty:
    """One closed duty, ready to be derived anew. `pk` is its row of edition 0, `editions` all its rows in order.

    `own` are the schools where it was closed with their own numbers, by place.
    """

    pk: int
    editions: Sequence[int]
    rule: ObligationRule
    period: Period
    why_not: str
    own: Sequence[Segment] = ()

    @property
    def judged_on(self) -> date:
        """The day as of which its standings are final."""
        return self.period.due_on if self.period.key == STANDING else self.period.settled_on


def keys_of(county: int) -> dict[tuple[int, str], list[int]]:
    """The closed duties of a county, (obligation, period) → rows by edition. What must hold every day never closes."""
    rows = (
        ClosedDuty.objects.filter(lo=county)
        .exclude(period_key=STANDING)
        .order_by("pk")
        .values_list("obligation_id", "period_key", "pk")
    )
    found: dict[tuple[int, str], list[int]] = {}
    for obligation, key, pk in rows:
        found.setdefault((obligation, key), []).append(pk)
    return found


def read(pks: Sequence[int]) -> StoredDuty:
    """The duty whose rows by edition these are, from what its closing stored; nothing else is asked."""
    return from_row(ClosedDuty.objects.get(pk=pks[0]), pks)


def from_row(duty: ClosedDuty, pks: Sequence[int]) -> StoredDuty:
    """The same from the row of edition 0."""
    stored = duty.rule
    rule = build(stored["compiled"], stored["parameters"], duty.obligation_id)
    own = _own(duty, pks[0]) if "own" in stored else ()
    return StoredDuty(duty.pk, tuple(pks), rule, period_from(duty.period), stored["why_not"], own)


def own_numbers(root: int) -> list[Any]:
    """With which schools' own numbers the duty of edition 0 was closed, as its digest takes them. One query."""
    rows = ClosedNumber.objects.filter(duty=root).order_by("org")
    return [list(row) for row in rows.values_list("org", "hi", "parameters")]


def _own(duty: ClosedDuty, root: int) -> list[Segment]:
    compiled = duty.rule["compiled"]
    return [
        (org, hi, build(compiled, parameters, duty.obligation_id))
        for org, hi, parameters in own_numbers(root)
    ]


def period_as_json(period: Period) -> dict[str, Any]:
    """The window, without the calendar it came from: nothing of that matters once the window is over."""
    return {
        "key": period.key,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "late_until": period.late_until.isoformat() if period.late_until else None,
        "school_days": period.school_days,
    }


def period_from(stored: Mapping[str, Any]) -> Period:
    """The reverse of `period_as_json`."""
    late = stored["late_until"]
    return Period(
        stored["key"],
        date.fromisoformat(stored["start"]),
        date.fromisoformat(stored["end"]),
        date.fromisoformat(late) if late else None,
        stored["school_days"],
    )


def numbers_of(compiled: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the plan's numbers on which the compiled rule rests."""
    return {key: values[key] for key in sorted({*parameter_keys(compiled), TAIL_SHARE})}


def derivations(engine: "Engine", duty: StoredDuty, lo: int, hi: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each range of the places in order: the WITH list that ends in `d`, and its values (`lo`, `hi` its bounds).

    Of what cannot be measured one unknown row.
    """
    if duty.why_not:
        yield UNKNOWN, {**values_of(engine, duty, lo, hi), "closed_why": duty.why_not}
        return
    for start, end, rule in cut(lo, hi, duty.rule, duty.own):
        statement = engine.closed_statement(duty, rule)
        values = values_of(engine, duty, start, end, rule)
        yield statement.ctes, {**values, **statement.constants}


def values_of(
    engine: "Engine", duty: StoredDuty, lo: int, hi: int, rule: ObligationRule | None = None
) -> dict[str, Any]:
    """The values of the derivation of the places, where the duty reads like `rule` (default: as in the county)."""
    values = derive.parameters(rule or duty.rule, duty.period, duty.judged_on, lo, hi)
    return values | {"duty": duty.pk, "editions": list(duty.editions), "county": engine.county}


def whole(county: int) -> tuple[int, int]:
    """The range of the county."""
    return county, codes.upper(county, BodyKind.COUNTY)
