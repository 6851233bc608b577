"""Hands a one-time code to the SMS channel, where there is one."""

from tongyu.core.ids import uuid7
from tongyu.notices import actions, channels
from tongyu.notices.topics import ONE_TIME_CODE


def can_text() -> bool:
    """Whether this installation sends one-time codes at all."""
    return bool(channels.ready(ONE_TIME_CODE))


def text_code(phone: str, code: str) -> None:
    """Sent when the request commits, at any hour; the code is kept encrypted until then and wiped afterwards."""
    actions.send_code(phone=phone, key=uuid7().hex, code=code)
