"""Contested figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    """Opened by the body that a figure judges, answered by the office."""

    name = "tongyu.oversight.disputes"
    label = "disputes"
    verbose_name = _("异议")
