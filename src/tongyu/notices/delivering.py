"""Carries what is due outside: claim, decide, mark, call, record. Several workers may do so at once, and any may die.

A line is claimed with SKIP LOCKED and marked in a transaction of its own before the vendor is called. So what a killed
worker leaves is either not called (it waits again) or called without a known answer (`settle_interrupted`).
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from tongyu.core import clock
from tongyu.core.bulk import insert_rows, update_rows
from tongyu.core.ids import uuid7
from tongyu.notices import channels
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.deciding import Decision, decide
from tongyu.notices.models import Attempt, Delivery, State
from tongyu.notices.quiet import may_ring, next_try

AT_ONCE = 200
DECIDED = ("channel", "code", "state", "claim", "due_at", "sealed_text")
CALLED = ("code", "state", "claim", "due_at", "sealed_text", "tried", "failures", "called_at")
DEAD = timedelta(minutes=10)
"""A claim this old belongs to no living worker: the longest call and its commits take less."""

CLAIM = """
UPDATE notices_delivery d SET state = 'sending', claim = %(claim)s, claimed_at = %(now)s
FROM (SELECT id FROM notices_delivery WHERE state IN ('queued', 'held') AND due_at <= %(now)s
      ORDER BY urgent DESC, due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED) c
WHERE d.id = c.id RETURNING d.id
"""
MARK = """
UPDATE notices_delivery SET attempts = attempts + (called_at IS NULL)::int, called_at = COALESCE(called_at, %(now)s)
WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' AND claim = %(claim)s RETURNING id, called_at
"""


def deliver_due(seconds: float = 20) -> bool:
    """Hand over what is due until nothing is, or the time is over; returns whether something is left."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not deliver_some():
            return False
    return True


def deliver_some(most: int = AT_ONCE) -> int:
    """One round: returns how many lines were claimed. The caller is in no transaction, and under the system's scope."""
    claim, now = uuid7(), clock.now()
    with transaction.atomic():
        rows = _claimed(claim, now, most)
        decisions = decide(rows, now, clock.today())
        going = [one for one in decisions if one.parcel]
        _note(decisions)
    for part in _calls(going):
        _call(claim, part)
    return len(rows)


def _claimed(claim: UUID, now: datetime, most: int) -> list[Delivery]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"claim": claim, "now": now, "most": most})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).select_related("message"))


def _note(decisions: Sequence[Decision]) -> None:
    """Write down what was decided; a line that goes out keeps its claim and gets its channel."""
    for one in decisions:
        row = one.row
        row.channel, row.code = one.channel, one.code
        if one.parcel is None:
            row.state, row.claim, row.due_at = one.state, None, one.due_at or row.due_at
            if one.state is not State.HELD:
                row.sealed_text = None
    update_rows([one.row for one in decisions], DECIDED)


def _calls(going: Sequence[Decision]) -> list[list[Decision]]:
    """What is handed over in one go: one message on one channel, no more than the channel takes."""
    groups: dict[tuple[UUID, str], list[Decision]] = {}
    for one in going:
        groups.setdefault((one.row.message_id, one.channel), []).append(one)
    parts = []
    for (_message, way), some in groups.items():
        size = channels.channel(way).batch
        parts += [some[start : start + size] for start in range(0, len(some), size)]
    return parts


def _call(claim: UUID, part: Sequence[Decision]) -> None:
    """Mark, call, record. Lines that somebody else has taken over meanwhile are not called."""
    with transaction.atomic(), connection.cursor() as cursor:
        ids = [one.row.pk for one in part]
        cursor.execute(MARK, {"ids": ids, "claim": claim, "now": clock.now()})
        marked = dict(cursor.fetchall())
    mine = [one for one in part if one.row.pk in marked]
    if not mine:
        return
    way = channels.channel(mine[0].channel)
    outcomes = way.deliver([one.parcel for one in mine if one.parcel])
    now, log = clock.now(), []
    for one in mine:
        outcome = outcomes.get(one.row.pk, Outcome(Kind.UNSURE, "no outcome"))
        before = one.row.called_at is not None
        one.row.called_at = marked[one.row.pk]
        _change(one.row, outcome, after(one.row, outcome, now, repeats=bool(way.window), before=before))
        log.append(_entry(one, outcome, now))
    with transaction.atomic():
        _record(claim, [one.row for one in mine], log)


def _change(row: Delivery, outcome: Outcome, changes: dict[str, object]) -> None:
    row.claim, row.code = None, outcome.code[:60]
    for name, value in changes.items():
        setattr(row, name, value)
    if row.state != State.QUEUED:
        row.sealed_text = None


def _entry(one: Decision, outcome: Outcome, now: datetime) -> Attempt:
    """The line of the delivery log."""
    return Attempt(
        delivery_id=one.row.pk,
        org=one.row.org,
        channel=one.channel,
        at=now,
        outcome=outcome.kind.value,
        code=outcome.code[:60],
        vendor_id=outcome.vendor_id[:80],
    )


def _record(claim: UUID, rows: Sequence[Delivery], log: Sequence[Attempt]) -> None:
    """What came of the calls; lines whose claim has passed to somebody else keep what that one makes of them."""
    held = Delivery.objects.select_for_update().filter(pk__in=[row.pk for row in rows], claim=claim)
    ours = set(held.values_list("pk", flat=True))
    update_rows([row for row in rows if row.pk in ours], CALLED)
    insert_rows(log)


def after(
    row: Delivery, outcome: Outcome, now: datetime, *, repeats: bool, before: bool
) -> dict[str, object]:
    """The line's next state. Without an answer the same call is made once more where the vendor drops repetitions
    (`repeats`).

    `before`: it had been handed over already, and nobody knows what came of that. Then only this call may be made
    again, while the vendor still drops repetitions, and another channel would say it twice.
    """
    again = may_ring(now + outcome.after, urgent=row.urgent)
    if outcome.kind is Kind.SENT:
        return {"state": State.SENT, "called_at": None}
    if outcome.kind is Kind.UNSURE:
        return {"state": State.QUEUED, "due_at": again} if repeats and not before else {"state": State.UNSURE}
    kept = {} if before else {"called_at": None}
    if outcome.kind is Kind.LATER:
        return {"state": State.QUEUED, "due_at": again, **kept}
    failures = row.failures + 1
    due = None if outcome.kind is Kind.REFUSED else next_try(failures, now, urgent=row.urgent)
    if due is not None:
        return {"state": State.QUEUED, "due_at": due, "failures": failures, **kept}
    if before:
        return {"state": State.UNSURE}
    tried = [*row.tried, row.channel]
    return {"state": State.QUEUED, "due_at": now, "tried": tried, "called_at": None, "failures": 0}


def settle_interrupted(now: datetime) -> int:
    """Lines of workers that died: they wait again. Called ones keep their mark, so the next round makes the same call
    where the vendor drops repetitions, and says that nobody knows where it does not. Returns how many there were."""
    with transaction.atomic():
        left = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=now - DEAD)
        return left.update(state=State.QUEUED, claim=None, due_at=now)
