"""Daily notes: how a child does at school, told to the own parents."""

from django.apps import AppConfig


class DailyNotesConfig(AppConfig):
    """The room of the kind `daily_note`."""

    name = "tongyu.workbenches.families.daily_notes"
    label = "daily_notes"
