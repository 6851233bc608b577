"""Home visits: who went to which pupil's home, and what was agreed."""

from django.apps import AppConfig


class HomeVisitsConfig(AppConfig):
    """The room of the kind `home_visit`."""

    name = "tongyu.workbenches.families.home_visits"
    label = "home_visits"
