"""The county's school calendar, for everybody to read and the office to set."""

from django.apps import AppConfig


class SchoolCalendarConfig(AppConfig):
    """School years, terms, holidays and make-up days."""

    name = "tongyu.portals.school_calendar"
    label = "school_calendar"
