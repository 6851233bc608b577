"""The condition under which an asker sees a tally or a standing: the place is inside, or the body owes it."""

from dataclasses import dataclass

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


def seen(asker: Asker, place: Range | None = None, alias: str = "t", column: str = "place") -> tuple[str, list[int]]:
    """SQL and its parameters. Without a narrower place a body also sees what it owes elsewhere."""
    inside = narrowed(asker, place)
    bearer = "bearer" if column == "place" else "bearer_org"
    if place is None:
        sql = (
            f"(({alias}.{column} >= %s AND {alias}.{column} < %s)"
            f" OR ({alias}.{bearer} >= %s AND {alias}.{bearer} < %s))"
        )
        return sql, [inside.lo, inside.hi, asker.lo, asker.hi]
    sql = (
        f"({alias}.{column} >= %s AND {alias}.{column} < %s AND (({alias}.{column} >= %s AND {alias}.{column} < %s)"
        f" OR ({alias}.{bearer} >= %s AND {alias}.{bearer} < %s)))"
    )
    return sql, [place.lo, place.hi, asker.lo, asker.hi, asker.lo, asker.hi]
