"""Periods closed and restated."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """The periods and how each stands, the certificate of a closing, what changed since."""

    name = "tongyu.portals.closing"
    label = "closing"
