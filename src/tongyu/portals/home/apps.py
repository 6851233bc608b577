"""The first page of every role."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Start page, hat switch, and the home page of each role."""

    name = "tongyu.portals.home"
    label = "home"
