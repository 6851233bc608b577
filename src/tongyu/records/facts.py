"""The fact row: one record seen the one way that the engine, the exports and the API share.

Each kind has a PostgreSQL view `fact_<kind>` over its `facts` SELECT, made after every migration. The views are
`security_invoker`: whoever reads them sees what row-level security lets them see.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from tongyu.core.prepared import prepared_cursor, untyped

COLUMNS: tuple[tuple[str, str], ...] = (
    ("kind", "text"),
    ("id", "uuid"),
    ("occurred_on", "date"),
    ("ended_on", "date"),
    ("recorded_at", "timestamp with time zone"),
    ("received_at", "timestamp with time zone"),
    ("by_body", "bigint"),
    ("by_role", "text"),
    ("scope_lo", "bigint"),
    ("scope_hi", "bigint"),
    ("subject_kind", "text"),
    ("subject_id", "uuid"),
    ("category", "text"),
    ("quantity", "numeric"),
    ("confirmed", "boolean"),
    ("attributes", "jsonb"),
    ("source_url", "text"),
)
NAMES = tuple(name for name, _ in COLUMNS)


@dataclass(frozen=True)
class Fact:
    """One fact row. Days are China's calendar days, instants are aware UTC.

    `ended_on` is the exclusive end of what holds for a time (a term of office); None means open or a single day.
    `[scope_lo, scope_hi)` is what the record covers; `by_body` is who did it. One record may give several rows
    (one per visitor, one per organiser): count distinct ids.
    """

    kind: str
    id: UUID
    occurred_on: date
    ended_on: date | None
    recorded_at: Any
    received_at: Any
    by_body: int
    by_role: str
    scope_lo: int
    scope_hi: int
    subject_kind: str | None
    subject_id: UUID | None
    category: str
    quantity: Any
    confirmed: bool | None
    attributes: dict[str, Any]
    source_url: str


def view_name(kind: str) -> str:
    """The name of the kind's fact view."""
    return f"fact_{kind}"


def facts_of(kind: str, ids: Iterable[UUID]) -> list[Fact]:
    """The fact rows of these records, as the scope in force sees them. Withdrawn records have none."""
    with prepared_cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(NAMES)} FROM {view_name(kind)} WHERE id = ANY(%s::uuid[])", [list(ids)]
        )
        return [Fact(*map(_value, NAMES, row)) for row in cursor.fetchall()]


def _value(name: str, value: Any) -> Any:
    """Django's cursors give JSON as text."""
    return json.loads(value) if name == "attributes" and isinstance(value, str) else value


def create_views(using: str, selects: Iterable[tuple[str, str]]) -> None:
    """Make or remake the view of each (kind, SELECT). Casting to the canonical types keeps the contract exact."""
    columns = ", ".join(f"f.{name}::{kind} AS {name}" for name, kind in COLUMNS)
    with connections[using].cursor() as cursor:
        for kind, select in selects:
            cursor.execute(
                f"CREATE OR REPLACE VIEW {view_name(kind)} WITH (security_invoker = true) AS "
                f"SELECT {columns} FROM ({select}) AS f"
            )


def drop_views(using: str, kinds: Iterable[str]) -> None:
    """Take the views away, so that a migration may change the columns beneath them."""
    with connections[using].cursor() as cursor:
        for kind in kinds:
            cursor.execute(f"DROP VIEW IF EXISTS {view_name(kind)}")


class Happened(NamedTuple):
    """A record in short."""

    kind: str
    category: str
    source_url: str


def happened_on(day: date, lo: int, hi: int, kinds: Iterable[str], limit: int = 20) -> list[Happened]:
    """What happened on that day at the places in `[lo, hi)`: one row per record, the latest first. One query.

    For pages that many open: prepared, because planning so many views takes longer than running them.
    """
    asked = tuple(kinds)
    if not asked:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(_happened(asked), untyped({"day": day, "lo": lo, "hi": hi, "limit": limit}))
        return [Happened(*row) for row in cursor.fetchall()]


@lru_cache(maxsize=64)
def _happened(kinds: tuple[str, ...]) -> str:
    columns = ", ".join(Happened._fields)
    each = " UNION ALL ".join(
        f"(SELECT DISTINCT ON (id) {columns}, received_at FROM {view_name(kind)} "
        "WHERE occurred_on = %(day)s AND scope_lo >= %(lo)s AND scope_lo < %(hi)s AND ended_on IS NULL)"
        for kind in kinds
    )
    return f"SELECT {columns} FROM ({each}) AS f ORDER BY received_at DESC LIMIT %(limit)s"
