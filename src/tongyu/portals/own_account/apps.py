"""Ways of signing in beside the password, the own account, and where it is signed in."""

from django.apps import AppConfig


class OwnAccountConfig(AppConfig):
    """WeChat, WeCom and DingTalk as providers of django-allauth; the page of the own account."""

    name = "tongyu.portals.own_account"
    label = "own_account"
