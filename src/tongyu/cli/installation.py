"""The installation this command works on: its settings and its database.

`tongyu.config` stands above this floor: it is named here, never imported, as Django does with settings.
"""

import os
from importlib import import_module
from typing import Any

SETTINGS = "tongyu.config.settings"


def environment() -> Any:
    """The table of settings, `tongyu.config.environment`."""
    return import_module("tongyu.config.environment")


def database() -> Any:
    """Start, bootstrap and stop: `tongyu.config.embedded`."""
    return import_module("tongyu.config.embedded")


def load_django() -> None:
    """Load settings and apps, once."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def connect() -> None:
    """Make sure a database answers, then load Django: what most commands begin with."""
    database().start()
    database().bootstrap()
    load_django()


def troubles() -> tuple[type[Exception], ...]:
    """The errors of an installation that are told in one line, without a traceback."""
    return (environment().SettingError, database().DatabaseError)
