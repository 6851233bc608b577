"""Tell the others of a new message: a hint that there is one, never what it says or about which child."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.roles import GuardianRole
from tongyu.notices.actions import send
from tongyu.notices.recipients import Accounts, Guardians
from tongyu.notices.topics import DINGTALK, SCHOOL, WECOM, Due, Topic, Words, topics
from tongyu.workbenches.families.conversations.models import Message, ReadTo
from tongyu.workbenches.families.conversations.queries import People


def unread(due: Sequence[Due]) -> set[UUID]:
    """Asked at delivery: which of these hints are about messages that stand, and that the account has not read."""
    found = {str(one.pk): one for one in Message.objects.filter(pk__in={one.key for one in due})}
    read = {
        (row.conversation_id, row.by_account): row.number
        for row in ReadTo.objects.filter(conversation__in={one.conversation_id for one in found.values()})
    }
    return {one.delivery for one in due if _waits(found.get(one.key), one, read)}


def _waits(message: Message | None, one: Due, read: dict[tuple[UUID, int], int]) -> bool:
    if message is None or message.withdrawn_at is not None:
        return False
    return read.get((message.conversation_id, one.account or 0), 0) < message.number


TOPIC = topics.register(
    Topic(
        "conversation",
        gettext_lazy("家校沟通"),
        dict.fromkeys((SCHOOL, WECOM, DINGTALK), Words.TITLE),
        still_wanted=unread,
    )
)


def tell(by: Asker, message: Message, now_in: People) -> None:
    """Tell everybody who is in but the writer, in the running transaction; some are beyond the writer's range."""
    staff = [one.account_id for one in now_in.staff if one.account_id not in (None, by.account_id)]
    pairs = [
        (one.guardian_id, message.student_id)
        for one in now_in.guardians
        if one.guardian_id and one.account_id != by.account_id
    ]
    from_home = by.role is GuardianRole
    title = _("一位家长发来一条消息") if from_home else _("%(who)s发来一条消息") % {"who": by.role.name}
    with acting(everywhere()):
        send(
            topic=TOPIC.key,
            key=str(message.pk),
            title=title,
            to=[Accounts([one for one in staff if one is not None]), Guardians(pairs)],
            by=by,
            org=message.org,
            url=reverse("conversations:detail", args=[message.conversation_id]),
        )
