"""Signing a proven phone's account in: no password, a long session on this device; and where it goes on."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tongyu.directory.families.accounts import works_here
from tongyu.directory.models import Account

DEVICE_SECONDS = 90 * 24 * 3600
"""A guardian's phone stays signed in; whoever also works here signs in every day like the others at work."""


WAY_ON = "way_on"
"""In the session of somebody who is away at a vendor: the page that was asked for before."""


def way_on(request: Any, wanted: str = "") -> str:
    """Where somebody who has just come in goes on: the page of ours that was asked for, else the first page."""
    then = wanted or request.session.pop(WAY_ON, "")
    if then and url_has_allowed_host_and_scheme(then, {request.get_host()}, request.is_secure()):
        return str(then)
    return reverse("home:start")


def enter(request: Any, account: Account) -> None:
    """A new session for the account on this device; of somebody at work it ends with the browser, at most in a day."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(0 if works_here(account) else DEVICE_SECONDS)
