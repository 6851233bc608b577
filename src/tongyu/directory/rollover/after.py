"""What follows from a roll-over and from its undoing, told to whoever stands above: the directory does not know who."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.directory.models import Appointment


@dataclass(frozen=True)
class Kept:
    """A row as it was before the roll-over changed it, and what the change wrote; for undoing it."""

    subject: str
    row_id: str
    org: int
    before: dict[str, Any] | None
    after: dict[str, Any]


@dataclass(frozen=True)
class Event:
    """A roll-over that has just been written, or undone, in the transaction that is still running."""

    by: Asker
    county: int
    day: date
    """The first day of the new school year."""
    closed: Sequence[int] = ()
    """Codes of the grades and classes that have graduated."""
    ended: Sequence[Appointment] = ()
    """Appointments that end with it, as they stood before; when undone those that stand again."""
    kept: list[Kept] = field(default_factory=list)
    """A subscriber adds the rows of its own that it changes; when undone it finds them here again."""

    def of(self, subject: str) -> list[Kept]:
        """The rows of one table."""
        return [one for one in self.kept if one.subject == subject]


@dataclass(frozen=True)
class Made:
    """What a roll-over made, and what undoing it would take away."""

    county: int
    bodies: Sequence[int]
    enrolments: Sequence[UUID]


@dataclass(frozen=True)
class Obstacle:
    """Why a roll-over cannot be undone: something that rests on it, how often and where."""

    what: Any
    places: dict[int, int]


Subscriber = Callable[[Event], None]
Check = Callable[[Made], Iterable[Obstacle]]
_done: list[Subscriber] = []
_undone: list[Subscriber] = []
_checks: list[Check] = []


def on_roll_over(done: Subscriber, undone: Subscriber) -> None:
    """Call `done` for every roll-over and `undone` when one is undone, each in its transaction."""
    if done not in _done:
        _done.append(done)
        _undone.append(undone)


def before_undo(check: Check) -> Check:
    """Ask `check` what rests on a roll-over before it is undone."""
    if check not in _checks:
        _checks.append(check)
    return check


def tell_done(event: Event) -> None:
    """Tell all subscribers of a roll-over."""
    for subscriber in _done:
        subscriber(event)


def tell_undone(event: Event) -> None:
    """Tell all subscribers that it is undone."""
    for subscriber in _undone:
        subscriber(event)


def obstacles(made: Made) -> list[Obstacle]:
    """What stands in the way above the directory."""
    return [one for check in _checks for one in check(made) if one.places]
