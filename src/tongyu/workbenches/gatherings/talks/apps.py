"""Individual talks of teachers and guardians, by appointment."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Days on which teachers of a school receive families, their slots, and who booked which."""

    name = "tongyu.workbenches.gatherings.talks"
    label = "talks"

    def ready(self) -> None:
        """Talks follow the pupils who leave a school, and the classes and schools that change."""
        from tongyu.directory.reorganising.after import on_reorganised
        from tongyu.directory.transfers import after
        from tongyu.workbenches.gatherings.talks.actions.following import follow_reorganisation
        from tongyu.workbenches.gatherings.talks.actions.releasing import on_move

        after.on_move(on_move)
        on_reorganised(follow_reorganisation)
