"""The guardian's tab bar, and the school's page about who can be reached."""

from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.families.reach import waiting
from tongyu.directory.families.rules import SEE_REACH
from tongyu.directory.roles import GuardianRole
from tongyu.shell.menu import Entry, register


def count_waiting(asker: Asker) -> int | None:
    """How many wait for the class teacher's word; no badge for none."""
    return waiting(asker).count() or None


register(Entry("family_home", _("首页"), "home", "families:home", (GuardianRole.key,), order=10, tab=1))
register(Entry("family_me", _("我"), "user", "families:me", (GuardianRole.key,), order=990, tab=4))
register(
    Entry(
        "family_reach",
        _("家长联系"),
        "address-book",
        "families:reach",
        tuple(role.key for role in SEE_REACH.roles),
        section="work",
        order=25,
        badge=count_waiting,
    )
)
