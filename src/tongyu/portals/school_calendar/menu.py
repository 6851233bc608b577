"""The calendar's place in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import OfficeStaff
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "school_calendar",
        _("学年学期"),
        "calendar-event",
        "school_calendar:year",
        roles=(OfficeStaff.key,),
        section="admin",
        order=320,
    )
)
