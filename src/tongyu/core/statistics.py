"""The query planner's knowledge of tables that have just been filled.

Until autovacuum comes by, about a minute later, it takes a full table for an empty one, and a statement of a
millisecond for one that may as well read everything.
"""

from django.db import connection, models

MANY = 5000
"""Rows written at once from which on it is worth asking for fresh statistics."""


def refresh_statistics(*filled: type[models.Model]) -> None:
    """Have the tables of these models analyzed, in the running transaction (its own rows count)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fresh_statistics(%s::regclass[])", [[one._meta.db_table for one in filled]])
