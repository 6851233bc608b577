"""What stands against closing a period, told by those who know: open disputes, unanswered notices.

A part of the house that keeps such things signs in at start; the closing asks all of them and knows none.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Blocked:
    """One thing to settle first, in words. `refuses` is False for what is only to be known."""

    text: str
    refuses: bool = True


Windows = Collection[tuple[int, str]]
"""(obligation, key of its window), each of which the closing would freeze."""
Blocker = Callable[[int, Windows], Sequence[Blocked]]
"""Given the county's code and the windows; runs under the scope of whoever closes."""
_blockers: list[Blocker] = []


def register(blocker: Blocker) -> Blocker:
    """Have this blocker asked, once however often it is registered."""
    if blocker not in _blockers:
        _blockers.append(blocker)
    return blocker


def blocked(county: int, windows: Windows) -> list[Blocked]:
    """Everything that stands against freezing these windows."""
    return [one for blocker in _blockers for one in blocker(county, windows)]
