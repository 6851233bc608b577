"""Passwords that one person gives to another: random, easy to read out, good until the first sign-in."""

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from tongyu.directory.models import Account, Session

EASY = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letters or digits that are taken for one another."""
USERNAME = RegexValidator(r"^[a-z][a-z0-9_.-]{2,31}\Z")


def new_password() -> str:
    """Twelve characters in three groups, about 59 bits."""
    return "-".join("".join(secrets.choice(EASY) for _place in range(4)) for _group in range(3))


def given_account(username: str) -> tuple[Account, str]:
    """A new account under that name and its first password, which must be changed at the first sign-in.

    Raises ValidationError for `username` when the name has another form or is in use.
    """
    username = username.strip().lower()
    try:
        USERNAME(username)
    except ValidationError:
        text = _("用户名用小写字母开头，3至32位，可含数字、点、横线。")
        raise ValidationError({"username": text}) from None
    if Account.objects.filter(username=username).exists():
        raise ValidationError({"username": _("这个用户名已有人使用，请换一个。")})
    password = new_password()
    return Account.objects.create_user(username, password, password_given=True), password


def give_password(account: Account) -> str:
    """A new password for an account whose holder lost theirs; the old one and all its sessions end at once."""
    password = new_password()
    account.set_password(password)
    account.password_given = True
    account.save(update_fields=["password", "password_given"])
    Session.objects.filter(account=account).delete()
    return password
