"""Individual talks of teachers and guardians, by appointment."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Days on which teachers of a school receive families, their slots, and who booked which."""

    name = "tongyu.workbenches.gatherings.talks"
    label = "talks"

    def ready(self) -> None:
        from tongyu.directory.transfers import after
        from tongyu.workbenches.gatherings.talks.actions.releasing import on_move

        after.on_move(on_move)
