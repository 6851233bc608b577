"""The boards of duties."""

from django.apps import AppConfig

from tongyu.oversight import pages


class DutyBoardConfig(AppConfig):
    """Obligations, places, names: from any figure to its clause and its records."""

    name = "tongyu.portals.duty_board"
    label = "duty_board"

    def ready(self) -> None:
        """Tell the floor below where its figures are shown."""
        pages.drawn_at(rate="duty_board:place", duty="duty_board:standing")
