"""Home reports: what a family tells the class teacher of the child at home."""

from django.apps import AppConfig


class HomeReportsConfig(AppConfig):
    """The room of the kind `home_report`."""

    name = "tongyu.workbenches.families.home_reports"
    label = "home_reports"
