"""The teacher keeps the own desk: blocks a time, ends a booking; who offered a day calls it off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.workbenches.gatherings.talks.actions.ending import end, lock_slots
from tongyu.workbenches.gatherings.talks.actions.telling import tell_day_off, tell_ended
from tongyu.workbenches.gatherings.talks.models import Booking, Ended, TalkDay, TalkSlot
from tongyu.workbenches.gatherings.talks.rules import KEEP_DESK, OFFER


@transaction.atomic
def block_slot(*, by: Asker, slot: TalkSlot, line: str = "") -> TalkSlot:
    """Receive nobody at that time. A family that has booked it is told why and asked to choose anew.

    Raises ValidationError when somebody has booked and no line to the family is given, or when the day is off.
    """
    KEEP_DESK.check(by, slot)
    locked = _locked(slot)
    if locked.closed:
        raise ValidationError(_("这个面谈日已经取消。"))
    standing = _standing(locked)
    if standing is not None:
        _end(standing, by, line)
    TalkSlot.objects.filter(pk=locked.pk).update(booked=False, blocked=True)
    locked.booked, locked.blocked = False, True
    return locked


@transaction.atomic
def unblock_slot(*, by: Asker, slot: TalkSlot) -> TalkSlot:
    """Offer a blocked time again."""
    KEEP_DESK.check(by, slot)
    locked = _locked(slot)
    if locked.blocked:
        TalkSlot.objects.filter(pk=locked.pk).update(blocked=False)
        locked.blocked = False
    return locked


@transaction.atomic
def end_booking(*, by: Asker, slot: TalkSlot, line: str) -> TalkSlot:
    """Take a booking back with a line to the family; the time stays on offer. Nothing to end is no error."""
    KEEP_DESK.check(by, slot)
    locked = _locked(slot)
    standing = _standing(locked)
    if standing is not None:
        _end(standing, by, line)
        locked.booked = False
    return locked


@transaction.atomic
def cancel_day(*, by: Asker, day: TalkDay, reason: str) -> TalkDay:
    """Call the whole day off: every booking ends, nothing can be booked. Twice is once."""
    OFFER.check(by, day)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因，家长会看到。")})
    slots = lock_slots(TalkSlot.objects.filter(desk__day=day).values_list("pk", flat=True))
    locked = TalkDay.objects.select_for_update(of=("self",)).get(pk=day.pk)
    if locked.cancelled_at is not None:
        return locked
    locked.cancelled_at, locked.cancel_reason = now(), reason.strip()[:200]
    locked.save(update_fields=["cancelled_at", "cancel_reason"])
    keys = [slot.pk for slot in slots]
    standing = Booking.objects.filter(slot__in=keys, ended_at__isnull=True)
    had = list(standing)
    standing.update(ended_at=now(), ended_by=by.account_id, ended=Ended.DAY, ended_line=locked.cancel_reason)
    TalkSlot.objects.filter(pk__in=keys).update(booked=False, closed=True)
    if locked.day >= today():
        tell_day_off(locked, had)
    return locked


def _locked(slot: TalkSlot) -> TalkSlot:
    found: Any = lock_slots([slot.pk])
    return found[0]


def _standing(slot: TalkSlot) -> Booking | None:
    return Booking.objects.select_for_update(of=("self",)).filter(slot=slot, ended_at__isnull=True).first()


def _end(booking: Booking, by: Asker, line: str) -> None:
    if not line.strip():
        raise ValidationError({"line": _("已有家长预约，请写一句话告诉家长原因。")})
    tell_ended(end(booking, Ended.TEACHER, by, line))
