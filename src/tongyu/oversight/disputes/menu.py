"""异议 in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.oversight.disputes.rules import SEE
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "disputes",
        _("异议"),
        "message-question",
        "disputes:list",
        roles=[role.key for role in SEE.roles],
        section="review",
        order=30,
    )
)
