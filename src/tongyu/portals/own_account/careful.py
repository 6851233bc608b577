"""What every vendor's part of the flow shares: odd answers are refusals, and nothing of the person is taken over."""

from typing import Any

from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base import ProviderAccount, ProviderException

ODD = (KeyError, TypeError, ValueError, AttributeError)
"""What follows from an answer that has not the documented form; HTTP libraries' errors of JSON are among them."""


LONGEST = 128


def plain_id(value: Any) -> str:
    """An id as vendors write it. Raises ValueError for anything else: what two people share must be nobody's."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise ValueError("not an id")
    return value


class CarefulAdapter:
    """Mixed in before an `OAuth2Adapter`: an odd answer of the vendor refuses the sign-in and is no error page."""

    def get_access_token_data(self, request: Any, app: Any, client: Any, **more: Any) -> Any:
        """The vendor's answer to the code. Raises ProviderException for one without the documented form."""
        try:
            return super().get_access_token_data(request, app, client, **more)  # type: ignore[misc]
        except ODD:
            raise ProviderException("odd answer") from None

    def parse_token(self, data: Any) -> SocialToken:
        """The token for the one question that may follow; when it ends and how to renew it is of no use here."""
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: Any, app: Any, token: Any, **more: Any) -> Any:
        """Who it is. Raises ProviderException like the step before."""
        try:
            return self.identified(request, token, more["response"])
        except ODD:
            raise ProviderException("odd answer") from None

    def identified(self, request: Any, token: Any, response: Any) -> Any:
        """The login that follows from the answer to the code: the vendor's id for the person is enough."""
        return self.get_provider().sociallogin_from_response(request, response)  # type: ignore[attr-defined]


class SpareProvider:
    """Mixed in before an `OAuth2Provider`: of a person it takes the vendor's id, no name and no picture."""

    account_class = ProviderAccount

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Nothing."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """None: an address would be a way into an account."""
        return []
