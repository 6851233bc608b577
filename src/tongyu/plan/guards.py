"""Who may object to a number that would change the past: higher floors say here which days are closed.

    guards.register("duties.closing", lambda county, day: _("…已经结账。") if closed(county, day) else "")

A guard is asked with a county and the first day from which something would change. It answers with one sentence in
Chinese when a period that holds this day, or a later one, is closed there, and with nothing otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tongyu.core.registry import Registry


@dataclass(frozen=True)
class Guard:
    """One objection, by whom it is made."""

    key: str
    objects: Callable[[int, date], str]


_guards: Registry[Guard] = Registry("guard of closed days")


def register(key: str, objects: Callable[[int, date], str]) -> None:
    """Add a guard while the apps start; raises RegistryError for a key that is taken."""
    _guards.register(Guard(key, objects))


def objection(county: int, day: date) -> str:
    """The first objection to a change from that day on, or nothing."""
    return next((said for guard in _guards if (said := guard.objects(county, day))), "")
