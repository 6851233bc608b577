"""WeCom: application messages to staff.

https://developer.work.weixin.qq.com/document/path/90236 (message/send), /91039 (gettoken), /90313 (error codes).
`enable_duplicate_check` drops a request that is the same to the letter for at most four hours.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongyu.core.tokens import Tokens
from tongyu.notices.channels.base import Kind, Outcome, Parcel, configured
from tongyu.notices.channels.web import NotSent, call, one_by_one, with_token
from tongyu.notices.topics import WECOM

TOKEN_EXPIRED = {40014, 42001, 41001}
BUSY = {-1: timedelta(seconds=30), 45009: timedelta(minutes=1), 45033: timedelta(seconds=30)}
NOT_SET_UP = {40001, 40013, 40056, 48002, 60020, 301002}
"""Wrong secret, corporation or agent, an address that is not on the allow-list: for the administrator to mend."""
REPEATED = timedelta(hours=4)
tokens = Tokens()


def fetch_token(base: str, corp: str, secret: str) -> tuple[str, int]:
    """A new access token and its seconds; NotSent when WeCom gives none."""
    found = call("GET", f"{base}/cgi-bin/gettoken", params={"corpid": corp, "corpsecret": secret})
    if found.get("errcode"):
        raise NotSent(refusal(int(found["errcode"])))
    return str(found["access_token"]), int(found.get("expires_in", 7200))


def refusal(code: int) -> Outcome:
    """What an error code means for the message."""
    if code in BUSY:
        return Outcome(Kind.LATER, str(code), after=BUSY[code])
    if code in NOT_SET_UP | TOKEN_EXPIRED:
        return Outcome(Kind.LATER, str(code), after=timedelta(minutes=15))
    return Outcome(Kind.REFUSED, str(code))


def post(settings: dict[str, str], path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer of an interface that wants an access token; a code other than 0 raises NotSent."""
    base, corp, secret = settings["url"].rstrip("/"), settings["corp"], settings["secret"]
    answer = with_token(
        tokens,
        (base, corp, secret),
        lambda: fetch_token(base, corp, secret),
        lambda token: call("POST", f"{base}{path}", params={"access_token": token}, json=body),
        lambda found: found.get("errcode") in TOKEN_EXPIRED,
    )
    if answer.get("errcode"):
        raise NotSent(refusal(int(answer["errcode"])))
    return answer


def repeatable(body: dict[str, Any]) -> dict[str, Any]:
    """The body with WeCom's own guard against repetitions."""
    return {**body, "enable_duplicate_check": 1, "duplicate_check_interval": int(REPEATED.total_seconds())}


class WeCom:
    """Messages of the school's own application in WeCom."""

    key, label = WECOM, _("企业微信")
    batch, window = 100, REPEATED

    def ready(self) -> bool:
        """Corporation, application and its secret are set."""
        return configured(WECOM, "corp", "secret", "agent") is not None

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """One call a person."""
        return one_by_one(parcels, self._send)

    def _send(self, parcel: Parcel) -> Outcome:
        settings = configured(WECOM, "corp", "secret", "agent") or {}
        body: dict[str, Any] = {"touser": parcel.address, "agentid": int(settings["agent"])}
        if parcel.url:
            card = {"title": parcel.title, "description": parcel.text, "url": parcel.url}
            body |= {"msgtype": "textcard", "textcard": card}
        else:
            body |= {"msgtype": "text", "text": {"content": f"{parcel.title}\n{parcel.text}"}}
        answer = post(settings, "/cgi-bin/message/send", repeatable(body))
        if answer.get("invaliduser") or answer.get("unlicenseduser"):
            return Outcome(Kind.REFUSED, "invaliduser")
        return Outcome(Kind.SENT, vendor_id=str(answer.get("msgid", "")))


CHANNEL = WeCom()
