"""What follows from an import, told to whoever stands above: the directory does not know who listens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tongyu.core.access import Asker
from tongyu.directory.models import Appointment


@dataclass(frozen=True)
class Imported:
    """An import, or a change of schools, that has just been written, in the transaction that is still running."""

    by: Asker
    day: date
    ended: Sequence[Appointment] = ()
    """Appointments that the import ended, as they stood before."""
    reason: str = ""
    """Why they ended, where it is not that the file names another holder."""


Subscriber = Callable[[Imported], None]
_subscribers: list[Subscriber] = []


def on_import(subscriber: Subscriber) -> Subscriber:
    """Call `subscriber(imported)` for every import, in its transaction and under the scope of who asked for it."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


def tell(imported: Imported) -> None:
    """Tell all subscribers."""
    for subscriber in _subscribers:
        subscriber(imported)
