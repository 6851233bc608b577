"""First floor: bodies, terms, people, roster."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Who and where."""

    name = "tongyu.directory"
    label = "directory"

    def ready(self) -> None:
        from tongyu.directory import sign_in_audit

        sign_in_audit.connect()
