"""消息 in everybody's menu, with what is unread; and on the guardian's home page."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import SIGNING_IN, GuardianRole
from tongyu.notices.queries import unreached_by_class, unread
from tongyu.notices.rules import SEE_UNREACHED
from tongyu.records import family
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.addresses import address
from tongyu.shell.menu import Entry, register
from tongyu.shell.rows import Line


def own_unread(asker: Asker) -> int | None:
    """How many a guardian has not read; the menu and the tile of one page ask once."""
    return family.kept("unread", lambda: unread(asker))


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
        badge=own_unread,
        badge_everywhere=False,
    )
)


def not_delivered(asker: Asker, on: date) -> Sequence[Line]:
    """How many children messages did not reach; a leader of a school looks at the classes first."""
    counts = unreached_by_class(asker)
    if not counts:
        return []
    own = asker.body_kind == BodyKind.SCHOOL_CLASS
    href = reverse("inbox:unreached", args=[asker.body_code]) if own else address("families:reach")
    text = _("%d 个孩子的家长没收到消息") % sum(counts.values())
    return [Line(text, href, _("近30天的通知没有一位家长收到"), icon="bell")]


waits.register(Waiting("unreached", tuple(role.key for role in SEE_UNREACHED.roles), not_delivered))


def line(asker: Asker, on: date) -> str:
    """What the tile on the guardian's home page says."""
    count = own_unread(asker)
    return _("%(count)d 条未读") % {"count": count} if count else _("没有未读")


family.tiles.register(family.Tile("inbox", gettext_lazy("消息"), "bell", "inbox:list", line, order=10))
