"""The inbox."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """What people were told, under each hat the own."""

    name = "tongyu.portals.inbox"
    label = "inbox"
