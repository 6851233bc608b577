"""What waits for somebody at work: rooms and portals register, the home pages of schools show it.

Asked for after the page has come, so that a room more makes no page slower.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tongyu.core.access import Asker
from tongyu.core.registry import Registry
from tongyu.shell.rows import Line


@dataclass(frozen=True)
class Waiting:
    """One list of what waits, for these roles (keys); one query, and no line when nothing waits."""

    key: str
    roles: tuple[str, ...]
    find: Callable[[Asker, date], Sequence[Line]]


waits: Registry[Waiting] = Registry("what waits at work")


def lines_for(asker: Asker, on: date) -> list[Line]:
    """Everything that waits for the asker, in the order of registration."""
    return [line for one in waits if asker.role.key in one.roles for line in one.find(asker, on)]
