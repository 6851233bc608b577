"""Contested figures."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    """Opened by the body that a figure judges, answered by the office."""

    name = "tongyu.oversight.disputes"
    label = "disputes"
    verbose_name = _("异议")

    def ready(self) -> None:
        """What is contested stands against closing its period."""
        from tongyu.duties.closing import blockers

        blockers.register(import_module("tongyu.oversight.disputes.marks").against_closing)
