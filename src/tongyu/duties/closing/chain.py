"""What is hashed, and how: one canonical text for a value, SHA-256 over it, each closing over the one before."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from tongyu.duties.closing.models import ClosedDuty, Closing

FIRST = "0" * 64
"""What the first closing of a county stands on."""
PLAIN = (
    "lo",
    "hi",
    "number",
    "period_key",
    "edition",
    "by_account",
    "by_name",
    "reason",
    "standings",
    "changed",
)
DAYS = ("first_on", "end_on", "settled_on", "closed_on")
DUTY = ("obligation_id", "period_key", "rule_hash", "inputs_hash", "standings", "standings_hash")


def canonical(value: Any) -> str:
    """The value as JSON that is the same wherever it was: keys in order, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def hash_of(closing: Closing, duties: Iterable[ClosedDuty]) -> str:
    """The closing's own hash: over the hash before, all that its certificate says, and each duty's hashes in order."""
    told: dict[str, Any] = {name: getattr(closing, name) for name in PLAIN}
    told |= {name: getattr(closing, name).isoformat() for name in DAYS}
    told["closed_at"] = closing.closed_at.astimezone(UTC).isoformat(timespec="microseconds")
    told |= {"id": str(closing.pk), "basis": closing.basis, "counts": closing.counts}
    told["duties"] = sorted(_duty(duty) for duty in duties)
    return digest({"before": closing.before, "closing": told})


def _duty(duty: ClosedDuty) -> list[Any]:
    return [*(getattr(duty, name) for name in DUTY), digest(duty.period), digest(duty.counts)]


def plain(value: Any) -> Any:
    """The value as it will be read back from the database."""
    return json.loads(json.dumps(value))
