"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are opened by the school or the office; nobody signs up alone."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    def get_password_change_redirect_url(self, request: Any) -> str:
        """To the own home page: the work for which somebody signed in."""
        return "/"
