"""Signing a proven phone's account in: no password, a long session on this device."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login

from tongyu.core.context import acting, system_scope
from tongyu.directory.models import Account, Appointment

DEVICE_SECONDS = 90 * 24 * 3600
"""A guardian's phone stays signed in; whoever also works here signs in every day like the others at work."""


def works_here(account: Account) -> bool:
    """Whether the account has hats of somebody at work: then a text message alone does not open it."""
    with acting(system_scope("sign_in")):
        return Appointment.objects.filter(account_id=account.pk, withdrawn_at=None).exists()


def enter(request: Any, account: Account) -> None:
    """A new session for the account on this device."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(DEVICE_SECONDS)
