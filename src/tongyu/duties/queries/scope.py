"""The condition under which an asker sees a tally or a standing: the place is inside, or the body owes it."""

from dataclasses import dataclass
from typing import Any

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


@dataclass(frozen=True)
class Range:
    """Places `[lo, hi)`."""

    lo: int
    hi: int


def county_of(asker: Asker) -> int:
    """The county in which the asker's body lies."""
    return codes.containing(asker.body_code, BodyKind.COUNTY)


def narrowed(asker: Asker, place: Range | None) -> Range:
    """The asker's range, or the part of it that was asked for."""
    if place is None:
        return Range(asker.lo, asker.hi)
    return Range(max(asker.lo, place.lo), min(asker.hi, place.hi))


def seen(
    asker: Asker, place: Range | None = None, alias: str = "t", column: str = "place"
) -> tuple[str, list[Any]]:
    """SQL and its parameters. A body, and a department asked for as place, also shows what it owes elsewhere."""
    inside = narrowed(asker, place)
    bearer = "bearer" if column == "place" else "bearer_org"
    if place is None:
        sql = (
            f"(({alias}.{column} >= %s AND {alias}.{column} < %s)"
            f" OR ({alias}.{bearer} >= %s AND {alias}.{bearer} < %s))"
        )
        return sql, [inside.lo, inside.hi, asker.lo, asker.hi]
    asked, parameters = f"{alias}.{column} >= %s AND {alias}.{column} < %s", [place.lo, place.hi]
    if _directly_under_the_county(place):
        asked = f"({asked} OR {alias}.{bearer} >= %s AND {alias}.{bearer} < %s)"
        parameters *= 2
    sql = (
        f"({asked} AND (({alias}.{column} >= %s AND {alias}.{column} < %s)"
        f" OR ({alias}.{bearer} >= %s AND {alias}.{bearer} < %s)))"
    )
    return sql, [*parameters, asker.lo, asker.hi, asker.lo, asker.hi]


def _directly_under_the_county(place: Range) -> bool:
    """A department or office: what it owes lies with schools and townships too."""
    width = codes.WIDTH[BodyKind.DEPARTMENT]
    return place.hi - place.lo == width and codes.containing(place.lo, BodyKind.TOWNSHIP) == codes.containing(
        place.lo, BodyKind.COUNTY
    )
