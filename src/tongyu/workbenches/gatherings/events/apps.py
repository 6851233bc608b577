"""Gatherings: every event, whatever its type."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Parent meetings, guidance, lectures, ceremonies, trips, volunteering, training, drills."""

    name = "tongyu.workbenches.gatherings.events"
    label = "events"

    def ready(self) -> None:
        """What is planned follows the classes and schools that change."""
        from tongyu.directory.reorganising.after import on_reorganised
        from tongyu.workbenches.gatherings.events.actions.following import follow_reorganisation

        on_reorganised(follow_reorganisation)
