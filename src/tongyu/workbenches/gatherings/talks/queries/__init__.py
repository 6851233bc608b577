"""Named reads of talks: the school's side and a guardian's."""

from tongyu.workbenches.gatherings.talks.queries.days import (
    DeskList,
    Line,
    Teacher,
    answering,
    desk_lists,
    teachers,
    visible_days,
    with_counts,
)
from tongyu.workbenches.gatherings.talks.queries.own import (
    Offer,
    Pair,
    invited_days,
    offers,
    own_bookings,
    pairs,
)

__all__ = [
    "DeskList",
    "Line",
    "Offer",
    "Pair",
    "Teacher",
    "answering",
    "desk_lists",
    "invited_days",
    "offers",
    "own_bookings",
    "pairs",
    "teachers",
    "visible_days",
    "with_counts",
]
