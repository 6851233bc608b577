"""How django-allauth treats a person whom a vendor vouches for: nobody is made, only what is linked is opened."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.base.constants import AuthProcess

from tongyu.portals.own_account import arriving
from tongyu.portals.own_account.finding import address_of
from tongyu.portals.own_account.ways import app_of

logger = logging.getLogger("tongyu.sign_in")


class LinkedOnly(DefaultSocialAccountAdapter):
    """Applications come from the environment; who arrives is answered by `arriving`, before allauth's own steps."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The application of that vendor for this browser. The database is not asked."""
        app = app_of(request, provider or "")
        return [app] if app is not None else []

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Answer at once: allauth neither links, nor signs in, nor asks for an e-mail address."""
        account, process = sociallogin.account, sociallogin.state.get("process")
        linking = process == AuthProcess.CONNECT
        address = address_of(account.provider, account.uid, account.extra_data) if linking else ""
        raise ImmediateHttpResponse(
            arriving.arrived(request, account.provider, account.uid, process, address)
        )

    def on_authentication_error(
        self,
        request: Any,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Back to where the person came from, in one sentence. The log gets no address: it would hold a secret."""
        said = str(exception) if isinstance(exception, ProviderException) else type(exception).__name__
        logger.warning("sign-in with %s failed: %s", provider.id, said if exception else error)
        process = ((extra_context or {}).get("state") or {}).get("process")
        raise ImmediateHttpResponse(arriving.did_not_arrive(request, process))

    def get_requests_session(self) -> Any:
        """Neither proxies nor passwords from the environment: settings decide."""
        session = super().get_requests_session()
        session.trust_env = False
        return session
