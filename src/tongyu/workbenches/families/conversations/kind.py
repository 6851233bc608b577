"""Conversations prove nothing and are no kind of record; they stand in the menu and on the guardian's home page."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.roles import GuardianRole
from tongyu.records import family
from tongyu.shell import menu
from tongyu.workbenches.families.conversations import queries, rules

ICON = "messages"


def waiting(asker: Asker, on: date) -> Sequence[family.Task]:
    """Conversations with messages that the guardian has not read."""
    return [
        family.Task(
            student_id=row.student_id,
            title=_now("%(count)d条新消息") % {"count": row.unread},
            line=row.topic,
            url=reverse("conversations:detail", args=[row.pk]),
            icon=ICON,
            button=_now("查看"),
            order=20,
        )
        for row in queries.listed(asker).filter(unread__gt=0)[:20]
    ]


family.asked.register(family.Asking("conversations", waiting))
menu.register(
    menu.Entry(
        key="conversations",
        label=_("家校沟通"),
        icon=ICON,
        url_name="conversations:list",
        roles=tuple(role.key for role in rules.SCHOOL_ROLES),
        section="work",
        order=24,
        short=_("沟通"),
    )
)
menu.register(
    menu.Entry(
        key="conversations_family",
        label=_("和老师沟通"),
        icon=ICON,
        url_name="conversations:family",
        roles=(GuardianRole.key,),
        order=30,
        tab=3,
        short=_("沟通"),
    )
)
