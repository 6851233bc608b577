"""Who waits for whom: a refresh holds its schools, a recomputation of more than one school the whole county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.prepared import prepared_cursor
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind

SCHOOL = codes.WIDTH[BodyKind.SCHOOL]
LOCK = (
    "SELECT mark::text, classes FROM"
    " duties_lock(%s::text[], %s::bigint, %s::boolean, %s::bigint[], %s::uuid[], %s::bigint)"
)


@dataclass(frozen=True)
class Held:
    """What a transaction holds until its end, and what it read once it held it.

    `mark` names plan and calendar as they are now; `classes` are those that the pupils have ever been in.
    """

    alone: bool
    schools: frozenset[int]
    mark: str
    classes: Sequence[int]

    def covers(self, ranges: Iterable[tuple[int, int]]) -> bool:
        """Whether nobody else can be at work in these places."""
        return self.alone or all(
            not reaches_out(lo, hi) and school_of(lo) in self.schools for lo, hi in ranges
        )


def hold(county: int, ranges: Iterable[tuple[int, int]], pupils: Sequence[UUID] = ()) -> Held:
    """Wait for the schools of these ranges and of the pupils' classes, or for the whole county; one query.

    More than one school in one range needs the county alone. Whoever holds a school already must not ask again.
    """
    places = list(ranges)
    alone = any(reaches_out(lo, hi) for lo, hi in places)
    schools = [] if alone else sorted({school_of(lo) for lo, _hi in places})
    backend: Any = connection
    key = str(county // codes.WIDTH[BodyKind.COUNTY])
    with prepared_cursor() as cursor:
        whole = "true" if alone else "false"
        cursor.execute(LOCK, [backend.carry_scope(), key, whole, schools, list(pupils), str(SCHOOL)])
        mark, classes = cursor.fetchone()
    return Held(alone, frozenset([*schools, *map(school_of, classes)]), mark, classes)


def school_of(code: int) -> int:
    """The code of the school in whose range the code lies."""
    return code - code % SCHOOL


def reaches_out(lo: int, hi: int) -> bool:
    """Whether the range holds more than one school."""
    return lo // SCHOOL != (hi - 1) // SCHOOL
