"""Suggestions of guardians to their children's school, and its dated answers."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """A suggestion, its deadline, its answer."""

    name = "tongyu.workbenches.families.suggestions"
    label = "suggestions"
