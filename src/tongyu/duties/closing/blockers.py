"""What stands against closing a period, told by those who know: open disputes, unanswered notices.

A part of the house that keeps such things signs in at start; the closing asks all of them and knows none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Blocked:
    """One thing to settle first, in words. `refuses` is False for what is only to be known."""

    text: str
    refuses: bool = True


Blocker = Callable[[int, date, date], Sequence[Blocked]]
"""Given the county's code and the days `[first, end)` of the period; runs under the scope of whoever closes."""
_blockers: list[Blocker] = []


def register(blocker: Blocker) -> Blocker:
    """Have this blocker asked, once however often it is registered."""
    if blocker not in _blockers:
        _blockers.append(blocker)
    return blocker


def blocked(county: int, first: date, end: date) -> list[Blocked]:
    """Everything that stands against closing the days."""
    return [one for blocker in _blockers for one in blocker(county, first, end)]
