"""Page chrome and components; no domain noun."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Base templates, component tags, menu, lists, forms, charts."""

    name = "tongyu.shell"
    label = "shell"
