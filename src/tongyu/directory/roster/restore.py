"""Puts rows back as a change set has them: what was inserted goes, what was changed or deleted stands as before."""

from collections.abc import Callable

from django.apps import apps
from django.db import connection
from psycopg import sql

STAGE = """
CREATE TEMPORARY TABLE roster_parts (
    part bigint, seq bigint, subject text, row_id text, act text, before jsonb, after jsonb, mark text
) ON COMMIT DROP
"""
LOAD = """
INSERT INTO roster_parts
SELECT %s, (r ->> 0)::bigint, r ->> 1, r ->> 2, r ->> 3, NULLIF(r -> 4, 'null'), NULLIF(r -> 5, 'null'), r ->> 6
FROM jsonb_array_elements(%s::jsonb -> 'rows') r
"""
NET = """
CREATE TEMPORARY TABLE roster_undo ON COMMIT DROP AS
SELECT f.subject, f.row_id, f.before, l.after, l.mark,
       CASE WHEN f.act = 'i' THEN 'i' WHEN l.act = 'd' THEN 'd' ELSE 'u' END AS act
FROM (
    SELECT subject, row_id, min(ARRAY[part, seq]) AS first, max(ARRAY[part, seq]) AS last
    FROM roster_parts GROUP BY subject, row_id
) s
JOIN roster_parts f ON f.subject = s.subject AND f.row_id = s.row_id AND ARRAY[f.part, f.seq] = s.first
JOIN roster_parts l ON l.subject = s.subject AND l.row_id = s.row_id AND ARRAY[l.part, l.seq] = s.last
WHERE NOT (f.act = 'i' AND l.act = 'd')
"""
CHANGED = """
SELECT DISTINCT e.key FROM roster_undo u CROSS JOIN LATERAL jsonb_each(u.before) e
WHERE u.subject = %s AND u.act = 'u' AND (u.after -> e.key) IS DISTINCT FROM e.value
"""
INSERTED = sql.SQL(
    "DELETE FROM {table} t USING roster_undo u WHERE u.subject = {name} AND u.act = 'i' AND t.{key} = u.row_id::{type}"
)
UPDATED = sql.SQL(
    "UPDATE {table} t SET {setting} FROM roster_undo u, LATERAL jsonb_populate_record(NULL::{table}, u.before) r "
    "WHERE u.subject = {name} AND u.act = 'u' AND t.{key} = u.row_id::{type}"
)
DELETED = sql.SQL(
    "INSERT INTO {table} SELECT r.* FROM roster_undo u, LATERAL jsonb_populate_record(NULL::{table}, u.before) r "
    "WHERE u.subject = {name} AND u.act = 'd'"
)


def restore(report: Callable[[int, int], None]) -> int:
    """Put back every row of the table `roster_undo`; returns how many. Must run inside a transaction.

    First what was inserted goes, in every table, so that no unique constraint stands in the way of what was before.
    """
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, count(*) FROM roster_undo GROUP BY subject ORDER BY subject DESC")
        counts = dict(cursor.fetchall())
        total = sum(counts.values())
        for statement in (INSERTED, UPDATED, DELETED):
            for subject in counts:
                parts = _parts(subject)
                if statement is UPDATED:
                    cursor.execute(CHANGED, [subject])
                    columns = [sql.Identifier(row[0]) for row in cursor.fetchall()]
                    if not columns:
                        continue
                    parts["setting"] = sql.SQL(", ").join(
                        sql.SQL("{0} = r.{0}").format(one) for one in columns
                    )
                cursor.execute(statement.format(**parts))
                done += cursor.rowcount
                report(min(done, total), total)
    return done


def drop_stage() -> None:
    """Take the temporary tables away, for another change set in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS roster_parts, roster_undo")


def _parts(subject: str) -> dict[str, sql.Composable]:
    """The names of a table that an import may have changed, for the statements."""
    key, kind = key_of(subject)
    return {
        "table": sql.Identifier(subject),
        "name": sql.Literal(subject),
        "key": sql.Identifier(key),
        "type": sql.SQL(kind),
    }


def key_of(subject: str) -> tuple[str, str]:
    """The primary key of a table and its type."""
    model = next(one for one in apps.get_models() if one._meta.db_table == subject)
    return str(model._meta.pk.column), str(model._meta.pk.rel_db_type(connection))
