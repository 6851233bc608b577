"""What somebody has in the inbox, what became of a message, and whom in a class nothing reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.core.prepared import prepared_cursor
from tongyu.directory.roles import GuardianRole
from tongyu.notices.models import Concern, Delivery, Message, State
from tongyu.notices.rules import SEE_INBOX, SEE_UNREACHED

OWN_GUARDIAN = "notices_delivery.guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
RECENT = timedelta(days=30)
UNREAD = """
SELECT count(*) FROM notices_delivery d JOIN notices_message m ON m.id = d.message_id
WHERE d.read_at IS NULL AND m.withdrawn_at IS NULL AND d.family = %s::boolean
"""
UNREAD_OF_WORK = f"{UNREAD} AND d.account_id = %s::bigint"
UNREAD_OF_FAMILY = f"{UNREAD} AND d.guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"

# One line for each guardian of a child whom no way has reached and none is still open.
UNREACHED = """
SELECT * FROM (
    SELECT c.student_id, s.name AS student, s.name_key, m.id AS message, m.title, m.sent_at, g.name AS guardian,
           d.state, d.channel, d.code,
           bool_or(d.read_at IS NOT NULL OR g.account_id IS NOT NULL
                   OR d.state IN ('sent', 'queued', 'held', 'sending'))
               OVER (PARTITION BY m.id, c.student_id) AS reached
    FROM notices_concern c
    JOIN notices_delivery d ON d.id = c.delivery_id
    JOIN notices_message m ON m.id = d.message_id
    JOIN directory_student s ON s.id = c.student_id
    JOIN directory_guardian g ON g.id = c.guardian_id
    WHERE c.org = %(place)s AND d.state <> 'dropped' AND m.withdrawn_at IS NULL AND m.sent_at > %(since)s
) line WHERE NOT reached ORDER BY sent_at DESC, message, name_key, student_id, guardian
"""
# The same of every class of a range, as numbers: children of whom at least one message reached nobody.
UNREACHED_BY_CLASS = """
SELECT org, count(DISTINCT student_id)::int FROM (
    SELECT c.org, c.student_id,
           bool_or(d.read_at IS NOT NULL OR g.account_id IS NOT NULL
                   OR d.state IN ('sent', 'queued', 'held', 'sending')) AS reached
    FROM notices_concern c
    JOIN notices_delivery d ON d.id = c.delivery_id
    JOIN notices_message m ON m.id = d.message_id
    JOIN directory_guardian g ON g.id = c.guardian_id
    WHERE c.org >= %(lo)s AND c.org < %(hi)s AND d.state <> 'dropped' AND m.withdrawn_at IS NULL
      AND m.sent_at > %(since)s
    GROUP BY c.org, m.id, c.student_id
) line WHERE NOT reached GROUP BY org
"""
# Children are counted, not telephones: one is reached when one guardian was.
REACH = """
SELECT count(*), count(*) FILTER (WHERE reached), count(*) FILTER (WHERE has_read), count(*) FILTER (WHERE waiting)
FROM (
    SELECT c.student_id, bool_or(d.read_at IS NOT NULL OR g.account_id IS NOT NULL OR d.state = 'sent') AS reached,
           bool_or(d.read_at IS NOT NULL) AS has_read,
           bool_or(d.state IN ('queued', 'held', 'sending')) AS waiting
    FROM notices_delivery d
    JOIN notices_concern c ON c.delivery_id = d.id
    JOIN directory_guardian g ON g.id = c.guardian_id
    WHERE d.message_id = %s GROUP BY c.student_id
) child
"""
REASONS: Mapping[str, Any] = {
    "no_address": _("没有手机号，也没有加入"),
    "turned_off": _("关闭了站外提醒，也没有加入"),
    "interrupted": _("发送中断，不知是否送达"),
    "name_in_sms": _("短信里不能有孩子姓名，没有发出"),
    "isv.MOBILE_NUMBER_ILLEGAL": _("手机号不对"),
    "isv.MOBILE_COUNT_OVER_LIMIT": _("手机号不对"),
    "81013": _("企业微信里没有这个人"),
    "60111": _("企业微信里没有这个人"),
    "invalid_parent_userid": _("家校通讯录里没有这位家长"),
    "33012": _("钉钉里没有这个人"),
    "550": _("邮箱不存在"),
}
OTHERWISE = {State.UNSURE: _("发送中断，不知是否送达"), State.FAILED: _("多次发送都没有成功")}


@dataclass(frozen=True)
class Missed:
    """A guardian who was not reached: by what, and why."""

    name: str
    channel: str
    why: Any


@dataclass
class Unreached:
    """A child of whose guardians nobody was reached with one message."""

    student_id: UUID
    student: str
    message: UUID
    title: str
    sent_at: datetime
    guardians: list[Missed] = field(default_factory=list)


@dataclass(frozen=True)
class Reach:
    """How far a message came, counted by child."""

    children: int
    reached: int
    read: int
    waiting: int
    """On the way still, by some channel, to somebody of this child."""


def inbox(asker: Asker) -> QuerySet[Delivery]:
    """The asker's own lines under the hat worn, the latest first, with their messages.

    At work what the account was told; as a guardian what is about a child who is a ward at this moment: row-level
    security asks again at every statement.
    """
    if not SEE_INBOX.allows(asker):
        return Delivery.objects.none()
    rows = (
        Delivery.objects.filter(message__withdrawn_at=None)
        .select_related("message")
        .order_by("-made_at", "id")
    )
    if asker.role is GuardianRole:
        return rows.filter(family=True).extra(where=[OWN_GUARDIAN])
    return rows.filter(family=False, account_id=asker.account_id)


def unread(asker: Asker) -> int | None:
    """How many of them are unread, for a badge; None for none. One statement, planned once."""
    with prepared_cursor() as cursor:
        if asker.role is GuardianRole:
            cursor.execute(UNREAD_OF_FAMILY, ["true"])
        else:
            cursor.execute(UNREAD_OF_WORK, ["false", str(asker.account_id)])
        return cursor.fetchone()[0] or None


def children_of(asker: Asker, rows: Sequence[Delivery]) -> dict[UUID, list[str]]:
    """Of each line the names of the asker's children that it is about; for the label beside it. One query."""
    names = {ward.student_id: ward.name for ward in asker.wards}
    found: dict[UUID, list[str]] = {}
    concerns = Concern.objects.filter(delivery__in=[row.pk for row in rows], student_id__in=names)
    for delivery, student in concerns.values_list("delivery_id", "student_id"):
        found.setdefault(delivery, []).append(names[student])
    return {delivery: sorted(several) for delivery, several in found.items()}


