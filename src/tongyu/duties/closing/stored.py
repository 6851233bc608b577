"""A duty read back from its closing: rule, window and query from what was stored, whatever the plan says today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import derive
from tongyu.duties.closing.models import ClosedDuty
from tongyu.duties.periods import STANDING, Period
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
    """One closed duty, ready to be derived anew. `pk` is its row of edition 0, `editions` all its rows in order."""

    pk: int
    editions: Sequence[int]
    rule: ObligationRule
    period: Period
    why_not: str

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
    before = stored.get("forerunners", ())
    rule = build(stored["compiled"], stored["parameters"], duty.obligation_id, before)
    return StoredDuty(duty.pk, tuple(pks), rule, period_from(duty.period), stored["why_not"])


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


def derivation(engine: "Engine", duty: StoredDuty, lo: int, hi: int) -> tuple[str, dict[str, Any]]:
    """The WITH list that ends in `d` for the places, and its values; of what cannot be measured one unknown row."""
    values = derive.parameters(duty.rule, duty.period, duty.judged_on, lo, hi)
    values |= {"duty": duty.pk, "editions": list(duty.editions), "county": engine.county}
    if duty.why_not:
        return UNKNOWN, {**values, "closed_why": duty.why_not}
    statement = engine.closed_statement(duty)
    return statement.ctes, {**values, **statement.constants}


def whole(county: int) -> tuple[int, int]:
    """The range of the county."""
    return county, codes.upper(county, BodyKind.COUNTY)
