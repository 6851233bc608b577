"""Linking an identity at WeChat, WeCom or DingTalk to an account, finding the account by it, ending the link."""

from enum import Enum

from django.db import IntegrityError, transaction

from tongyu.core.clock import now
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.families.accounts import works_here
from tongyu.directory.models import Account, Identity


class Linked(Enum):
    """What became of a wish to link."""

    DONE = "done"
    """It is linked now, or was already."""
    TAKEN = "taken"
    """The identity opens another account: one identity, one account."""
    OTHER = "other"
    """The account has another identity at that vendor, which has to be unlinked first."""
    UNPROVEN = "unproven"
    """The account belongs to somebody at work, and this sign-in was not by password."""


@transaction.atomic
def link(*, by: Account, vendor: str, uid: str, with_password: bool) -> Linked:
    """Link the identity to the account that is signed in; `with_password` says how it was signed in.

    Linking the same identity again changes nothing. Of two accounts that link one identity at once, one wins.
    """
    if works_here(by) and not with_password:
        return Linked.UNPROVEN
    index = _index(vendor, uid)
    row = Identity(account=by, vendor=vendor, uid_index=index, with_password=with_password, linked_at=now())
    row.uid = uid
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        own = Identity.objects.filter(account=by, vendor=vendor).first()
        if own is None:
            return Linked.TAKEN
        return Linked.DONE if bytes(own.uid_index) == index else Linked.OTHER
    return Linked.DONE


@transaction.atomic
def unlink(*, by: Account, vendor: str) -> bool:
    """End the link of the own account at that vendor; False when there was none."""
    return bool(Identity.objects.filter(account=by, vendor=vendor).delete()[0])


def found_by(vendor: str, uid: str) -> Identity | None:
    """The link of an identity with its active account; None when nobody has linked it."""
    with acting(system_scope("sign_in")), transaction.atomic():
        rows = Identity.objects.filter(uid_index=_index(vendor, uid), account__is_active=True)
        return rows.select_related("account").first()


def linked(account: Account) -> dict[str, Identity]:
    """The own links by vendor."""
    return {row.vendor: row for row in Identity.objects.filter(account=account)}


def _index(vendor: str, uid: str) -> bytes:
    return blind_index(f"{vendor}|{uid}")
