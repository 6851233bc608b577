"""The transfers' place in the menu, with the number that waits for the school's answer."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.rules import SEE_TRANSFERS
from tongyu.directory.transfers.queries import count_waiting
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "transfers",
        _("转学"),
        "switch-horizontal",
        "transfers:list",
        roles=[role.key for role in SEE_TRANSFERS.roles],
        section="admin",
        order=302,
        badge=count_waiting,
    )
)
