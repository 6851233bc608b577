"""Where the result of a job is to be seen: the portal that asks for a kind of job tells it here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.models import JobProgress


@dataclass(frozen=True)
class Result:
    """A link beside a finished job."""

    href: str
    label: Any


Finder = Callable[[Asker, Sequence[JobProgress]], dict[UUID, Result]]
_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """Tell how the results of jobs of this kind are found, many at once."""
    if _finders.setdefault(kind, finder) is not finder:
        raise ValueError(f"results of {kind!r} are told already")


def of(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, Result]:
    """The results of these jobs that the asker may open, by job: one look per kind, however many jobs there are."""
    results: dict[UUID, Result] = {}
    for kind in {one.kind for one in found} & _finders.keys():
        results |= _finders[kind](asker, [one for one in found if one.kind == kind])
    return results
