"""The plan in the database, and trial kinds: every record kind of the plan as rows of one plain table."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from duties import trials
from tongyu.plan import loader


@pytest.fixture(scope="session")
def plan(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped edition, loaded once by the owner; every test only reads it."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture(scope="session")
def trial(plan: None, django_db_blocker: Any) -> Iterator[None]:
    """The table of trial facts and one fact view per kind."""
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        trials.create(cursor)
    yield
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        trials.drop(cursor)
