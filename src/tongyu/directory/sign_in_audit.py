"""Sign-in, sign-out, failed tries and an own password leave a note in the audit (check C22).

A sign-in also leaves with its session the kind of device and the time.
"""

from typing import Any

from allauth.account.signals import password_changed, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from tongyu.core import audit
from tongyu.core.context import Scope, acting
from tongyu.directory.devices import remember


def connect() -> None:
    """Listen to Django's three signals and allauth's two; called once at start."""
    user_logged_in.connect(_signed_in, dispatch_uid="tongyu.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="tongyu.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="tongyu.sign_in_failed")
    password_changed.connect(_own_password, dispatch_uid="tongyu.password_changed")
    password_set.connect(_own_password, dispatch_uid="tongyu.password_set")


def _note(verb: str, account: Any, request: Any) -> None:
    key = str(account.pk) if account is not None and account.pk else ""
    scope = Scope(
        person=key,
        actor=f"account:{key}" if key else "anonymous",
        request=getattr(request, "request_id", ""),
    )
    with acting(scope), transaction.atomic():
        audit.note(verb, "directory_account", key)


def _signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    remember(request.session, request.META.get("HTTP_USER_AGENT", ""))
    _note("sign_in", user, request)


def _signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        _note("sign_out", user, request)


def _failed(sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    _note("sign_in_failed", None, request)


def _own_password(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """From now on nobody else knows it."""
    user.password_given = False
    user.save(update_fields=["password_given"])
    _note("password_changed", user, request)
