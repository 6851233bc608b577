"""A guardian's side: days to which own children are invited, free slots, the own bookings, slots back to back."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from tongyu.core.access import Asker, Ward
from tongyu.core.clock import moment
from tongyu.workbenches.gatherings.talks.models import Booking, TalkDay, TalkDesk, TalkSlot
from tongyu.workbenches.gatherings.talks.queries.lapsing import lapsed_slots
from tongyu.workbenches.gatherings.talks.rules import FAMILY_DESK, OWN_BOOKING, neighbours, receives

MOST_PAIRS = 4


def invited_days(asker: Asker) -> QuerySet[TalkDay]:
    """Days with a teacher who receives one of the own children."""
    desks = FAMILY_DESK.rows(asker, TalkDesk.objects.all())
    return TalkDay.objects.filter(pk__in=desks.values("day_id"))


def own_bookings(asker: Asker) -> list[Booking]:
    """What this guardian booked, ended ones too, and nobody else's; in the order of the talks."""
    own = {ward.guardian_id for ward in asker.wards}
    rows = OWN_BOOKING.rows(asker, Booking.objects.filter(guardian__in=own))
    return list(rows.select_related("desk__day", "slot").order_by("starts_at"))


@dataclass(frozen=True)
class Offer:
    """One own child and one teacher who receives it: what is booked, and what is free."""

    ward: Ward
    desk: TalkDesk
    booking: Booking | None
    free: list[TalkSlot] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """Two children back to back: each with its time, the earlier first."""

    talks: tuple[tuple[Offer, TalkSlot], tuple[Offer, TalkSlot]]

    @property
    def picks(self) -> str:
        """What the button sends."""
        return ",".join(f"{offer.ward.student_id}.{slot.pk}" for offer, slot in self.talks)


def offers(asker: Asker, day: TalkDay) -> list[Offer]:
    """Every own child with every teacher who receives it, by child. Five queries."""
    desks = list(
        FAMILY_DESK.rows(asker, TalkDesk.objects.filter(day=day)).prefetch_related("classes", "slots")
    )
    slots = [slot for desk in desks for slot in desk.slots.all()]
    booked = [slot.pk for slot in slots if slot.booked]
    gone = lapsed_slots(booked) if booked else set()
    standing = {
        (row.desk_id, row.student_id): row
        for row in own_bookings(asker)
        if row.ended_at is None and row.slot_id not in gone
    }
    at = moment()
    free = {
        desk.pk: [
            slot for slot in desk.slots.all() if slot.starts_at > at and (slot.is_free or slot.pk in gone)
        ]
        for desk in desks
    }
    return [
        Offer(ward, desk, standing.get((desk.pk, ward.student_id)), free[desk.pk])
        for ward in asker.wards
        for desk in desks
        if receives(desk.classes.all(), ward.org, ward.student_id)
    ]


def pairs(found: list[Offer]) -> list[Pair]:
    """For two children without a time: times back to back, the earliest first, some for every two teachers."""
    open_ones = [offer for offer in found if offer.booking is None]
    together = [
        (first, second)
        for number, first in enumerate(open_ones)
        for second in open_ones[number + 1 :]
        if first.ward.student_id != second.ward.student_id
    ]
    each = max(1, MOST_PAIRS // max(1, len(together)))
    made = [
        _pair((first, one), (second, other))
        for first, second in together
        for one, other in neighbours(first.free, second.free, each)
    ]
    made.sort(key=lambda pair: pair.talks[0][1].starts_at)
    return made[: 2 * MOST_PAIRS]


def _pair(one: tuple[Offer, TalkSlot], other: tuple[Offer, TalkSlot]) -> Pair:
    return Pair((one, other) if one[1].starts_at < other[1].starts_at else (other, one))
