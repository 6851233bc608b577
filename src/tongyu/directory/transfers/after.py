"""What goes with a move, told to whoever stands above: the directory does not know who listens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Move:
    """A pupil who leaves a class and enters another on a day; one of the two is missing across the county's border."""

    student: UUID
    county: int
    day: date
    left: int | None
    entered: int | None

    @property
    def classes(self) -> list[int]:
        """The classes whose pupils are others from now on."""
        return sorted({code for code in (self.left, self.entered) if code is not None})


Subscriber = Callable[[Move], AbstractContextManager[None]]
_subscribers: list[Subscriber] = []


def on_move(subscriber: Subscriber) -> Subscriber:
    """Enter `subscriber(move)` around every move, in its transaction.

    What it does before the `yield` may lock, or refuse by raising ValidationError (field `day`); what comes after
    sees the pupil in the new class.
    """
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


@contextmanager
def moving(move: Move) -> Iterator[None]:
    """Wrap the writing of a move."""
    with ExitStack() as stack:
        for subscriber in _subscribers:
            stack.enter_context(subscriber(move))
        yield