def reach_of(asker: Asker, message: UUID) -> Reach | None:
    """How far a message of the asker's own came, by child; None for anybody but its sender."""
    if not Message.objects.filter(pk=message, by_account=asker.account_id).exists():
        return None
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(REACH, [message])
        return Reach(*cursor.fetchone())


def unreached(asker: Asker, school_class: int, since: datetime | None = None) -> list[Unreached]:
    """The class's work list: children whom a message of the last month did not reach, each guardian with the reason.

    A child counts as reached when one guardian was: who has joined has it in the inbox, others by a channel outside.
    What is still on its way is not listed. PermissionDenied for who may not, empty out of the asker's range. One query.
    """
    SEE_UNREACHED.check(asker)
    if not asker.reaches(school_class):
        return []
    values: dict[str, Any] = {"place": school_class, "since": since or clock.now() - RECENT}
    # A sibling's class may be another school's, and with it the line; what is read is about the children of this class.
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(UNREACHED, values)
        rows = cursor.fetchall()
    found: dict[tuple[UUID, UUID], Unreached] = {}
    for student_id, student, _key, message, title, sent_at, guardian, state, channel, code, _reached in rows:
        one = found.setdefault((message, student_id), Unreached(student_id, student, message, title, sent_at))
        one.guardians.append(Missed(guardian, channel, why(state, code)))
    return list(found.values())


def unreached_by_class(asker: Asker) -> dict[int, int]:
    """Of each class in the asker's range: how many children a message of the last month did not reach. One query."""
    SEE_UNREACHED.check(asker)
    values: dict[str, Any] = {"lo": asker.lo, "hi": asker.hi, "since": clock.now() - RECENT}
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(UNREACHED_BY_CLASS, values)
        return dict(cursor.fetchall())


def why(state: str, code: str) -> Any:
    """Why somebody was not reached, in words."""
    return REASONS.get(code) or OTHERWISE.get(State(state), OTHERWISE[State.FAILED])
