"""What rests on an import by now and speaks against undoing it: later changes of its rows, records about new people.

Nothing here knows the rooms: it looks at every table that the audit watches, for foreign keys, places and subjects.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql

from tongyu.core.context import acting, system_scope
from tongyu.directory.models import Body, Student
from tongyu.directory.roster.restore import key_of

LATER = sql.SQL(
    "SELECT count(*) FROM roster_undo u LEFT JOIN {table} t ON t.{key} = u.row_id::{type} "
    "WHERE u.subject = {name} AND ((u.act <> 'd' AND "
    "(t.{key} IS NULL OR md5((to_jsonb(t) - {added}::text[])::text) <> u.mark)) "
    "OR (u.act = 'd' AND t.{key} IS NOT NULL))"
)
REFERRING = sql.SQL(
    "SELECT count(*) FROM {table} t WHERE t.{column} IN "
    "(SELECT u.row_id::{type} FROM roster_undo u WHERE u.subject = {target} AND u.act = 'i') "
    "AND NOT EXISTS (SELECT FROM roster_undo o WHERE o.subject = {name} AND o.row_id = t.{key}::text)"
)
WATCHED = """
SELECT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
WHERE g.tgname = 'audit_insert' AND c.relnamespace = 'public'::regnamespace
"""
FOLLOWING = """
SELECT c.relname, a.attname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
WHERE f.contype = 'f' AND f.confupdtype = 'c'
"""
"""Columns that follow their pupil into another class by themselves, and back again."""
OWN = ("directory_roster", "directory_handchange")


def reasons_against(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Why the change set in `roster_undo` cannot be undone; empty when it can. `columns`: the tables' as they were."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT subject FROM roster_undo ORDER BY subject")
        touched = [row[0] for row in cursor.fetchall()]
        for subject in touched:
            if count := _later(cursor, subject, columns.get(subject, ())):
                text = _("%(what)s：%(count)d 条在导入之后又改动过。")
                found.append(text % {"what": _called(subject), "count": count})
        cursor.execute(WATCHED)
        watched = {row[0] for row in cursor.fetchall() if not row[0].startswith(OWN)}
        cursor.execute(FOLLOWING)
        following = set(cursor.fetchall())
        totals: dict[str, int] = {}
        for table, column, target in _references(watched, touched):
            if column == "org" and (table, column) in following:
                continue
            # What only those concerned may see, such as a conversation, speaks against it too: it is counted unseen.
            with acting(system_scope("undo")):
                totals[table] = max(totals.get(table, 0), _referring(cursor, table, column, target))
    for table, count in totals.items():
        if count:
            text = _("%(what)s：%(count)d 条记录在这次新增的人或班级名下。")
            found.append(text % {"what": _called(table), "count": count})
    return found


def _later(cursor: Any, subject: str, before: Sequence[str]) -> int:
    key, kind = key_of(subject)
    cursor.execute(
        "SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = %s::regclass "
        "AND attnum > 0 AND NOT attisdropped",
        [subject],
    )
    added = sorted(set(cursor.fetchone()[0]) - set(before)) if before else []
    cursor.execute(
        LATER.format(
            table=sql.Identifier(subject),
            key=sql.Identifier(key),
            type=sql.SQL(kind),
            name=sql.Literal(subject),
            added=sql.Literal(added),
        )
    )
    return int(cursor.fetchone()[0])


def _references(watched: set[str], touched: list[str]) -> Iterator[tuple[str, str, str]]:
    """Columns that point to rows of the import: table, column, the table that it points to."""
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in watched:
            continue
        for field in model._meta.concrete_fields:
            target = _target(field)
            if target in touched and (target, field.column) != (table, model._meta.pk.column):
                yield table, str(field.column), target


def _target(field: Any) -> str:
    """The table a column points to, by foreign key or by what it is called; or nothing."""
    if isinstance(field, models.ForeignKey):
        return str(field.remote_field.model._meta.db_table)
    if field.name == "org":
        return Body._meta.db_table
    pupil = field.name == "subject" and isinstance(field, models.UUIDField)
    return Student._meta.db_table if pupil else ""


def _referring(cursor: Any, table: str, column: str, target: str) -> int:
    key, kind = key_of(target)
    cursor.execute(
        REFERRING.format(
            table=sql.Identifier(table),
            column=sql.Identifier(column),
            type=sql.SQL(kind),
            target=sql.Literal(target),
            name=sql.Literal(table),
            key=sql.Identifier(key_of(table)[0]),
        )
    )
    return int(cursor.fetchone()[0])


def _called(table: str) -> str:
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    return str(model._meta.verbose_name)
