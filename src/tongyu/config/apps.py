"""The roof: brings rooms and portals into the registries, then closes the list of kinds."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

from tongyu.config import rooms


class ConfigConfig(AppConfig):
    """Last in INSTALLED_APPS, so that every floor below is ready."""

    name = "tongyu.config"
    label = "config"

    def ready(self) -> None:
        from tongyu.records.kinds import kinds

        rooms.register_kinds()
        for package in (*rooms.portal_packages(), *rooms.oversight_packages()):
            if find_spec(f"{package}.menu"):
                import_module(f"{package}.menu")
        kinds.close()
