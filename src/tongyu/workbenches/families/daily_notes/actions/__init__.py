"""Named writes of daily notes and of the lines to choose from, and the week's digest."""

from tongyu.workbenches.families.daily_notes.actions.telling import tell_week
from tongyu.workbenches.families.daily_notes.actions.writing import (
    KEPT,
    Whom,
    correct_note,
    keep_phrases,
    remember_phrase,
    withdraw_batch,
    write_notes,
)

__all__ = [
    "KEPT",
    "Whom",
    "correct_note",
    "keep_phrases",
    "remember_phrase",
    "tell_week",
    "withdraw_batch",
    "write_notes",
]
