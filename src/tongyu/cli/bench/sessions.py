"""Signed-in clients without the cost of a password: sessions written straight into the bench database."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils.crypto import get_random_string

from tongyu.cli.bench.load import Client
from tongyu.cli.bench.server import Server
from tongyu.core.context import acting, system_scope
from tongyu.directory.hats import FAMILY_HAT, hats_of
from tongyu.directory.middleware import HAT
from tongyu.directory.models import Account, Appointment, Consent
from tongyu.directory.sessions import SessionStore


@dataclass(frozen=True)
class Visitor:
    """Somebody who can be signed in: an account under one hat."""

    account: Account
    appointment: Appointment


def holders(role: str, count: int, day: Any) -> list[Visitor]:
    """The first holders of the role on that day, spread evenly over the county."""
    with acting(system_scope("bench")), transaction.atomic():
        found = list(
            Appointment.objects.filter(role=role, account_id__isnull=False, from_day__lte=day, until_day=None)
            .order_by("org")
            .distinct()
        )
        chosen = found[:: max(1, len(found) // count)][:count]
        accounts = Account.objects.in_bulk([each.account_id for each in chosen])
    return [Visitor(accounts[each.account_id or 0], each) for each in chosen]


def client(server: Server, visitor: Visitor) -> Client:
    """A client with a session under that hat."""
    session = SessionStore()
    session[SESSION_KEY] = str(visitor.account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = visitor.account.get_session_auth_hash()
    session[HAT] = str(visitor.appointment.pk)
    session.save()
    return Client(server, str(session.session_key), get_random_string(32), visitor.appointment.pk.hex)


def guardians(count: int, day: Any) -> list[Account]:
    """Accounts of guardians whose consent for every child stands, the first ones."""
    with acting(system_scope("bench")), transaction.atomic():
        agreed = Consent.objects.filter(withdrawn_at=None).values("account_id")
        found = Account.objects.filter(guardian=True, pk__in=agreed).order_by("pk")[: count * 10]
        fit = [account for account in found if _all_agreed(account, day)]
    return fit[:count]


def _all_agreed(account: Account, day: Any) -> bool:
    hats = hats_of(account, day)
    wards = {ward.student_id for ward in hats[-1].asker.wards} if hats else set()
    given = set(
        Consent.objects.filter(account=account, withdrawn_at=None).values_list("student_id", flat=True)
    )
    return bool(wards) and wards <= given


def guardian_client(server: Server, account: Account) -> Client:
    """A client with a guardian's session."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return Client(server, str(session.session_key), get_random_string(32), FAMILY_HAT.hex)
