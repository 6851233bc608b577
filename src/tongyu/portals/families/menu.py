"""The guardian's tab bar, and the school's page about who can be reached."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.families.reach import waiting
from tongyu.directory.families.rules import SEE_REACH
from tongyu.directory.roles import GuardianRole
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.menu import Entry, register
from tongyu.shell.rows import Line


def applicants(asker: Asker, on: date) -> Sequence[Line]:
    """How many wait to be let in, for whoever may let them in."""
    number = waiting(asker).count()
    text = _("%d 位家长等您核对") % number
    return (
        [Line(text, reverse("families:reach"), _("填的信息和登记的不一样"), icon="user-check")]
        if number
        else []
    )


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
    )
)
waits.register(Waiting("joining", tuple(role.key for role in SEE_REACH.roles), applicants))
