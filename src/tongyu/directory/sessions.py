"""Django's database sessions, read together with their account and its hats: one query instead of five.

`settings.SESSION_ENGINE` names this module. The database function `directory_signed_in` does the reading. The table
holds only digests of the keys (decision E8 of trust.md): who reads it, or a copy of it, can sign in as nobody.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import router

from tongyu.core.clock import today
from tongyu.core.prepared import prepared_cursor
from tongyu.directory.hats import Hat, family_hats, hats_from
from tongyu.directory.models import Account, Session

KEY = re.compile(r"[0-9a-z]{8,40}")
DEVICE, BEGUN = "device", "begun"
"""What a session remembers of the sign-in: kind of device, ISO time. Both stand in columns too."""
SIGNED_IN = "SELECT session_data, account::text, hats::text, family::text FROM directory_signed_in(%s::text, %s::date)"


def digest(session_key: str) -> str:
    """What stands in the table for a key. The key is random and long, so a bare hash is enough."""
    return hashlib.sha256(session_key.encode("utf-8", "surrogatepass")).hexdigest()


class SessionStore(db.SessionStore):
    """A session in `directory_session`; after loading it knows who is signed in.

    Only browser and process know `session_key`; every statement asks for its digest.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.account: Account | None = None
        self._hats: Sequence[Sequence[Any]] = ()
        self._family: Sequence[Sequence[Any]] = ()

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of the sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save, under the account that the session belongs to."""
        row: Any = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        row.account_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.begun_at = datetime.fromisoformat(data[BEGUN]) if BEGUN in data else None
        return cast(Session, row)

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with that key."""
        return bool(super().exists(digest(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        """End the session with that key, or this one."""
        key = session_key or self.session_key
        if key:
            super().delete(digest(key))

    def load(self) -> dict[str, Any]:
        """The session's data; remembers its account and hats. An unknown or expired key gives an empty session."""
        found = self._found() if KEY.fullmatch(self.session_key or "") else None
        if found is None:
            self._session_key = None
            return {}
        data, account, hats, family = found
        if account is not None:
            self.account = _account(json.loads(account))
            self._hats = json.loads(hats)
            self._family = json.loads(family)
        decoded: dict[str, Any] = self.decode(data)
        return decoded

    def _found(self) -> tuple[str, str | None, str, str] | None:
        with prepared_cursor(router.db_for_read(Session)) as cursor:
            cursor.execute(SIGNED_IN, [digest(str(self.session_key)), today()])
            row: tuple[str, str | None, str, str] | None = cursor.fetchone()
        return row

    def hats(self) -> list[Hat]:
        """The hats of the account that this session belongs to, as of the moment it was loaded."""
        if self.account is None:
            return []
        on = today()
        return [*hats_from(self.account, self._hats, on), *family_hats(self.account, self._family, on)]


class Accounts(AuthenticationBackend):
    """allauth's sign-in; the account of the request's own session is not read a second time."""

    def get_user(self, user_id: Any) -> Account | None:
        """The active account with that id, or None."""
        session = _session.get()
        account = session.account if session is not None else None
        if account is None or str(account.pk) != str(user_id):
            other: Account | None = super().get_user(user_id)
            return other
        return account if self.user_can_authenticate(account) else None


_session: ContextVar[SessionStore | None] = ContextVar("tongyu_session", default=None)


@contextmanager
def asked_by(session: SessionStore) -> Iterator[None]:
    """While the request's account is looked up, `Accounts` knows the request's session."""
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)


def _account(row: Mapping[str, Any]) -> Account:
    fields = Account._meta.concrete_fields
    values = [field.to_python(row[str(field.column)]) for field in fields]
    return Account.from_db(router.db_for_read(Account), [field.attname for field in fields], values)
