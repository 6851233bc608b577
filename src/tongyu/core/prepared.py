"""Statements that PostgreSQL plans once per connection instead of every time they are asked.

For the few large statements of a hot path whose text never changes. Behind PgBouncer in transaction mode this needs
its `max_prepared_statements` (1.21 or newer).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor

GENERIC = "set_config('plan_cache_mode', 'force_generic_plan', true)"
"""To be selected in the transaction: keep to one plan from the first time on, whatever the values."""


@contextmanager
def prepared_cursor(using: str = DEFAULT_DB_ALIAS) -> Iterator[Any]:
    """A cursor whose statements stay prepared on the connection. Values are bound, never written into the text.

    Pass named values through `untyped`.
    """
    connection: Any = connections[using]
    connection.ensure_connection()
    raw = connection.connection
    usual = raw.cursor_factory
    raw.prepare_threshold, raw.cursor_factory = 0, ServerBindingCursor
    try:
        cursor = connection.cursor()
    finally:
        raw.cursor_factory = usual
    with cursor:
        yield cursor


def untyped(values: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers as texts, whose type the statement decides; psycopg would pick one by size, and prepare anew."""
    return {name: str(value) if type(value) is int else value for name, value in values.items()}
