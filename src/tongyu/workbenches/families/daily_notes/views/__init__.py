"""The pages of daily notes for the school."""

from tongyu.workbenches.families.daily_notes.views.lists import note_list
from tongyu.workbenches.families.daily_notes.views.notes import correct, detail
from tongyu.workbenches.families.daily_notes.views.phrases import phrases
from tongyu.workbenches.families.daily_notes.views.writing import class_page, withdraw_batch

__all__ = ["class_page", "correct", "detail", "note_list", "phrases", "withdraw_batch"]
