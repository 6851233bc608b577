"""WeCom 家校沟通: school notices to parents, who read them inside WeChat.

https://developer.work.weixin.qq.com/document/path/91609 (externalcontact/message/send). Tokens, error codes and the
guard against repetitions are WeCom's.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongyu.notices.channels.base import Kind, Outcome, Parcel, configured
from tongyu.notices.channels.web import one_by_one
from tongyu.notices.channels.wecom import REPEATED, post, repeatable
from tongyu.notices.topics import SCHOOL


class School:
    """School notices to parents, by their 家校通讯录 user id."""

    key, label = SCHOOL, _("微信（家校沟通）")
    batch, window = 100, REPEATED

    def ready(self) -> bool:
        """Corporation, application and its secret are set."""
        return configured(SCHOOL, "corp", "secret", "agent") is not None

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """One call a parent."""
        return one_by_one(parcels, self._send)

    def _send(self, parcel: Parcel) -> Outcome:
        settings = configured(SCHOOL, "corp", "secret", "agent") or {}
        lines = [parcel.title, parcel.text, parcel.url]
        body: dict[str, Any] = {
            "recv_scope": 0,
            "to_parent_userid": [parcel.address],
            "toall": 0,
            "msgtype": "text",
            "agentid": int(settings["agent"]),
            "text": {"content": "\n".join(filter(None, lines))},
        }
        answer = post(settings, "/cgi-bin/externalcontact/message/send", repeatable(body))
        if answer.get("invalid_parent_userid"):
            return Outcome(Kind.REFUSED, "invalid_parent_userid")
        return Outcome(Kind.SENT)


CHANNEL = School()
