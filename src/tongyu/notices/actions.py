"""Sending, withdrawing, reading, choosing channels."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.notices import channels, queueing
from tongyu.notices.models import WAITING, Delivery, Message, Preference, State
from tongyu.notices.queries import inbox
from tongyu.notices.quiet import may_ring
from tongyu.notices.recipients import Recipients, told
from tongyu.notices.storing import store_deliveries, store_message
from tongyu.notices.topics import ONE_TIME_CODE, OUTSIDE, Topic, topics


class Unsendable(ValueError):
    """What is to be sent breaks the rules of its topic: a fault of the calling code, not of a person."""


def send(
    *,
    topic: str,
    key: str,
    title: str,
    to: Sequence[Recipients],
    by: Asker | None = None,
    org: int | None = None,
    body: str = "",
    url: str = "",
    words: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Message:
    """Tell these people one thing, inside the running transaction; the channels outside follow when it commits.

    `key` makes it one message: sent again, nobody has it twice, and people who were not yet among the recipients are
    added. `to` is resolved under the scope in force, so it reaches nobody beyond it. `words` are the parameters of the
    topic's SMS template. `url` is a page of ours. `at` puts off the channels outside (default: now).
    Title and body hold no child's name; the inbox labels each line with the child.
    Raises Unsendable, and RegistryError for an unknown topic.
    """
    kind, now = topics.get(topic), clock.now()
    _check(kind, title, url, words or {})
    place = org if org is not None else (by.body_code if by else 0)
    values = {
        "id": uuid7(),
        "org": place,
        "topic": topic,
        "key": key,
        "title": title,
        "body": body,
        "url": url,
        "words": json.dumps(dict(words or {}), ensure_ascii=False),
        "by": by.account_id if by else None,
        "now": now,
        "ends": max(now, at or now) + kind.expires,
    }
    state, due = start_of(kind, now, at)
    with told(to, clock.today()), acting(everywhere()):
        message, new = store_message(values)
        added = store_deliveries(
            message, new=new, org=place, urgent=kind.urgent, state=state, due=due, now=now
        )
        if added and state == State.QUEUED:
            queueing.deliver_soon()
        return Message.objects.get(pk=message)


def send_code(*, phone: str, key: str, code: str) -> Message:
    """Send a one-time code to a telephone, at once and by SMS only; inside the running transaction.

    Number and code are kept encrypted until they have gone out, and nowhere else.
    """
    now = clock.now()
    with acting(everywhere()):
        values = {
            "id": uuid7(),
            "org": 0,
            "topic": ONE_TIME_CODE.key,
            "key": key,
            "title": str(ONE_TIME_CODE.title),
            "body": "",
            "url": "",
            "words": "{}",
            "by": None,
            "now": now,
            "ends": now + ONE_TIME_CODE.expires,
        }
        message, new = store_message(values)
        if new:
            Delivery.objects.create(
                message_id=message,
                org=0,
                made_at=now,
                urgent=True,
                state=State.QUEUED,
                due_at=now,
                sealed_text=json.dumps({"phone": phone, "words": {"code": code}}),
            )
            queueing.deliver_soon()
        return Message.objects.get(pk=message)


@transaction.atomic
def withdraw(*, by: Asker, message: UUID) -> Message:
    """Take a message back: it leaves the inboxes, and what has not gone out does not go out.

    Raises PermissionDenied unless the asker sent it. Withdrawn twice is withdrawn once.
    """
    row = Message.objects.select_for_update().filter(pk=message, by_account=by.account_id).first()
    if row is None:
        raise PermissionDenied("not the sender of this message")
    if row.withdrawn_at is None:
        _take_out(row)
    return row


def recall(*, topic: str, key: str) -> None:
    """Take back, in the running transaction, what the calling room sent under that key: it leaves the inboxes, and what
    has not gone out does not go out. The room has checked who may; nothing was sent, nothing happens."""
    with acting(everywhere()):
        row = Message.objects.select_for_update().filter(topic=topic, key=key, withdrawn_at=None).first()
        if row is not None:
            _take_out(row)


def _take_out(row: Message) -> None:
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    with acting(everywhere()):
        waiting = Delivery.objects.filter(message=row, state__in=WAITING)
        waiting.update(state=State.DROPPED, code="withdrawn")


def mark_read(*, by: Asker, deliveries: Iterable[UUID]) -> int:
    """Note that the asker has seen these lines of the own inbox; returns how many were new."""
    own = inbox(by).filter(pk__in=list(deliveries), read_at=None).values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(own), read_at=None).update(read_at=clock.now())


def mark_all_read(*, by: Asker) -> int:
    """Note that the asker has seen everything in the own inbox; returns how much was new."""
    return mark_read(by=by, deliveries=inbox(by).filter(read_at=None).values_list("pk", flat=True))


@transaction.atomic
def set_preference(*, by: Asker, off: Iterable[str]) -> Preference:
    """Turn channels off for the asker's account, and all others on. Unknown ones raise Unsendable."""
    chosen = sorted(set(off))
    if unknown := set(chosen) - set(OUTSIDE):
        raise Unsendable(f"no channel {sorted(unknown)}")
    row, _made = Preference.objects.update_or_create(
        account_id=by.account_id, defaults={"off": chosen, "changed_at": clock.now()}
    )
    return row


def _check(kind: Topic, title: str, url: str, words: Mapping[str, str]) -> None:
    if not connection.in_atomic_block:
        raise Unsendable("send() belongs into the transaction of what it tells of")
    if not title.strip() or len(title) > 120:
        raise Unsendable("a message has a title of at most 120 characters")
    if url and (not url.startswith("/") or url.startswith("//")):
        raise Unsendable("a message leads to a page of ours")
    if set(words) != set(kind.parameters) and (words or kind.template):
        raise Unsendable(f"the template of {kind.key} takes {kind.parameters}, not {sorted(words)}")


def start_of(kind: Topic, now: datetime, at: datetime | None) -> tuple[State, datetime]:
    """Where a line begins: waiting for a channel, held until the morning, or in the inbox alone."""
    wanted = max(now, at or now)
    if not channels.ready(kind):
        return State.INSIDE, wanted
    due = may_ring(wanted, urgent=kind.urgent)
    return (State.HELD if due > wanted else State.QUEUED), due
