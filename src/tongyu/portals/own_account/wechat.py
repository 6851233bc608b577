"""WeChat: inside WeChat by a service account, in other browsers by the QR code of a website application.

https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html and
https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html. Both give a person another
`openid`; the `unionid` of the open-platform account is the same, so it is asked for where an installation has both.
"""

from typing import Any

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from allauth.socialaccount.providers.weixin.provider import WeixinProvider
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.conf import settings

from tongyu.portals.own_account.careful import CarefulAdapter, SpareProvider, plain_id
from tongyu.portals.own_account.ways import WEB, api, browser

FRAGMENT = "#wechat_redirect"
"""WeChat refuses an address without it."""


class WeChatClient(WeixinOAuth2Client):
    """The address as WeChat demands it; it compares the order of the parameters too."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: Any) -> str:
        """Where the person agrees."""
        return f"{super().get_redirect_url(authorization_url, scope, extra_params)}{FRAGMENT}"


class WeChatAdapter(CarefulAdapter, WeixinOAuth2Adapter):
    """The answer to the code says who it is; name and picture are not asked for."""

    client_class = WeChatClient
    access_token_method = "GET"  # noqa: S105

    @property
    def access_token_url(self) -> str:
        """Gives token and openid for a code."""
        return f"{api('api.weixin.qq.com')}/sns/oauth2/access_token"

    @property
    def authorize_url(self) -> str:
        """Where the person agrees: at once inside WeChat, by scanning elsewhere."""
        page = "oauth2/authorize" if browser(self.request) == "wechat" else "qrconnect"
        return f"https://open.weixin.qq.com/connect/{page}"

    def identified(self, request: Any, token: Any, response: Any) -> Any:
        """The login. Raises ProviderException for the stand-in that WeChat makes up for a page seen as a snapshot."""
        if response.get("is_snapshotuser"):
            raise ProviderException("snapshot")
        return super().identified(request, token, response)


class WeChatProvider(SpareProvider, WeixinProvider):
    """django-allauth's provider, asking for less."""

    oauth2_adapter_class = WeChatAdapter

    def get_default_scope(self) -> list[str]:
        """By scanning: the only one there is. Inside WeChat: silent, unless the unionid is needed."""
        if browser(self.request) != "wechat":
            return ["snsapi_login"]
        return ["snsapi_userinfo"] if WEB in settings.TONGYU_SIGN_IN_WAYS else ["snsapi_base"]

    def extract_uid(self, data: Any) -> str:
        """The unionid where there is one; else the openid, which holds for one application."""
        union = data.get("unionid")
        if union:
            return f"union:{plain_id(union)}"
        return f"{self.app.client_id}:{plain_id(data['openid'])}"
