"""What can be done with talks: offer a day, book, change and cancel, block a time, call the day off."""

from tongyu.workbenches.gatherings.talks.actions.booking import Wanted, book, book_for, cancel_booking
from tongyu.workbenches.gatherings.talks.actions.keeping import (
    block_slot,
    cancel_day,
    end_booking,
    unblock_slot,
)
from tongyu.workbenches.gatherings.talks.actions.offering import Desk, offer_day
from tongyu.workbenches.gatherings.talks.actions.releasing import release

__all__ = [
    "Desk",
    "Wanted",
    "block_slot",
    "book",
    "book_for",
    "cancel_booking",
    "cancel_day",
    "end_booking",
    "offer_day",
    "release",
    "unblock_slot",
]
