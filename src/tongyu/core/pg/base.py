"""Django's PostgreSQL backend, with the asker's scope set at every BEGIN (decision E2 of trust.md).

The settings are transaction-local, so nothing leaks through a connection pool: when the transaction ends
they are gone.
"""

from typing import Any

from django.db.backends.postgresql import base

from tongyu.core.context import NOBODY, SET_SCOPE, current_scope


class DatabaseWrapper(base.DatabaseWrapper):
    """`django.db.backends.postgresql` plus one statement after BEGIN."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit:
            self.send_scope(skip_nobody=True)

    def send_scope(self, *, skip_nobody: bool = False) -> None:
        """Set the scope in force for the running transaction (one round trip)."""
        scope = current_scope()
        if skip_nobody and scope == NOBODY:
            return
        connection: Any = self.connection
        connection.execute(SET_SCOPE, [value for _, value in scope.settings()])
