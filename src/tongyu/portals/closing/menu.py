"""The closings' place in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.duties.rules import SEE_CLOSINGS
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "closing",
        _("结账"),
        "file-certificate",
        "closing:periods",
        roles=[role.key for role in SEE_CLOSINGS.roles],
        section="review",
        order=220,
    )
)
