"""The pages of talks: the school's and a guardian's."""

from tongyu.workbenches.gatherings.talks.views.family import book, cancel, family_day, family_list
from tongyu.workbenches.gatherings.talks.views.school import (
    block,
    book_for,
    call_off,
    day,
    end,
    list_days,
    new,
    unblock,
)

__all__ = [
    "block",
    "book",
    "book_for",
    "call_off",
    "cancel",
    "day",
    "end",
    "family_day",
    "family_list",
    "list_days",
    "new",
    "unblock",
]
