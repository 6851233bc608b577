"""What home pages say of conversations: messages that wait, for the guardian and for the teacher."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.records.family import Asking, Task, asked
from tongyu.records.waiting import Waiting, waits
from tongyu.shell.rows import Line
from tongyu.workbenches.families.conversations import queries, rules

ICON = "messages"
SHOWN = 20
OPENED = "EXISTS (SELECT FROM conversations_conversation r WHERE r.student_id = ANY(%(students)s::uuid[]))"


def tasks(asker: Asker, on: date) -> Sequence[Task]:
    """Conversations with messages that the guardian has not read."""
    return [
        Task(
            student_id=row.student_id,
            title=_("老师发来%(count)d条消息") % {"count": row.unread},
            line=row.topic,
            url=reverse("conversations:detail", args=[row.pk]),
            icon=ICON,
            button=_("查看"),
            order=20,
        )
        for row in queries.listed(asker).filter(unread__gt=0)[:SHOWN]
    ]


def unread(asker: Asker, on: date) -> Sequence[Line]:
    """For the teacher: how many conversations have something new."""
    number = queries.listed(asker).filter(unread__gt=0).count()
    text = _("%d 位家长发来新消息") % number
    return [Line(text, reverse("conversations:list"), _("家校沟通"), icon=ICON)] if number else []


def register() -> None:
    """Sign into the lists of home pages."""
    asked.register(Asking("conversations", tasks, OPENED))
    waits.register(Waiting("conversations", tuple(role.key for role in rules.SCHOOL_ROLES), unread))
