"""Statements that PostgreSQL plans once per connection instead of every time they are asked.

For the few statements of a hot path whose text never changes. Behind PgBouncer in transaction mode this needs
its `max_prepared_statements` (1.21 or newer). The setting `prepare_threshold` of the database must be 0.
"""

import re
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import RawCursor

GENERIC = "set_config('plan_cache_mode', 'force_generic_plan', true)"
"""To be selected in the transaction: keep to one plan from the first time on, whatever the values."""

PLACES = re.compile(r"%%|%\((\w+)\)s|%s")


class PreparedCursor(RawCursor[Any]):
    """Takes statements as Django's cursors do, and hands them to PostgreSQL prepared, with `$1` for each value.

    The text is translated once: psycopg would parse the long ones again every time.
    """

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "PreparedCursor":
        """Values are bound, never written into the text. Pass named ones through `untyped`."""
        text, names = _numbered(query)
        values = [params[name] for name in names] if names else params
        super().execute(text, values, **kwargs)
        return self


def prepared_cursor(using: str = DEFAULT_DB_ALIAS) -> Any:
    """A cursor, to be used in `with`, whose statements stay prepared on the connection."""
    connection: Any = connections[using]
    return connection.own_cursor(PreparedCursor)


def untyped(values: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers as texts, whose type the statement decides; psycopg would pick one by size, and prepare anew."""
    return {name: str(value) if type(value) is int else value for name, value in values.items()}


@lru_cache(maxsize=1024)
def _numbered(query: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$n` for `%s` and `%(name)s`; and the names in their order, none for `%s`."""
    names: list[str] = []
    plain = 0

    def number(found: re.Match[str]) -> str:
        nonlocal plain
        if found[0] == "%%":
            return "%"
        if found[1] is None:
            plain += 1
            return f"${plain}"
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return PLACES.sub(number, query), tuple(names)
