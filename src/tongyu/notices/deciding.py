"""What becomes of a message to one person at the moment it is to go out: looked at again, not taken for granted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from tongyu.directory.models import Account, Student
from tongyu.notices import channels
from tongyu.notices.addresses import Found, addresses_of
from tongyu.notices.channels.base import Parcel
from tongyu.notices.models import Concern, Delivery, Message, Preference, State
from tongyu.notices.quiet import may_ring
from tongyu.notices.recipients import ENTITLED
from tongyu.notices.topics import SMS, Due, Topic, Words, topic_of

STILL_ENTITLED = f"""
SELECT DISTINCT c.delivery_id FROM notices_concern c
JOIN ({ENTITLED}) e (account_id, guardian_id, student_id, org)
  ON e.guardian_id = c.guardian_id AND e.student_id = c.student_id AND e.org = c.org
WHERE c.delivery_id = ANY(%(ids)s::uuid[])
"""


@dataclass
class Decision:
    """Hand over this parcel, or leave the line in that state."""

    row: Delivery
    state: State
    code: str = ""
    due_at: datetime | None = None
    channel: str = ""
    parcel: Parcel | None = None


@dataclass
class Facts:
    """What is known of some claimed lines, asked at once for all of them."""

    entitled: set[UUID]
    students: dict[UUID, list[UUID]]
    names: dict[UUID, str]
    active: set[int]
    off: dict[int, set[str]]
    found: Found
    wanted: set[UUID] = field(default_factory=set)


def decide(rows: Sequence[Delivery], now: datetime, day: date) -> list[Decision]:
    """A decision for each claimed line; the rows come with their messages."""
    facts = _facts(rows, day)
    return [decided(row, facts, now) for row in rows]


def decided(row: Delivery, facts: Facts, now: datetime) -> Decision:
    """What becomes of one line, out of what is known of it."""
    kind = topic_of(row.message.topic)
    if code := _not_any_more(row, kind, facts, now):
        inside = code == "read"
        state = State.UNSURE if row.called_at else State.INSIDE if inside else State.DROPPED
        return Decision(row, state, code, channel=row.channel)
    rings = may_ring(now, urgent=row.urgent)
    if rings > now:
        return Decision(row, State.HELD, due_at=rings, channel=row.channel)
    return _routed(row, kind, facts, now)


def _not_any_more(row: Delivery, kind: Topic, facts: Facts, now: datetime) -> str:
    """Why it is not to go out after all; nothing when it is."""
    message = row.message
    if message.withdrawn_at:
        return "withdrawn"
    if message.expires_at <= now:
        return "expired"
    if row.read_at:
        return "read"
    if row.pk in facts.students and row.pk not in facts.entitled:
        return "not_entitled"
    if not row.family and row.account_id is not None and row.account_id not in facts.active:
        return "account_closed"
    return "" if row.pk in facts.wanted else "done"


def _routed(row: Delivery, kind: Topic, facts: Facts, now: datetime) -> Decision:
    """The first channel that may carry it, that the person has not turned off, and that knows the person."""
    secret = json.loads(row.sealed_text) if row.sealed_text else {}
    words = secret.get("words") or row.message.words
    if row.called_at:  # handed over before, and nobody knows what came of it: the same call, or none
        window = channels.channel(row.channel).window
        if now - row.called_at > window:
            return Decision(row, State.UNSURE, "interrupted", channel=row.channel)
    off = set() if kind.large else facts.off.get(row.account_id or 0, set())
    ways = [row.channel] if row.called_at else channels.ready(kind)
    for way in ways:
        address = secret.get("phone") if way == SMS and secret else facts.found.get((row.pk, way))
        if not address or way in off or way in row.tried:
            continue
        if way == SMS and _names_a_child(words, row, facts):
            return Decision(row, State.FAILED, "name_in_sms", channel=way)
        return Decision(row, State.SENDING, channel=way, parcel=_parcel(row, kind, way, address, words))
    if row.tried:
        return Decision(row, State.FAILED, row.code, channel=row.channel)
    code = "turned_off" if off else "no_address"
    return Decision(row, State.INSIDE if row.account_id else State.FAILED, code)


def _names_a_child(words: Mapping[str, str], row: Delivery, facts: Facts) -> bool:
    names = [facts.names.get(student, "") for student in facts.students.get(row.pk, ())]
    return any(name and name in word for name in names for word in words.values())


def _parcel(row: Delivery, kind: Topic, way: str, address: str, words: Mapping[str, str]) -> Parcel:
    """No more than the topic lets this channel carry. The time makes two messages of one title two messages."""
    message, carried = row.message, kind.words[way]
    hint = f"{kind.hint}（{date_format(timezone.localtime(message.sent_at), 'n月j日 H:i')}）"
    title = str(kind.title) if carried is Words.HINT else message.title
    text = f"{message.body}\n{hint}" if carried is Words.FULL and message.body else hint
    return Parcel(
        id=row.pk,
        address=address,
        title=title,
        text=text,
        url=outside_url(message),
        template=kind.template,
        words=words,
        attempt=row.attempts + (0 if row.called_at else 1),
    )


def outside_url(message: Message) -> str:
    """Where a message is opened from outside; nothing while the installation has no public address."""
    base = settings.TONGYU_PUBLIC_URL.rstrip("/")
    return f"{base}/notices/{message.pk}/" if base else ""


def _facts(rows: Sequence[Delivery], day: date) -> Facts:
    ids = [row.pk for row in rows]
    students: dict[UUID, list[UUID]] = {}
    for delivery, student in Concern.objects.filter(delivery__in=ids).values_list(
        "delivery_id", "student_id"
    ):
        students.setdefault(delivery, []).append(student)
    with connection.cursor() as cursor:
        cursor.execute(STILL_ENTITLED, {"day": day, "ids": ids})
        entitled = {row[0] for row in cursor.fetchall()}
    accounts = {row.account_id for row in rows if row.account_id}
    children = {student for several in students.values() for student in several}
    facts = Facts(
        entitled=entitled,
        students=students,
        names=dict(Student.objects.filter(pk__in=children).values_list("pk", "name")),
        active=set(Account.objects.filter(pk__in=accounts, is_active=True).values_list("pk", flat=True)),
        off={one.account_id: set(one.off) for one in Preference.objects.filter(account_id__in=accounts)},
        found=addresses_of(rows),
    )
    facts.wanted = _wanted(rows, students)
    return facts


def _wanted(rows: Sequence[Delivery], students: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    """The lines that are still wanted, each topic asked once for its own."""
    by_topic: dict[str, list[Delivery]] = {}
    for row in rows:
        by_topic.setdefault(row.message.topic, []).append(row)
    found: set[UUID] = set()
    for key, some in by_topic.items():
        ask: Any = topic_of(key).still_wanted
        due = [
            Due(row.pk, row.message.key, row.account_id, row.guardian_id, tuple(students.get(row.pk, ())))
            for row in some
        ]
        found |= {one.delivery for one in due} if ask is None else ask(due)
    return found
