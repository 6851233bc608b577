"""Gatherings: every event, whatever its type."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Parent meetings, guidance, lectures, ceremonies, trips, volunteering, training, drills."""

    name = "tongyu.workbenches.gatherings.events"
    label = "events"
