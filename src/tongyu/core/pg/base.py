"""Django's PostgreSQL backend, with the asker's scope in every transaction (decision E2 of trust.md, decision 0002).

The settings are transaction-local, so nothing leaks through a connection pool: when the transaction ends
they are gone.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError
from psycopg.pq import TransactionStatus

from tongyu.core.context import NOBODY, SET_SCOPE, Scope, current_scope

SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class ScopedCursor(CursorWrapper):
    """Sends the scope before COPY, which passes Django's wrappers by."""

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """psycopg's `copy`."""
        self.db.refresh_scope()
        return self.cursor.copy(*args, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    """`django.db.backends.postgresql`, whose statements all run under the scope in force.

    BEGIN carries the scope along: one round trip. When the scope changes inside the transaction, the next statement
    sends it first; a change that no statement follows costs nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent_scope: Scope | None = None
        self.execute_wrappers.append(self._under_scope)

    def _set_autocommit(self, autocommit: bool) -> None:
        """psycopg stays in autocommit mode, so that a transaction begins with our own BEGIN."""
        raw: Any = self.connection
        if not raw.autocommit or (autocommit and raw.info.transaction_status != TransactionStatus.IDLE):
            super()._set_autocommit(True)  # type: ignore[misc]
        if not autocommit:
            self._begin(raw)

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Transactions are those of `atomic()`, which alone asks with the second argument: no COMMIT begins another."""
        if not autocommit and not force_begin_transaction_with_broken_autocommit:
            raise TransactionManagementError("use transaction.atomic()")
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)

    def _begin(self, raw: Any) -> None:
        scope = current_scope()
        try:
            with self.wrap_database_errors:
                if scope == NOBODY:
                    raw.execute("BEGIN")
                else:
                    raw.execute(f"BEGIN; {SET_SCOPE}", scope.values())
        except Exception:
            if raw.closed:  # Django looks at the connection only once a transaction has begun
                self.close()
            raise
        self.sent_scope = scope

    def _under_scope(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if not (isinstance(sql, str) and sql.startswith(SAVEPOINTS)):
            self.refresh_scope()
        return execute(sql, params, many, context)

    def refresh_scope(self) -> None:
        """Send the scope in force to a running transaction that has another one."""
        if not self.autocommit and self.sent_scope != current_scope():
            self.send_scope()

    def make_cursor(self, cursor: Any) -> Any:
        """Django's wrapper, whose `copy` too runs under the scope in force."""
        return ScopedCursor(cursor, self)

    def own_cursor(self, kind: Callable[[Any], Any]) -> Any:
        """A cursor of another class on this connection, wrapped as Django wraps its own."""
        self.ensure_connection()
        return self._prepare_cursor(kind(self.connection))  # type: ignore[attr-defined]

    def send_scope(self) -> None:
        """Set the scope in force for the running transaction (one round trip)."""
        scope = current_scope()
        raw: Any = self.connection
        with self.wrap_database_errors:
            raw.execute(SET_SCOPE, scope.values())
        self.sent_scope = scope

    def carry_scope(self) -> list[str]:
        """The values of the scope in force, for a statement that sets them itself. The caller sends it next."""
        self.sent_scope = current_scope()
        return list(self.sent_scope.values())

    def _savepoint_rollback(self, sid: str) -> None:
        """What was set after the savepoint is undone with it."""
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.sent_scope = None
