"""督办 in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.oversight.supervision.rules import SEE
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "supervision",
        _("督办"),
        "clock-exclamation",
        "supervision:list",
        roles=[role.key for role in SEE.roles],
        section="review",
        order=20,
    )
)
