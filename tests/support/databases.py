"""Databases for tests: copies of one that was migrated once for this source, used as the application's role."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

import tongyu
from tongyu.config import embedded, environment

SOURCE = Path(tongyu.__file__).parent
SHAPES_NO_TABLE = {"templates", "static", "locale", "__pycache__"}


def make_database(name: str) -> None:
    """An empty, migrated database of that name; what stood there before is dropped. Django's connections lead there."""
    environment.static_folder().mkdir(parents=True, exist_ok=True)
    with _as_owner("postgres") as connection, _one_at_a_time():
        if _name_for_source() not in _migrated(connection):
            _migrate(connection)
        _copy(connection, name)
    embedded.bootstrap(embedded.owner_url(name))
    lead_to(name)


def start_from_migrated(name: str) -> None:
    """A database of that name for another process to prepare: migrated already if this source ever was, else none."""
    with _as_owner("postgres") as connection, _one_at_a_time():
        _drop(connection, name)
        if _name_for_source() in _migrated(connection):
            _copy(connection, name)


def lead_to(name: str) -> None:
    """Django's connections lead to the database of that name from now on."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def empty(cursor: CursorWrapper) -> None:
    """Take every row out of the tables but the plan's and Django's; numbers begin at one again. For the owner.

    Row by row with triggers and foreign keys asleep: to truncate what hangs together makes some hundred files anew.
    """
    cursor.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'plan_%' "
        "AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'duties_rulebook')"
    )
    tables = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    )
    filled = [name for (name,) in cursor.fetchall()]
    deletions = [f"DELETE FROM {name}" for name in filled]
    cursor.execute("; ".join(["SET session_replication_role = replica", *deletions]))
    cursor.execute(
        "SELECT setval(d.objid::regclass, 1, false) FROM pg_depend d JOIN pg_class s ON s.oid = d.objid "
        "WHERE s.relkind = 'S' AND d.refobjid = ANY(%s::regclass[])",
        [filled],
    )
    cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _as_owner(database: str) -> Iterator[psycopg.Connection]:
    address = embedded.with_parts(embedded.start(), database=database)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The workers of a run start at the same moment: the first migrates, the others wait and copy."""
    with (environment.var_folder() / "test_database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrated(connection: psycopg.Connection) -> list[str]:
    """The databases to copy from that there are: of this source, of older ones."""
    rows = connection.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [_kept()]).fetchall()
    return [name for (name,) in rows]


def _migrate(connection: psycopg.Connection) -> None:
    """Make the database to copy from; those of an older source are dropped."""
    for old in _migrated(connection):
        with suppress(psycopg.errors.ObjectInUse):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
    making = f"{environment.TEST_DB.value()}_making"
    _drop(connection, making)
    embedded.bootstrap(embedded.owner_url(making))
    lead_to(making)
    call_command("migrate", database="owner", verbosity=0)
    lead_to("postgres")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(making), sql.Identifier(_name_for_source())))


def _kept() -> str:
    return f"{environment.TEST_DB.value()}_migrated_"


def _name_for_source() -> str:
    return _kept() + _digest()[:16]


@cache
def _digest() -> str:
    """Whatever may say something about a table: every file of the source that is no template, style or word."""
    made = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.*")):
        if not SHAPES_NO_TABLE & set(path.parts) and path.is_file():
            made.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def _copy(connection: psycopg.Connection, name: str) -> None:
    _drop(connection, name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(create.format(sql.Identifier(name), sql.Identifier(_name_for_source())))
    # Nothing of a test outlives a power failure.
    hasty = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
    connection.execute(hasty.format(sql.Identifier(name)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
