"""What the query planner does not know: tables that have just been filled, and how far a scope reaches.

Until autovacuum comes by, about a minute later, it takes a full table for an empty one, and a statement of a
millisecond for one that may as well read everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

MANY = 5000
"""Rows written at once from which on it is worth asking for fresh statistics."""


def refresh_statistics(*filled: type[models.Model]) -> None:
    """Have the tables of these models analyzed, in the running transaction (its own rows count)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fresh_statistics(%s::regclass[])", [[one._meta.db_table for one in filled]])


@contextmanager
def without_nested_loops() -> Iterator[Any]:
    """A cursor for statements over more than a school; the caller is in a transaction.

    The policies hide from the planner how much of a table is in reach, and it takes every range for a small one; over
    a county its nested loops never end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
