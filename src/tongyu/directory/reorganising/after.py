"""What follows from a change of schools, told to whoever stands above: the directory does not know who listens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


@dataclass(frozen=True)
class Reorganised:
    """A change that has just been written, in the transaction that is still running; the duties follow."""

    by: Asker
    day: date
    paper: str
    successors: Mapping[int, int]
    """Code of the class that closes → of the class that goes on in its place; where a school only changes its
    township, of the school and its grades too."""
    closed: Sequence[int]
    """Codes of the school and grades that close and that nothing takes the place of."""

    def taken_over(self) -> dict[int, int]:
        """`successors`, and each closed school whose classes all go on in one other school → that school."""
        found = dict(self.successors)
        for code in self.closed:
            if code % codes.WIDTH[BodyKind.SCHOOL] == 0:
                inside = (new for old, new in self.successors.items() if _school_of(old) == code)
                schools = {_school_of(new) for new in inside}
                if len(schools) == 1:
                    found[code] = schools.pop()
        return found


def _school_of(code: int) -> int:
    """The school in which a class stands."""
    return codes.containing(code, BodyKind.SCHOOL)


Subscriber = Callable[[Reorganised], None]
_subscribers: list[Subscriber] = []


def on_reorganised(subscriber: Subscriber) -> Subscriber:
    """Call `subscriber(event)` for every change of schools, in its transaction and under the office's scope."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


def tell_reorganised(event: Reorganised) -> None:
    """Tell all subscribers."""
    for subscriber in _subscribers:
        subscriber(event)
