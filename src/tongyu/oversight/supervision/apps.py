"""Supervision notices, warnings by pace, and the one digest a day."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Notices are sent by people; closing, escalation and digests follow from standings and the calendar."""

    name = "tongyu.oversight.supervision"
    label = "supervision"
    verbose_name = _("督办")

    def ready(self) -> None:
        """Tell the worker what runs by the clock."""
        import_module("tongyu.oversight.supervision.jobs")
