"""WeCom (企业微信), unknown to django-allauth: OAuth 2, but the token is the application's.

https://developer.work.weixin.qq.com/document/path/91022 (the address), /91023 (auth/getuserinfo), /91039 (gettoken),
/98151 (by QR code in other browsers), /90313 (error codes).
"""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.utils.http import urlencode

from tongyu.core.tokens import Tokens
from tongyu.portals.own_account.careful import CarefulAdapter, SpareProvider, plain_id
from tongyu.portals.own_account.ways import api, browser
from tongyu.portals.own_account.wechat import FRAGMENT

TOKEN_ENDED = {40014, 41001, 42001}
tokens = Tokens()


def visitor(app: Any, code: str) -> dict[str, Any]:
    """WeCom's answer about the person who brings the code: `userid` of a member, `openid` of anybody else.

    A token that WeCom calls expired is fetched anew, once. Raises ProviderException with the error code otherwise.
    """
    of = (app.client_id, app.secret)
    for _try in range(2):
        token = tokens.get(of, lambda: _app_token(app))
        found = _ask("auth/getuserinfo", access_token=token, code=code)
        if found.get("errcode") not in TOKEN_ENDED:
            break
        tokens.drop(of, token)
    if found.get("errcode"):
        raise ProviderException(f"errcode {int(found['errcode'])}")
    return found


def _app_token(app: Any) -> tuple[str, int]:
    found = _ask("gettoken", corpid=app.client_id, corpsecret=app.secret)
    if found.get("errcode"):
        raise ProviderException(f"gettoken errcode {int(found['errcode'])}")
    return str(found["access_token"]), int(found["expires_in"])


def _ask(path: str, **params: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(f"{api('qyapi.weixin.qq.com')}/cgi-bin/{path}", params=params)
        answer.raise_for_status()
        found: dict[str, Any] = dict(answer.json())
    return found


class WeComClient(OAuth2Client):
    """The two addresses: inside WeCom and WeChat, and by QR code elsewhere."""

    agent = ""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: Any) -> str:
        """Where the person agrees."""
        common = {"redirect_uri": self.callback_url, "state": self.state or ""}
        if "oauth2" not in authorization_url:
            params = {"login_type": "CorpApp", "appid": self.consumer_key, "agentid": self.agent, **common}
            return f"{authorization_url}?{urlencode(params)}"
        params = {
            "appid": self.consumer_key,
            "redirect_uri": self.callback_url,
            "response_type": "code",
            "scope": self.scope_delimiter.join(scope),
            "state": self.state or "",
            "agentid": self.agent,
        }
        return f"{authorization_url}?{urlencode(params)}{FRAGMENT}"


class WeComAdapter(CarefulAdapter, OAuth2Adapter):
    """The flow of django-allauth; only the exchange of the code differs."""

    provider_id = "wecom"
    client_class = WeComClient
    access_token_url = ""

    @property
    def authorize_url(self) -> str:
        """Where the person agrees: at once inside, by scanning elsewhere."""
        if browser(self.request) in {"wecom", "wechat"}:
            return "https://open.weixin.qq.com/connect/oauth2/authorize"
        return "https://login.work.weixin.qq.com/wwlogin/sso/login"

    def get_client(self, request: Any, app: Any) -> WeComClient:
        """The client, which knows the application's number too."""
        client: WeComClient = super().get_client(request, app)
        client.agent = app.key
        return client

    def get_access_token_data(self, request: Any, app: Any, client: Any, **more: Any) -> dict[str, Any]:
        """Who brings the code. There is no token of the person."""
        try:
            return {"access_token": "", **visitor(app, request.GET["code"])}
        except (KeyError, TypeError, ValueError):
            raise ProviderException("odd answer") from None


class WeComProvider(SpareProvider, OAuth2Provider):
    """Members by their user id; parents and others by the openid that the corporation sees."""

    id = "wecom"
    name = "WeCom"
    oauth2_adapter_class = WeComAdapter

    def get_default_scope(self) -> list[str]:
        """Silent: the id only."""
        return ["snsapi_base"]

    def extract_uid(self, data: Any) -> str:
        """The user id, whose case does not matter, or the openid; marked, because the corporation chooses user ids."""
        corp, user = self.app.client_id, data.get("userid") or data.get("UserId")
        if user:
            return f"{corp}:user:{plain_id(user).lower()}"
        return f"{corp}:open:{plain_id(data.get('openid') or data['OpenId'])}"
