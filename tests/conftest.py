"""The database of the tests: made through the owner, used as the application's role, like in production."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from support.site import FLAGS, chromium_program
from tongyu.config import embedded, environment

TEACHING_DAY = date(2026, 11, 23)


def database_name(worker: str = "") -> str:
    """The tests' database; each xdist worker has an own one."""
    return environment.TEST_DB.value() + (f"_{worker}" if worker and worker != "master" else "")


def make_database(name: str) -> None:
    """An empty, migrated database of that name; what stood there before is dropped."""
    environment.static_folder().mkdir(parents=True, exist_ok=True)
    owner = embedded.start()
    with psycopg.connect(embedded.with_parts(owner, database="postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    embedded.bootstrap(embedded.owner_url(name))
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    with psycopg.connect(embedded.with_parts(owner, database=name), autocommit=True) as connection:
        # Nothing of a test outlives a power failure.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    call_command("migrate", database="owner", verbosity=0)


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


def empty(cursor: Any) -> None:
    """Truncate the tables that hold rows: truncating all of them takes a second."""
    cursor.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'plan_%' "
        "AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
    )
    tables = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    )
    filled = ", ".join(name for (name,) in cursor.fetchall())
    if filled:
        cursor.execute(f"TRUNCATE {filled} RESTART IDENTITY CASCADE")


@pytest.fixture(autouse=True)
def plain_settings(settings: object) -> None:
    """A fixed day, fast password hashes, no manifest of static files."""
    settings.TONGYU_TODAY = TEACHING_DAY
    settings.TONGYU_BOARD_SECONDS = 0
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
