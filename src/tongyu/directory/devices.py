"""On which devices an account is signed in, and ending that from afar (check C16)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongyu.core import audit
from tongyu.core.clock import now
from tongyu.directory.models import Account, Session
from tongyu.directory.sessions import BEGUN, DEVICE, digest

NAMED = 12
"""So many digits of the digest name a device among those of one account."""
KINDS = {
    "wecom": _("企业微信"),
    "wechat": _("微信"),
    "dingtalk": _("钉钉"),
    "phone": _("手机浏览器"),
    "desk": _("电脑"),
    "": _("未知设备"),
}
MARKS = (
    ("wxwork", "wecom"),
    ("micromessenger", "wechat"),
    ("dingtalk", "dingtalk"),
    ("mobile", "phone"),
    ("android", "phone"),
    ("windows", "desk"),
    ("macintosh", "desk"),
    ("linux", "desk"),
)


@dataclass(frozen=True)
class Device:
    """One browser that is signed in to the account."""

    key: str
    kind: str | Promise
    begun_at: datetime | None
    ends_at: datetime
    own: bool
    """The one on which the page is being looked at."""


def kind_of(user_agent: str) -> str:
    """What kind of device, no more than its holder needs to know it again; of the rest nothing is kept."""
    text = user_agent.lower()
    return next((kind for mark, kind in MARKS if mark in text), "")


def remember(session: Any, user_agent: str) -> None:
    """Leave kind and time with a session that has just begun."""
    session[DEVICE], session[BEGUN] = kind_of(user_agent), now().isoformat()


def devices_of(account: Account, session_key: str) -> Sequence[Device]:
    """Where the account is signed in at present, the own device first, then the latest."""
    own = digest(session_key)
    rows = Session.objects.filter(account=account, expire_date__gt=now()).order_by("-begun_at", "session_key")
    found = [
        Device(
            row.session_key[:NAMED],
            KINDS.get(row.device, KINDS[""]),
            row.begun_at,
            row.expire_date,
            row.session_key == own,
        )
        for row in rows
    ]
    return sorted(found, key=lambda device: not device.own)


@transaction.atomic
def end(*, by: Account, device: str) -> bool:
    """Sign that device of the own account out; False when there is none such."""
    if not re.fullmatch(rf"[0-9a-f]{{{NAMED}}}", device):
        return False
    return _ended(by, Session.objects.filter(account=by, session_key__startswith=device))


@transaction.atomic
def end_others(*, by: Account, session_key: str) -> bool:
    """Sign every other device of the own account out; False when there was none."""
    return _ended(by, Session.objects.filter(account=by).exclude(session_key=digest(session_key)))


def _ended(by: Account, rows: Any) -> bool:
    number = rows.delete()[0]
    if number:
        audit.note("devices_ended", "directory_account", str(by.pk), detail={"number": number})
    return bool(number)
