"""Signing a proven phone's account in: no password, a long session on this device."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login

from tongyu.directory.families.accounts import works_here
from tongyu.directory.models import Account

DEVICE_SECONDS = 90 * 24 * 3600
"""A guardian's phone stays signed in; whoever also works here signs in every day like the others at work."""


def enter(request: Any, account: Account) -> None:
    """A new session for the account on this device; of somebody at work it ends with the browser, at most in a day."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(0 if works_here(account) else DEVICE_SECONDS)
