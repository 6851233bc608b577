"""The account of a guardian: found or made by a phone that was proven with a one-time code. No password."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.clock import now
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.families.after import tell_accounts_joined
from tongyu.directory.models import (
    Account,
    AccountPhone,
    Appointment,
    Guardian,
    Identity,
    JoinRequest,
    Session,
)


def by_phone(phone: str) -> Account | None:
    """The active account that has proven this E.164 phone; None without one."""
    with acting(system_scope("sign_in")):
        found = AccountPhone.objects.filter(phone_index=blind_index(phone)).select_related("account").first()
    return found.account if found is not None and found.account.is_active else None


def works_here(account: Account) -> bool:
    """Whether the account has hats of somebody at work: then a text message alone does not open it."""
    with acting(system_scope("sign_in")):
        return Appointment.objects.filter(account_id=account.pk, withdrawn_at=None).exists()


def is_family(account: Account) -> bool:
    """Whether the account was opened by a phone, and by nobody's work: a guardian, with or without a child."""
    with acting(system_scope("sign_in")):
        return AccountPhone.objects.filter(account=account).exists() and not works_here(account)


@transaction.atomic
def with_phone(phone: str, signed_in: Account | None = None) -> Account:
    """The account under which whoever has just proven this phone goes on: one person, one account.

    A guardian signs in by the phone's own account, made now when there is none. Somebody who is signed in, such as a
    teacher, keeps that account; what the phone's own one was a guardian of comes along, and it is closed. Not between
    two parents: ValidationError when the phone is another guardian's, by the names on file.
    """
    with acting(system_scope("join")):
        index = blind_index(phone)
        held = AccountPhone.objects.select_for_update().filter(phone_index=index).first()
        if signed_in is None:
            return held.account if held is not None else _new(phone)
        if held is not None and held.account_id != signed_in.pk:
            _require_one_person(held.account_id, signed_in.pk)
            _bring_along(held, signed_in)
            held = None
        if held is None:
            _prove(signed_in, phone)
    return signed_in


@transaction.atomic
def change_phone(account: Account, phone: str) -> None:
    """The account signs in by this phone, just proven, from now on; where the old one was on file, so is the new one.

    ValidationError when it opens another account.
    """
    with acting(system_scope("join")):
        index = blind_index(phone)
        held = AccountPhone.objects.select_for_update().filter(phone_index=index).first()
        if held is not None and held.account_id != account.pk:
            raise ValidationError({"phone": _("这个手机号已经是另一个账号的登录手机，请换一个。")})
        before = AccountPhone.objects.select_for_update().filter(account=account).first()
        if held is not None:
            return
        _prove(account, phone)
        if before is not None:
            own = Guardian.objects.filter(account=account, phone_index=bytes(before.phone_index))
            for guardian in own.select_for_update().order_by("pk"):
                guardian.phone, guardian.phone_index = phone, index
                guardian.save(update_fields=["phone", "phone_index"])


def _new(phone: str) -> Account:
    account = Account.objects.create_user(f"f-{secrets.token_hex(8)}", None)
    _prove(account, phone)
    return account


def _prove(account: Account, phone: str) -> None:
    AccountPhone.objects.filter(account=account).delete()
    AccountPhone.objects.create(account=account, phone=phone, phone_index=blind_index(phone), proven_at=now())


def _require_one_person(other: int, own: int) -> None:
    """A code that one parent reads to the other does not make the two one account, which nobody could part again."""
    rows = Guardian.objects.filter(account_id__in=(other, own)).values_list("account_id", "name")
    names: dict[int, set[str]] = {other: set(), own: set()}
    for account, name in rows:
        names[account].add(name)
    if names[other] and names[own] and not names[other] & names[own]:
        raise ValidationError(
            {"phone": _("这个手机号是另一位家长的，请那位家长用自己的手机加入；您请填自己的手机号。")}
        )


def _bring_along(held: AccountPhone, account: Account) -> None:
    other = held.account
    held.delete()
    if Appointment.objects.filter(account_id=other.pk, withdrawn_at=None).exists():
        return  # somebody else's working account had this phone: only the phone goes
    moved = Guardian.objects.filter(account=other).update(account=account)
    JoinRequest.objects.filter(account=other).update(account=account)
    Session.objects.filter(account=other).delete()
    Identity.objects.filter(account=other).delete()
    Account.objects.filter(pk=other.pk).update(is_active=False, guardian=False)
    if moved:
        Account.objects.filter(pk=account.pk).update(guardian=True)
    tell_accounts_joined(other.pk, account.pk)
