"""How a booking ends and its slot becomes free: one way for all who end one. The slot is locked before the booking."""

from collections.abc import Iterable
from typing import Any

from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.workbenches.gatherings.talks.models import Booking, TalkSlot


def lock_slots(slots: Iterable[Any]) -> list[TalkSlot]:
    """These slots, locked in one order, so that two who change several never wait for each other in a circle."""
    return list(TalkSlot.objects.filter(pk__in=set(slots)).order_by("pk").select_for_update(of=("self",)))


def end(booking: Booking, why: str, by: Asker, line: str = "") -> Booking:
    """End a standing booking whose slot is locked; the slot is free again."""
    booking.ended_at, booking.ended_by, booking.ended = now(), by.account_id, why
    booking.ended_line = line.strip()[:200]
    booking.save(update_fields=["ended_at", "ended_by", "ended", "ended_line"])
    TalkSlot.objects.filter(pk=booking.slot_id).update(booked=False)
    return booking
