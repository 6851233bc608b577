"""The roll-over's pages."""

from django.apps import AppConfig


class RollOverConfig(AppConfig):
    """Preparation, preview, run and undo of a county's roll-over."""

    name = "tongyu.portals.rollover"
    label = "rollover"
