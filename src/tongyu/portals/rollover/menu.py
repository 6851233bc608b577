"""The roll-over's place in the menu."""

from django.utils.translation import gettext_lazy as _

from tongyu.directory.rules import PREPARE_ROLL_OVER
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "rollover",
        _("升级结转"),
        "school",
        "rollover:home",
        roles=[role.key for role in PREPARE_ROLL_OVER.roles],
        section="admin",
        order=318,
    )
)
