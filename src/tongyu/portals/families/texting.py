"""Hands a one-time code to the SMS channel."""

from tongyu.core.ids import uuid7
from tongyu.notices import actions


def text_code(phone: str, code: str) -> None:
    """Sent when the request commits, at any hour; the code is kept encrypted until then and wiped afterwards."""
    actions.send_code(phone=phone, key=uuid7().hex, code=code)
