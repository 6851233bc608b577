"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are opened by the school or the office; nobody signs up alone."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False
