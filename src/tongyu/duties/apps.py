"""Sixth floor: who has done what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """Listens to the records, so that a duty stands right the moment a record is saved."""

    name = "tongyu.duties"
    label = "duties"
    verbose_name = _("履责")
