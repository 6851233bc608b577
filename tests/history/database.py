"""A database of its own for one history: real PostgreSQL, real commits, nothing of it left to other tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connections

from support.databases import make_database
from tongyu.config import embedded

ALIASES = ("default", "owner")


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Make it, use it, drop it; the connections then lead where they led before."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    pools = [options(alias).pop("pool", None) for alias in ALIASES]
    hasher, settings.PASSWORD_HASHERS = (
        settings.PASSWORD_HASHERS,
        ["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    seconds, settings.TONGYU_BOARD_SECONDS = settings.TONGYU_BOARD_SECONDS, 0
    try:
        make_database(name)
        yield
    finally:
        settings.PASSWORD_HASHERS, settings.TONGYU_BOARD_SECONDS = hasher, seconds
        for alias, pool in zip(ALIASES, pools, strict=True):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = before[alias]
            if pool is not None:
                options(alias)["pool"] = pool
        _drop(name)


def options(alias: str) -> dict[str, object]:
    """The connection's own options."""
    found: dict[str, object] = connections[alias].settings_dict["OPTIONS"]
    return found


def _drop(name: str) -> None:
    owner = embedded.with_parts(embedded.owner_url(), database="postgres")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
