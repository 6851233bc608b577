"""Bulletins (通知): to the families of a class, grade, school, township or county; to read, to confirm, to sign."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """The room of bulletins."""

    name = "tongyu.workbenches.families.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        """A roll-over is not undone under a bulletin that went to its new classes."""
        from tongyu.directory.rollover.after import before_undo
        from tongyu.workbenches.families.bulletins import queries

        before_undo(queries.at_new_places)
