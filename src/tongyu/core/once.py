"""One row, inserted once, however often its sender tries (decision E5 of trust.md); one act, done once at a time."""

from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg import sql

from tongyu.core.prepared import prepared_cursor


def insert_once(row: models.Model, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Insert the row under the primary key it has; returns whether it is new.

    When a row with that key stands already, whoever may see it, nothing happens and the transaction goes on: no
    savepoint is needed. Every other broken constraint raises IntegrityError. No model signals are sent.
    """
    connection: Any = connections[using]
    fields = row._meta.concrete_fields
    values = [_stored(field, row, connection) for field in fields]
    with prepared_cursor(using) as cursor:
        cursor.execute(_statement(type(row)), values)
        new: bool = cursor.rowcount == 1
    row._state.adding, row._state.db = False, using
    return new


def one_at_a_time(what: str) -> None:
    """Wait until nobody else is at `what`, and let nobody, until the transaction ends.

    For an act whose outcome rests on what it finds: the same tap sent twice at once finds what the first one stored.
    """
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def _stored(field: Any, row: models.Model, connection: Any) -> Any:
    """The value as the database takes it. Whole numbers go as texts: the column decides their type, not their size."""
    value = field.get_db_prep_save(field.pre_save(row, True), connection)
    return str(value) if type(value) is int else value


@lru_cache(maxsize=256)
def _statement(model: type[models.Model]) -> str:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    listed = sql.SQL(", ").join([sql.Identifier(column) for column in columns])
    values = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(str(model._meta.pk.column))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO NOTHING")
    return statement.format(table, listed, values, key).as_string()
