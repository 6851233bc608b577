"""A prefecture from a county: every row copied under shifted codes and ids, by SQL alone.

Codes move by whole counties, UUIDs and blind indexes by a hash, numeric ids by a wide step, each the same
everywhere, so references between the copies stay right. Encrypted columns are copied as they are: in the copies
they would not decrypt, and no figure reads them.
"""

from typing import Any

import psycopg
from psycopg import sql

CODES = frozenset(
    "code hi org lo scope_lo scope_hi parent_id succeeded_by_id place bearer bearer_org unit_org body county_id".split()
)
IDS = frozenset("id account_id by_account school_year_id".split())
TEXTS = frozenset({"username"})
LEFT_OUT = (
    "plan_%",
    "auth_%",
    "django_%",
    "procrastinate_%",
    "account_%",
    "audit_event",
    "core_%",
    "bench_%",
    "directory_session",
    "duties_rulebook",
)
COUNTY_WIDTH, ID_STEP = 10**11, {"bigint": 10**9, "integer": 10**8}

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), i.indisprimary IS TRUE
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attgenerated = ''
  AND NOT c.relname LIKE ANY(%s) ORDER BY c.relname, a.attnum
"""


def multiply(url: str, wanted: int, have: int) -> int:
    """Copy the county until there are `wanted` pupils or more; returns the number of copies made."""
    copies = -(-wanted // have) - 1
    with psycopg.connect(url) as connection:
        # Triggers and foreign keys would check every copied row again; needs the server's superuser.
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, columns in _tables(connection).items():
            connection.execute(_copy(table, columns), {"copies": copies})
        connection.commit()
    return copies


def _tables(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind, _ in connection.execute(COLUMNS, [list(LEFT_OUT)]):
        found.setdefault(table, []).append((column, kind))
    return {table: columns for table, columns in found.items() if any(_moves(*column) for column in columns)}


def _moves(column: str, kind: str) -> bool:
    return kind == "uuid" or (kind == "bigint" and column in CODES) or (kind in ID_STEP and column in IDS)


def _copy(table: str, columns: list[tuple[str, str]]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns)
    values = sql.SQL(", ").join(_shifted(column, kind) for column, kind in columns)
    return sql.SQL(
        "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE "
        "SELECT {values} FROM {table} t CROSS JOIN generate_series(1::bigint, %(copies)s) AS k"
    ).format(table=sql.Identifier(table), names=names, values=values)


def _shifted(column: str, kind: str) -> sql.Composed:
    name = sql.SQL("t.") + sql.Identifier(column)
    if kind == "uuid":
        return sql.SQL("md5({0}::text || k)::uuid").format(name)
    if kind == "bytea" and column.endswith("_index"):
        return sql.SQL("substring(sha256({0} || k::text::bytea) FROM 1 FOR 16)").format(name)
    if column in CODES and kind == "bigint":
        return sql.SQL("{0} + k * {1}").format(name, sql.Literal(COUNTY_WIDTH))
    if column in IDS and kind in ID_STEP:
        return sql.SQL("{0} + k * {1}").format(name, sql.Literal(ID_STEP[kind]))
    if column in TEXTS:
        return sql.SQL("{0} || '_' || k").format(name)
    if column == "school_code":
        return sql.SQL(
            "CASE WHEN {0} = '' THEN '' ELSE chr(64 + k::int) || substring({0} FROM 2) END"
        ).format(name)
    return sql.SQL("{0}").format(name)
