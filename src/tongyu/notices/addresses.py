"""Where a channel finds somebody: telephones and e-mail from the directory, vendors' user ids from `Address`.

A user id is kept when somebody links the own identity at the vendor, and forgotten with the link.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from tongyu.core.context import acting, everywhere
from tongyu.directory.models import Account, Guardian, Staff
from tongyu.notices.models import Address, Delivery
from tongyu.notices.topics import MAIL, SMS

Found = dict[tuple[UUID, str], str]
"""The address of a delivery on a channel."""


def addresses_of(rows: Sequence[Delivery]) -> Found:
    """Every address known of the people of these lines; a handful of queries, however many they are."""
    accounts = {row.account_id for row in rows if row.account_id}
    guardians = {row.guardian_id for row in rows if row.guardian_id}
    known = [
        *((("g", one.pk), SMS, one.phone) for one in Guardian.objects.filter(pk__in=guardians).only("phone")),
        *(
            (("a", one.account_id), SMS, one.phone)
            for one in Staff.objects.filter(account_id__in=accounts, left_on=None).only("account_id", "phone")
        ),
        *((("a", pk), MAIL, mail) for pk, mail in _mails(accounts)),
        *((("a", one.account_id), one.channel, one.address_text) for one in _kept(account_id__in=accounts)),
        *(
            (("g", one.guardian_id), one.channel, one.address_text)
            for one in _kept(guardian_id__in=guardians)
        ),
    ]
    by_person: dict[tuple[str, Any], dict[str, str]] = {}
    for person, channel, address in known:
        if address:
            by_person.setdefault(person, {}).setdefault(channel, address)
    return {
        (row.pk, channel): address
        for row in rows
        for person in (("g", row.guardian_id), ("a", row.account_id))
        for channel, address in by_person.get(person, {}).items()
    }


@transaction.atomic
def keep(account: int, channel: str, address: str) -> None:
    """The account is known to the channel by that user id; another one before it is replaced."""
    with acting(everywhere()):
        row = Address.objects.select_for_update().filter(account_id=account, channel=channel).first()
        if row is None:
            row = Address(org=0, account_id=account, channel=channel)
        elif row.address_text == address:
            return
        row.address_text = address
        row.save()


@transaction.atomic
def forget(account: int, channel: str = "") -> None:
    """The channel, or without one every channel, does not know the account any more."""
    with acting(everywhere()):
        rows = Address.objects.filter(account_id=account)
        (rows.filter(channel=channel) if channel else rows).delete()


def _mails(accounts: Iterable[int]) -> Iterable[tuple[int, str]]:
    found = Account.objects.filter(pk__in=accounts, is_active=True).exclude(email="")
    return found.values_list("pk", "email")


def _kept(**who: Any) -> Iterable[Address]:
    return Address.objects.filter(**who)
