"""How django-allauth behaves here."""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse

from tongyu.directory.roles import GuardianRole


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are opened by the school or the office; nobody signs up alone."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Count the tries of a name whichever way it is written: the database finds `ſ` for `S`, allauth counts two."""
        name = credentials.get("username")
        if name:
            credentials["username"] = unicodedata.normalize("NFKC", name).casefold()
        super().pre_authenticate(request, **credentials)

    def get_logout_redirect_url(self, request: Any) -> str:
        """A guardian comes back to the sign-in by phone, not to the one of people at work."""
        if request.asker is not None and request.asker.role is GuardianRole:
            return reverse("families:sign_in")
        return str(super().get_logout_redirect_url(request))

    def get_password_change_redirect_url(self, request: Any) -> str:
        """To the own home page: the work for which somebody signed in."""
        return "/"
