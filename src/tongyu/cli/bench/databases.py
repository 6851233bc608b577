"""The bench's own databases on the same server: tongyu_bench_empty, _30000, _400000, _roster, _turning.

A database is made again when the product's code changed since (a digest stands in its comment).
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tongyu.cli import installation
from tongyu.cli.bench import multiply
from tongyu.cli.bench.measure import SEED

COUNTY, PREFECTURE, EMPTY, ROSTER, TURNING = 30_000, 400_000, 0, -1, -2
NAMES = {
    COUNTY: "tongyu_bench_30000",
    PREFECTURE: "tongyu_bench_400000",
    EMPTY: "tongyu_bench_empty",
    ROSTER: "tongyu_bench_roster",
    TURNING: "tongyu_bench_turning",
}
PACKAGE = Path(__file__).resolve().parents[2]


class BenchError(Exception):
    """A bench database cannot be made; the message says why."""


def ready(pupils: int, *, reuse: bool = False) -> str:
    """The address of the bench database with that many pupils, made when it is missing or out of date."""
    name = NAMES[pupils]
    url: str = installation.database().owner_url(name)
    stamp = code_digest()
    found = comment(name)
    if pupils == TURNING:
        ready(COUNTY, reuse=reuse)
        recreate(name, template=NAMES[COUNTY])
    elif pupils in (EMPTY, ROSTER):
        recreate(name)
        if pupils == ROSTER:
            _tongyu(url, "migrate", "--verbosity", "0", "--skip-checks")
    elif not found or (found != stamp and not reuse):
        _make(pupils, name, url, reuse=reuse)
        _settle(url)
        remember(name, stamp)
    return url


def _make(pupils: int, name: str, url: str, *, reuse: bool) -> None:
    if pupils == COUNTY:
        recreate(name)
        _tongyu(url, "migrate", "--verbosity", "0", "--skip-checks")
        _tongyu(url, "plan", "load")
        _tongyu(url, "demo", "--students", str(pupils), "--seed", str(SEED))
        return
    ready(COUNTY, reuse=reuse)
    recreate(name, template=NAMES[COUNTY])
    multiply.multiply(url, pupils, COUNTY)


def _settle(url: str) -> None:
    """Do now what autovacuum and the next checkpoint would do in the first minutes of measuring."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def recreate(name: str, template: str = "") -> None:
    """Drop and create; with a template as a copy of that database."""
    drop(name)
    with _server() as connection:
        if template:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
    if not template:
        installation.database().bootstrap(installation.database().owner_url(name))


def drop(name: str) -> None:
    """Drop a bench database if it is there; anything else is refused."""
    if not name.startswith("tongyu_bench_"):
        raise BenchError(f"{name} is no bench database")
    with _server() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def comment(name: str) -> str | None:
    """The digest a bench database was made from; None when there is no such database."""
    query = "SELECT COALESCE(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s"
    with _server() as connection:
        row = connection.execute(query, [name]).fetchone()
    return None if row is None else str(row[0])


def remember(name: str, stamp: str) -> None:
    """Note from which code the database was made."""
    with _server() as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(stamp))
        )


def code_digest() -> str:
    """A digest of everything that shapes the database: the package's code and the plan's files."""
    found = hashlib.sha256()
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.yaml"), *PACKAGE.rglob("*.csv")]):
        if "bench" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


def _server() -> psycopg.Connection[Any]:
    return psycopg.connect(installation.database().owner_url("postgres"), autocommit=True)


def _tongyu(url: str, *arguments: str) -> None:
    from tongyu.cli.bench.runner import environment

    command = [sys.executable, "-m", "tongyu.cli.main", *arguments]
    done = subprocess.run(command, env=environment(url), stdout=sys.stderr, check=False)
    if done.returncode:
        raise BenchError(f"tongyu {' '.join(arguments)} ended with {done.returncode}")
