"""What a dispute kept when it was opened, and what an answer rests on: records and standings, never an opinion.

Plain JSON without names: whoever reads it later sees the names that are in the own range then.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.context import acting, system_scope
from tongyu.directory.roles import OfficeStaff
from tongyu.duties.explain import Evidence, records_of
from tongyu.duties.models import Standing
from tongyu.duties.queries import Unit
from tongyu.oversight import figures
from tongyu.oversight.disputes.models import Dispute
from tongyu.oversight.figures import Figure
from tongyu.records.facts import facts_of

MOST = 200
EACH = 20


@dataclass(frozen=True)
class Proof:
    """The figure today against the figure then."""

    exists: bool
    """False when nothing is owed there any more."""
    now: dict[str, Any]
    changed: list[dict[str, Any]] = field(default_factory=list)
    """Standings of the figure that changed since, each with its state now; of the ticked ones also the one then."""
    records: list[dict[str, Any]] = field(default_factory=list)
    """The records on which the contested duties rest today."""
    gone: list[dict[str, Any]] = field(default_factory=list)
    """Records that counted then and count no more: corrected or withdrawn."""
    differs: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept with the answer."""
        return {"now": self.now, "changed": self.changed, "records": self.records, "gone": self.gone}


def snapshot(asker: Asker, figure: Figure, ticked: Sequence[Unit], on: date) -> dict[str, Any]:
    """The figure, and the records behind its contested duties, as they are."""
    units = _contested(figure.unit, ticked)
    return {**_shown(figure.counts, figure.unit), "records": _records(asker, units, on)}


def kept(units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The ticked duties as they are, without names."""
    return [
        {
            "standing": unit.id,
            "place": unit.unit_org,
            "subject": str(unit.subject) if unit.subject else None,
            "state": unit.state,
            "count": unit.count,
        }
        for unit in units
    ]


def compare(asker: Asker, dispute: Dispute, on: date) -> Proof:
    """The figure today, and everything that is different from the moment at which it was contested.

    Read whole, whoever asks: a body that is asked for its side does not reach the other body's duties.
    """
    with acting(system_scope("disputes")):
        return _single(asker, dispute, on) if dispute.bearer is not None else _rate(asker, dispute, on)


def _single(asker: Asker, dispute: Dispute, on: date) -> Proof:
    unit = figures.duty_now(dispute.obligation_id, dispute.period_key, dispute.place, dispute.subject)
    if unit is None:
        return Proof(exists=False, now={}, differs=True)
    return _against(asker, dispute, on, _shown({unit.state: 1}, unit), [unit])


def _rate(asker: Asker, dispute: Dispute, on: date) -> Proof:
    counts = figures.counts_in(dispute.obligation_id, dispute.period_key, dispute.place, dispute.hi)
    if not sum(counts.values()):
        return Proof(exists=False, now={}, differs=True)
    ticked = [one["standing"] for one in dispute.units]
    units = figures.duties_of(dispute.obligation_id, ticked) if ticked else []
    return _against(asker, dispute, on, _shown(counts, None), units)


def _against(asker: Asker, dispute: Dispute, on: date, now: dict[str, Any], units: Sequence[Unit]) -> Proof:
    records, then = _records(asker, units, on), dispute.was.get("records", [])
    known = {(one["kind"], one["id"]) for one in records}
    gone = [one for one in then if (one["kind"], one["id"]) not in known]
    moved = any(now.get(name) != dispute.was.get(name) for name in ("counts", "count"))
    differs = bool(gone) or moved or _moved(dispute, units)
    return Proof(True, now, _changed(dispute) if differs else [], records, gone, differs)


def makers(proof: Proof, then: Sequence[dict[str, Any]]) -> list[int]:
    """The bodies that made the records in question: whoever may know more about them."""
    return sorted({body for one in (*proof.records, *proof.gone, *then) for body in one["by"]})


def may_read(asker: Asker, record: dict[str, Any]) -> bool:
    """Whether kind and day of a kept record are told: to the office, and where it was made."""
    return asker.role is OfficeStaff or any(asker.reaches(body) for body in record["by"])


def _contested(unit: Unit | None, ticked: Sequence[Unit]) -> list[Unit]:
    return [unit] if unit else list(ticked)


def _shown(counts: dict[str, int], unit: Unit | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"counts": {state: number for state, number in counts.items() if number}}
    return shown | ({"count": unit.count, "needed": unit.needed} if unit else {})


def _records(asker: Asker, units: Sequence[Unit], on: date) -> list[dict[str, Any]]:
    """All of them, whoever may see them: what is kept holds no name and no content, `may_read` says who is told.

    A body that is only named as co-organiser would not see the very record that it objects to.
    """
    found: dict[tuple[str, UUID], Evidence] = {}
    with acting(system_scope("disputes")):
        for evidence in records_of(asker, units, on, each=EACH).values():
            found |= {(one.kind, one.id): one for one in evidence}
        kept = list(found.values())[:MOST]
        made: dict[UUID, set[int]] = {}
        for kind in {one.kind for one in kept}:
            for fact in facts_of(kind, [one.id for one in kept if one.kind == kind]):
                made.setdefault(fact.id, set()).add(fact.by_body)
    return [{**_plain(one), "by": sorted(made.get(one.id, ()))} for one in kept]


def _plain(one: Evidence) -> dict[str, Any]:
    return {**asdict(one), "id": str(one.id), "occurred_on": one.occurred_on.isoformat()}


def _moved(dispute: Dispute, units: Sequence[Unit]) -> bool:
    """Whether a ticked duty stands otherwise, or is gone."""
    now = {unit.id: (unit.state, unit.count) for unit in units}
    return any(now.get(one["standing"]) != (one["state"], one["count"]) for one in dispute.units)


def _changed(dispute: Dispute) -> list[dict[str, Any]]:
    rows = Standing.objects.filter(
        obligation_id=dispute.obligation_id,
        period_key=dispute.period_key,
        changed_at__gte=dispute.opened_at,
        unit_org__gte=dispute.place,
        unit_org__lt=dispute.hi,
    )
    if dispute.subject:
        rows = rows.filter(subject=dispute.subject)
    before = {one["standing"]: one["state"] for one in dispute.units}
    if dispute.bearer is not None:
        before = dict.fromkeys(rows.values_list("pk", flat=True), next(iter(dispute.was["counts"]), ""))
    return [
        {"standing": pk, "was": before.get(pk, ""), "state": state}
        for pk, state in rows.order_by("unit_org", "id").values_list("pk", "state")[:MOST]
    ]
