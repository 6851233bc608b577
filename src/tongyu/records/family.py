"""What the rooms tell a guardian's home page: what is asked now, what was told this week, and where to go.

A room registers one function per list; each asks one query for all of the asker's children. Most rooms have nothing
to say to a family on most days: so each says in SQL when it might (`when`), one statement asks them all at once, and
only the rooms that might are asked.

`when` is a boolean expression, true whenever there is something, and sometimes when there is not. It may name
`%(students)s` (uuid[]), `%(places)s` (the classes of the children and every place around them, bigint[]), `%(account)s`
(bigint, as text), `%(on)s` (the day) and `%(moment)s` (the instant), and reads under the guardian's own scope.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any, TypeVar
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.clock import moment
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.core.registry import Registry
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind

ALWAYS = "TRUE"

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
    when: str = ALWAYS


@dataclass(frozen=True)
class Telling:
    """A room's lines of the week that ends on the day."""

    key: str
    find: Callable[[Asker, date], Sequence[Told]]
    when: str = ALWAYS


@dataclass(frozen=True)
class Tile:
    """A way on from the home page: icon, label, a short line."""

    key: str
    label: Any
    icon: str
    url_name: str
    line: Callable[[Asker, date], str]
    order: int = 100
    when: str = ALWAYS
    otherwise: Any = ""
    """The line when there is nothing to ask the room for."""


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


@dataclass(frozen=True)
class Home:
    """What the rooms say to a guardian on a day."""

    tasks: list[Task]
    """Everything asked of the guardian, the urgent first."""
    told: list[Told]
    """Everything told this week, the latest first."""
    lines: dict[str, str]
    """The short line of each tile, by its key."""


def home_of(asker: Asker, on: date) -> Home:
    """Ask every room that might have something. One query, and those of these rooms."""
    might = _might(asker, on)
    tasks = [task for room in asked if room.when in might for task in room.find(asker, on)]
    lines = [line for room in told if room.when in might for line in room.find(asker, on)]
    under = {tile.key: tile.line(asker, on) if tile.when in might else str(tile.otherwise) for tile in tiles}
    return Home(
        sorted(tasks, key=lambda task: (task.order, task.title, str(task.student_id))),
        sorted(lines, key=lambda line: (line.day, line.text), reverse=True),
        under,
    )


def _might(asker: Asker, on: date) -> set[str]:
    """The conditions that hold for the guardian. One query, planned once."""
    values = {
        "students": [ward.student_id for ward in asker.wards],
        "places": sorted({place for ward in asker.wards for place in _around(ward.org)}),
        "account": asker.account_id,
        "on": on,
        "moment": moment(),
    }
    conditions = sorted({one.when for one in (*asked, *told, *tiles)} - {ALWAYS})
    with prepared_cursor() as cursor:
        cursor.execute(_statement(tuple(conditions)), untyped(values))
        return {ALWAYS, *compress(conditions, cursor.fetchone()[0])}


def _around(class_code: int) -> tuple[int, ...]:
    """The class, and every place that holds it."""
    kinds = (BodyKind.GRADE, BodyKind.SCHOOL, BodyKind.TOWNSHIP, BodyKind.COUNTY)
    return (class_code, *(codes.containing(class_code, kind) for kind in kinds))


@lru_cache
def _statement(conditions: tuple[str, ...]) -> str:
    """All in one; the last part gives every value its type, whichever of them a condition names."""
    return (
        f"SELECT ARRAY[{', '.join(conditions)}] FROM (SELECT %(students)s::uuid[], %(places)s::bigint[],"
        " %(account)s::bigint, %(on)s::date, %(moment)s::timestamptz) AS typed"
    )
