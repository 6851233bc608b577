"""The ground floor: no word of education."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Clock, access, row-level security, audit, encryption, files, sheets, jobs."""

    name = "tongyu.core"
    label = "core"
