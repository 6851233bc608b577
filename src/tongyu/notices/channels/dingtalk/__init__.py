"""DingTalk: work notices (工作通知) of the organisation's own application.

https://open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages (asyncsend_v2),
/obtain-orgapp-token (gettoken). DingTalk gives the same content to the same person once a day; it answers with success
and drops the repetition. It works through the notice later, so 'sent' means taken by DingTalk.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongyu.core.tokens import Tokens
from tongyu.notices.channels.base import Kind, Outcome, Parcel, configured
from tongyu.notices.channels.web import NoAnswer, NotSent, call, settled, with_token
from tongyu.notices.topics import DINGTALK

TOKEN_EXPIRED = {"40014", "42001", "40001"}
BUSY = {"-1", "90002", "90006", "90018", "143103", "143104", "1430003", "isp.flow-control"}
NOT_SET_UP = {"40089", "40090", "41002", "60011", "50002", "88"}
LONGEST = 128
tokens = Tokens()


def _code(answer: dict[str, Any]) -> str:
    """The code that says what is the matter: under 88 it is the sub-code."""
    code = str(answer.get("errcode", ""))
    return str(answer.get("sub_code") or code) if code == "88" else code


def _fetch_token(base: str, app: str, secret: str) -> tuple[str, int]:
    found = call("GET", f"{base}/gettoken", params={"appkey": app, "appsecret": secret})
    if found.get("errcode"):
        raise NotSent(_refusal(_code(found)))
    return str(found["access_token"]), int(found.get("expires_in", 7200))


def _refusal(code: str) -> Outcome:
    if code in BUSY:
        return Outcome(Kind.LATER, code, after=timedelta(minutes=1))
    if code in NOT_SET_UP | TOKEN_EXPIRED:
        return Outcome(Kind.LATER, code, after=timedelta(minutes=15))
    return Outcome(Kind.REFUSED, code)


def user_of(union_id: str) -> str:
    """The user id in the organisation of somebody whose unionId is known; empty when DingTalk names none.

    https://open.dingtalk.com/document/orgapp/query-a-user-by-the-union-id. Never raises for what DingTalk does.
    """
    settings = configured(DINGTALK, "app", "secret", "agent")
    if settings is None or not union_id:
        return ""
    try:
        answer = _asked(settings, "/topapi/user/getbyunionid", {"unionid": union_id})
    except (NotSent, NoAnswer):
        return ""
    found = answer.get("result")
    user = found.get("userid") if isinstance(found, dict) else None
    return user if isinstance(user, str) and len(user) <= LONGEST else ""


def _asked(settings: dict[str, str], path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer of an interface that wants an access token."""
    base, app, secret = settings["url"].rstrip("/"), settings["app"], settings["secret"]
    return with_token(
        tokens,
        (base, app, secret),
        lambda: _fetch_token(base, app, secret),
        lambda token: call("POST", f"{base}{path}", params={"access_token": token}, json=body),
        lambda found: _code(found) in TOKEN_EXPIRED,
    )


class DingTalk:
    """Work notices, a hundred people a call: what DingTalk knows as a repetition does not depend on the others."""

    key, label = DINGTALK, _("钉钉")
    batch, window = 100, timedelta(hours=12)

    def ready(self) -> bool:
        """The application's key, secret and agent are set."""
        return configured(DINGTALK, "app", "secret", "agent") is not None

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """One call for all: they carry the same words."""
        outcome = settled(lambda: self._send(parcels))
        if len(parcels) > 1 and outcome.kind is Kind.REFUSED:
            return {parcel.id: settled(lambda parcel=parcel: self._send([parcel])) for parcel in parcels}  # type: ignore[misc]
        return {parcel.id: outcome for parcel in parcels}

    def _send(self, parcels: Sequence[Parcel]) -> Outcome:
        settings = configured(DINGTALK, "app", "secret", "agent") or {}
        first = parcels[0]
        text = "\n".join(filter(None, [first.title, first.text, first.url]))
        body = {
            "agent_id": int(settings["agent"]),
            "userid_list": ",".join(parcel.address for parcel in parcels),
            "to_all_user": False,
            "msg": {"msgtype": "text", "text": {"content": text}},
        }
        answer = _asked(settings, "/topapi/message/corpconversation/asyncsend_v2", body)
        if answer.get("errcode"):
            raise NotSent(_refusal(_code(answer)))
        return Outcome(Kind.SENT, vendor_id=str(answer.get("task_id", "")))


CHANNEL = DingTalk()
