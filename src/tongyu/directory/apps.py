"""First floor: bodies, terms, people, roster."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who and where."""

    name = "tongyu.directory"
    label = "directory"
