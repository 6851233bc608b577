"""What is kept of daily notes."""

from tongyu.workbenches.families.daily_notes.models.notes import Category, DailyNote
from tongyu.workbenches.families.daily_notes.models.phrases import STARTERS, PhraseBook

__all__ = ["STARTERS", "Category", "DailyNote", "PhraseBook"]
