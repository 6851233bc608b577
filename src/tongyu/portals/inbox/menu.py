"""消息 in everybody's menu, with what is unread; and on the guardian's home page."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory.roles import SIGNING_IN, GuardianRole
from tongyu.notices.queries import unread
from tongyu.records import family
from tongyu.shell.menu import Entry, register

register(
    Entry(
        "inbox",
        gettext_lazy("消息"),
        "bell",
        "inbox:list",
        [role.key for role in SIGNING_IN],
        order=15,
        badge=unread,
        badge_everywhere=False,
    )
)
register(
    Entry(
        "family_inbox",
        gettext_lazy("消息"),
        "bell",
        "inbox:list",
        (GuardianRole.key,),
        order=20,
        tab=2,
        badge=unread,
        badge_everywhere=False,
    )
)


def line(asker: Asker, on: date) -> str:
    """What the tile on the guardian's home page says."""
    count = unread(asker)
    return _("%(count)d 条未读") % {"count": count} if count else _("没有未读")


family.tiles.register(family.Tile("inbox", gettext_lazy("消息"), "bell", "inbox:list", line, order=10))
