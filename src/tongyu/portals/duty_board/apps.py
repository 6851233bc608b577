"""The boards of duties."""

from django.apps import AppConfig


class DutyBoardConfig(AppConfig):
    """Obligations, places, names: from any figure to its clause and its records."""

    name = "tongyu.portals.duty_board"
    label = "duty_board"
