"""What the rooms tell a guardian's home page: what is asked now, what was told this week, and where to go.

A room registers one function per list; each asks one query for all of the asker's children.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.registry import Registry


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


def tasks_of(asker: Asker, on: date) -> list[Task]:
    """Everything asked of the guardian, the urgent first."""
    found = [task for room in asked for task in room.find(asker, on)]
    return sorted(found, key=lambda task: (task.order, task.title, str(task.student_id)))


def told_of(asker: Asker, on: date) -> list[Told]:
    """Everything told this week, the latest first."""
    found = [line for room in told for line in room.find(asker, on)]
    return sorted(found, key=lambda line: (line.day, line.text), reverse=True)
