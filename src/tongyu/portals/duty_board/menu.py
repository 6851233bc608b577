"""The boards' places in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import OfficeStaff, SchoolLeader
from tongyu.portals.duty_board.rules import SEE
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "duties",
        _("责任清单"),
        "checklist",
        "duty_board:obligations",
        roles=[role.key for role in SEE.roles],
        order=20,
        tab=3,
        short=_("责任"),
    )
)
register(
    Entry("burden", _("填报负担"), "hourglass", "duty_board:burden", roles=[OfficeStaff.key], section="review",
          order=190)
)  # fmt: skip
register(
    Entry(
        "exemptions",
        _("免除"),
        "circle-dashed",
        "duty_board:exemptions",
        roles=[OfficeStaff.key, SchoolLeader.key],
        order=21,
    )
)
