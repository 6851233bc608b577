"""Second floor, beside the plan: messages and the ways they take."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Messages, inboxes, channels."""

    name = "tongyu.notices"
    label = "notices"
