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
        """Subscribe to what changes duties: records, rosters, moves, the roll-over; guard the days that are closed."""
        from tongyu.core import closed_days
        from tongyu.directory.rollover import after as roll_over
        from tongyu.directory.roster import after
        from tongyu.directory.transfers.after import on_move
        from tongyu.duties import moves
        from tongyu.duties.closing.guard import why_closed
        from tongyu.duties.queries.exemptions import at_new_places
        from tongyu.duties.refresh import on_record
        from tongyu.records import life

        jobs = import_module("tongyu.duties.jobs")
        after.on_import(jobs.on_import)
        roll_over.on_roll_over(jobs.on_roll_over, jobs.on_roll_over)
        roll_over.before_undo(at_new_places)
        life.on_change(on_record)
        on_move(moves.on_move)
        closed_days.register(why_closed)
        import_module("tongyu.duties.closing.tasks")
