"""Under which user id a channel outside will find somebody who links an identity at its vendor.

WeCom's user id is the identity itself; DingTalk names the user of its organisation when asked with the unionId.
WeChat carries no messages of ours: parents inside WeChat get them by WeCom's 家校沟通, whose ids no sign-in tells.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from tongyu.directory.models import Vendor
from tongyu.notices.channels.dingtalk import user_of
from tongyu.notices.topics import DINGTALK, WECOM

CHANNELS = {Vendor.WECOM: WECOM, Vendor.DINGTALK: DINGTALK}


def address_of(vendor: str, uid: str, told: Mapping[str, Any]) -> str:
    """The user id at the vendor's channel; empty where there is none. Asks DingTalk: call it in no transaction."""
    if vendor == Vendor.WECOM:
        return _member(uid)
    if vendor == Vendor.DINGTALK:
        union = told.get("unionId")
        return user_of(union) if isinstance(union, str) else ""
    return ""


def _member(uid: str) -> str:
    """Of a member of the corporation that the messages come from; others have no user id there."""
    corp, kind, user = (*uid.split(":", 2), "", "")[:3]
    sender = settings.TONGYU_CHANNELS.get(WECOM, {}).get("corp")
    return user if kind == "user" and sender in (None, "", corp) else ""
