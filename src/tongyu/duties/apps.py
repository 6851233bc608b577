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
        """Subscribe to the life of records, to imports of rosters, and to pupils who move."""
        from tongyu.directory.roster import after
        from tongyu.directory.transfers.after import on_move
        from tongyu.duties import moves
        from tongyu.duties.refresh import on_record
        from tongyu.records import life

        after.on_import(import_module("tongyu.duties.jobs").on_import)
        life.on_change(on_record)
        on_move(moves.on_move)
