"""Sixth floor: who has done what."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """Listens to the records, so that a duty stands right the moment a record is saved."""

    name = "tongyu.duties"
    label = "duties"
    verbose_name = _("履责")

    def ready(self) -> None:
        """Subscribe to the life of records and to imports of rosters; guard the days that are closed."""
        from tongyu.core import closed_days
        from tongyu.directory.roster import after
        from tongyu.duties.closing.guard import why_closed
        from tongyu.duties.refresh import on_record
        from tongyu.records import life

        after.on_import(import_module("tongyu.duties.jobs").on_import)
        life.on_change(on_record)
        closed_days.register(why_closed)
        import_module("tongyu.duties.closing.tasks")
