"""The database of the tests: made through the owner, used as the application's role, like in production."""

import gc
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections

from support.databases import empty, make_database
from support.site import FLAGS, chromium_program
from tongyu.config import environment

TEACHING_DAY = date(2026, 11, 23)

# A slow draw says that the machine was busy, nothing about the code.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")


def database_name(worker: str = "") -> str:
    """The tests' database; each xdist worker has an own one."""
    return environment.TEST_DB.value() + (f"_{worker}" if worker and worker != "master" else "")


def pytest_configure() -> None:
    """Refusals are what thousands of cells ask for: nobody reads a line and a traceback about each."""
    logging.getLogger("django.request").setLevel(logging.ERROR)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first, so that none of them is left over for one process at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The xdist worker's name, or nothing."""
    return getattr(request.config, "workerinput", {}).get("workerid", "")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureDef, worker: str) -> Iterator[None]:
    """Replaces pytest-django's: the application's role may not create databases or tables."""
    pool = settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)
    with django_db_blocker.unblock():
        make_database(database_name(worker))
    yield
    for alias in ("default", "owner"):
        connections[alias].close()
    if pool:
        settings.DATABASES["default"]["OPTIONS"]["pool"] = pool


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[None]:
    """For races and jobs: real commits; afterwards the owner empties every table but the plan's and Django's."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all():
            connection.close()
        with connections["owner"].cursor() as cursor:
            empty(cursor)
        connections["owner"].close()


@pytest.fixture(autouse=True)
def plain_settings(settings: object) -> None:
    """A fixed day, fast password hashes, no manifest of static files."""
    settings.TONGYU_TODAY = TEACHING_DAY
    settings.TONGYU_BOARD_SECONDS = 0
    settings.TONGYU_CHANNELS = {}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless; one for the whole run, since Playwright's loop cannot be opened twice."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        yield browser
        browser.close()
