"""Who acts, and how far they reach: the values the database reads at every BEGIN.

Row-level security and the audit trigger read six transaction-local settings. They are set by the
database backend (`tongyu.core.pg`) when a transaction begins, and by `acting()` inside a running one.
Without a scope the application's role sees no protected row at all (check C09).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

WHOLE_TREE = (0, 9_223_372_036_854_775_807)


@dataclass(frozen=True)
class Scope:
    """A half-open range of organisation codes, and who stands behind it.

    `actor` is required by the audit trigger: a readable, stable text such as `account:7` or
    `system:engine`. `person` is the account's id, for rows that belong to a person rather than a place.
    """

    lo: int = 0
    hi: int = 0
    person: str = ""
    actor: str = ""
    purpose: str = ""
    request: str = ""

    def settings(self) -> tuple[tuple[str, str], ...]:
        """The settings as (name, value) pairs, in the order the backend sends them."""
        return (
            ("app.lo", str(self.lo)),
            ("app.hi", str(self.hi)),
            ("app.person", self.person),
            ("app.actor", self.actor),
            ("app.purpose", self.purpose),
            ("app.request", self.request),
        )


NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("tongyu_scope", default=NOBODY)

SET_SCOPE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name, _ in NOBODY.settings())


def current_scope() -> Scope:
    """The scope in force for this thread or task."""
    return _current.get()


def system_scope(actor: str, *, purpose: str = "", lo: int = WHOLE_TREE[0], hi: int = WHOLE_TREE[1]) -> Scope:
    """A scope for work that no person asks for at that moment: engine, jobs, demo data.

    `actor` says which work (`engine`, `import`, …); the audit shows it as `system:<actor>`.
    """
    return Scope(lo=lo, hi=hi, actor=f"system:{actor}", purpose=purpose)


@contextmanager
def acting(scope: Scope, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Run a block under `scope`; inside a running transaction the settings change now and come back at exit."""
    token = _current.set(scope)
    apply_scope(using)
    try:
        yield
    finally:
        _current.reset(token)
        apply_scope(using)


def apply_scope(using: str = DEFAULT_DB_ALIAS) -> None:
    """Send the scope in force to the running transaction; does nothing outside one or in a broken one."""
    connection: Any = connections[using]
    if connection.connection is None or not connection.in_atomic_block or connection.needs_rollback:
        return
    if connection.connection.info.transaction_status.name == "INERROR":
        return
    connection.send_scope()
