"""Days that are closed: whoever changes what held on a day asks here first, and is refused in words.

The floor that closes periods signs in at start; the floors below, which it may not be imported by, ask.
"""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError

Guard = Callable[[date, int | None], str]
"""Given a day and a county's code (None: any county), the refusal in Chinese, or nothing when the day is open."""
_guards: list[Guard] = []


def register(guard: Guard) -> Guard:
    """Have this guard asked, once however often it is registered."""
    if guard not in _guards:
        _guards.append(guard)
    return guard


def why_closed(day: date, county: int | None = None) -> str:
    """Why nothing that holds from that day may be changed, or nothing."""
    return next((told for guard in _guards if (told := guard(day, county))), "")


def refuse_closed(field: str, day: date, county: int | None = None) -> None:
    """Raise ValidationError at `field` when the day lies in a closed period (of the county; of any by default)."""
    told = why_closed(day, county)
    if told:
        raise ValidationError({field: told})
