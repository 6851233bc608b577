"""DingTalk: sign-in to a third-party website.

https://open.dingtalk.com/document/orgapp/tutorial-obtaining-user-personal-information (the steps),
https://open.dingtalk.com/document/orgapp/obtain-user-token (the token).
"""

from typing import Any

from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter

from tongyu.portals.own_account.careful import CarefulAdapter, SpareProvider, plain_id
from tongyu.portals.own_account.ways import api


class DingTalkAdapter(CarefulAdapter, DingTalkOAuth2Adapter):
    """The answer to the code is a token; who it belongs to is asked with it, once."""

    @property
    def access_token_url(self) -> str:
        """Gives a token for a code."""
        return f"{api('api.dingtalk.com')}/v1.0/oauth2/userAccessToken"

    @property
    def profile_url(self) -> str:
        """Says whose token it is."""
        return f"{api('api.dingtalk.com')}/v1.0/contact/users/me"

    def identified(self, request: Any, token: Any, response: Any) -> Any:
        """The login of the token's holder; DingTalkOAuth2Adapter asks."""
        return DingTalkOAuth2Adapter.complete_login(self, request, None, token)


class SpareDingTalkProvider(SpareProvider, DingTalkProvider):
    """django-allauth's provider, asking for less: not which organisation the person belongs to."""

    oauth2_adapter_class = DingTalkAdapter

    def get_default_scope(self) -> list[str]:
        """The id only."""
        return ["openid"]

    def extract_uid(self, data: Any) -> str:
        """The openId, which holds for one application."""
        return f"{self.app.client_id}:{plain_id(data['openId'])}"

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """The unionId, to ask once under which user id notices reach the person; it is not kept."""
        return {"unionId": data.get("unionId")}

    def get_auth_params(self) -> dict[str, str]:
        """What DingTalk demands beside the usual."""
        return {"prompt": "consent"}
