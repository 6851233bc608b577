"""What the rooms tell a guardian's home page: what is asked now, what was told this week, and where to go.

A room registers one function per list; each asks one query for all of the asker's children.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.registry import Registry

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One thing that is asked of the guardian now."""

    student_id: UUID | None
    """The child it is about; None when it is about the family."""
    title: str
    line: str
    url: str
    icon: str
    button: str
    order: int = 100
    """The smaller, the more urgent."""


@dataclass(frozen=True)
class Told:
    """One line about the child of this week: a badge, a sentence, the day."""

    student_id: UUID
    badge: str
    tone: str
    """A tone of `{% badge %}`: green lime blue amber red stone pale violet."""
    text: str
    day: date
    url: str = ""


@dataclass(frozen=True)
class Asking:
    """A room's list of tasks."""

    key: str
    find: Callable[[Asker, date], Sequence[Task]]


@dataclass(frozen=True)
class Telling:
    """A room's lines of the week that ends on the day."""

    key: str
    find: Callable[[Asker, date], Sequence[Told]]


@dataclass(frozen=True)
class Tile:
    """A way on from the home page: icon, label, a short line."""

    key: str
    label: Any
    icon: str
    url_name: str
    line: Callable[[Asker, date], str]
    order: int = 100


asked: Registry[Asking] = Registry("what a guardian is asked")
told: Registry[Telling] = Registry("what a guardian is told")
tiles: Registry[Tile] = Registry("a guardian's way on")


_page: ContextVar[dict[str, Any] | None] = ContextVar("tongyu_family_page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Wrap the making of one guardian's page: what several of a room's lists read is read once (`kept`)."""
    token = _page.set({})
    try:
        yield
    finally:
        _page.reset(token)


def kept(key: str, make: Callable[[], T]) -> T:
    """What `make` gives, once a page; outside of one each time."""
    page = _page.get()
    if page is None:
        return make()
    if key not in page:
        page[key] = make()
    found: T = page[key]
    return found


def tasks_of(asker: Asker, on: date) -> list[Task]:
    """Everything asked of the guardian, the urgent first."""
    found = [task for room in asked for task in room.find(asker, on)]
    return sorted(found, key=lambda task: (task.order, task.title, str(task.student_id)))


def told_of(asker: Asker, on: date) -> list[Told]:
    """Everything told this week, the latest first."""
    found = [line for room in told for line in room.find(asker, on)]
    return sorted(found, key=lambda line: (line.day, line.text), reverse=True)
