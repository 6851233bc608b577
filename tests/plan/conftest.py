"""The shipped edition, and copies of it to spoil."""

import shutil
from pathlib import Path

import pytest
from django.db import connections

from tongyu.plan import loader, reader


@pytest.fixture(scope="session")
def edition() -> reader.Edition:
    """The shipped edition as read from its files."""
    return reader.read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped edition."""
    return Path(shutil.copytree(reader.DEFAULT_EDITION, tmp_path / "edition"))


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition stands in the tests' database, committed by the owner."""
    with django_db_blocker.unblock():
        loader.load()
        connections["owner"].close()
