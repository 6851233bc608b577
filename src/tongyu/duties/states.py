"""The states of a duty. They never merge; only those of `DUE` enter a rate."""

from collections.abc import Mapping

NOT_DUE = "not_due"
IN_PROGRESS = "in_progress"
BEHIND_PACE = "behind_pace"
MET = "met"
MET_LATE = "met_late"
MISSING = "missing"
EXEMPT = "exempt"
UNKNOWN = "unknown"

STATES = (MET, MET_LATE, IN_PROGRESS, BEHIND_PACE, MISSING, NOT_DUE, EXEMPT, UNKNOWN)
DONE = (MET, MET_LATE)
LAGGING = (MISSING, BEHIND_PACE)
OPEN = (*LAGGING, IN_PROGRESS)
DUE = (*DONE, *OPEN)


def rate(counts: Mapping[str, int]) -> float | None:
    """The share done of what is due, 0 to 1; None when nothing is due."""
    due = sum(counts.get(state, 0) for state in DUE)
    return sum(counts.get(state, 0) for state in DONE) / due if due else None
