"""Booking a talk: the database decides who wins a slot (decision E6 of trust.md), in one statement a slot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import moment, now
from tongyu.directory.families.guarding import hold
from tongyu.directory.models import Guardianship
from tongyu.workbenches.gatherings.talks.actions.ending import end, lock_slots
from tongyu.workbenches.gatherings.talks.actions.releasing import release
from tongyu.workbenches.gatherings.talks.actions.telling import tell_booked
from tongyu.workbenches.gatherings.talks.models import Booking, Ended, TalkSlot
from tongyu.workbenches.gatherings.talks.queries import answering
from tongyu.workbenches.gatherings.talks.rules import FAMILY_DESK, KEEP_DESK, OWN_BOOKING, PUPILS, receives

MOST_AT_ONCE, LONGEST_WISH = 6, 200
TAKE = """
WITH taken AS (
    UPDATE talks_talkslot s SET booked = true
    FROM talks_talkdesk k JOIN talks_talkday d ON d.id = k.day_id
    WHERE s.id = %s AND k.id = s.desk_id AND NOT s.booked AND NOT s.blocked AND NOT s.closed
      AND s.starts_at > %s AND d.cancelled_at IS NULL AND (%s OR d.closes_at > %s)
    RETURNING s.id
)
"""
FAULTS = {
    "booking_one_a_child": gettext_lazy("这个孩子已经约了这位老师。另约之前，请先取消原来的。"),
    "booking_guardian_once": gettext_lazy("您在这个时间已经约了另一次面谈，请换一个时间。"),
}


@dataclass(frozen=True)
class Wanted:
    """One booking as its sender wants it, under the id its sender made."""

    id: UUID
    slot: UUID
    student: UUID


@transaction.atomic
def book(*, by: Asker, wanted: Sequence[Wanted], wish: str = "") -> list[Booking]:
    """A guardian books one or several talks: all of them or none, so that siblings come back to back.

    A child that already has a talk with that teacher is moved to the new slot. The same ids sent again give the
    bookings that stand. Raises ValidationError when a slot is gone, the day is closed, or times overlap;
    PermissionDenied when a child is no ward any more or the teacher does not receive it.
    """
    if not 1 <= len(wanted) <= MOST_AT_ONCE or len({each.slot for each in wanted}) != len(wanted):
        raise ValidationError(_("请重新选择时间。"))
    wards = {each.student: hold(by, each.student) for each in sorted(wanted, key=lambda one: one.student)}
    _one_at_a_time(by)
    slots = {slot.pk: slot for slot in _slots(by, wanted)}
    standing = [_standing(each, by) for each in wanted]
    if all(standing):
        return [row for row in standing if row is not None]
    release(slots=list(slots))
    old = _old(slots, wanted, by)
    lock_slots([*slots, *(row.slot_id for row in old)])
    for row in old:
        end(row, Ended.CHANGED, by)
    made = []
    for each in sorted(wanted, key=lambda one: one.slot):
        ward, slot = wards[each.student], slots[each.slot]
        if not receives(slot.desk.classes.all(), ward.org, ward.student_id):
            raise PermissionDenied(FAMILY_DESK.key)
        who = Who(ward.student_id, ward.name, ward.org, ward.guardian_id, f"{by.name}（{_relation(ward)}）")
        made.append(_take(each.id, slot, who, wish, by, closes=True))
    return made


@dataclass(frozen=True)
class Who:
    """For whom a booking is made, with the names as they are today."""

    student: UUID
    name: str
    org: int
    guardian: UUID
    words: str


@transaction.atomic
def book_for(*, by: Asker, id: UUID, slot: TalkSlot, student: UUID, guardian: UUID) -> Booking:
    """The teacher books for a family that has no phone, also after the day has closed for families.

    Raises ValidationError when the slot is gone, PermissionDenied outside the own desk or class.
    """
    KEEP_DESK.check(by, slot)
    if standing := _standing(Wanted(id, slot.pk, student), by):
        return standing
    tie = answering(by).filter(student_id=student, guardian_id=guardian).first()
    if tie is None or not receives(slot.desk.classes.all(), tie.org, tie.student_id):
        raise PermissionDenied(PUPILS.key)
    list(Guardianship.objects.filter(pk=tie.pk).select_for_update())
    release(slots=[slot.pk])
    words = f"{tie.guardian.name}（{tie.get_relation_display()}）"
    who = Who(tie.student_id, tie.student.name, tie.org, tie.guardian_id, words)
    booking = _take(id, slot, who, "", by, closes=False)
    tell_booked(booking)
    return booking


@transaction.atomic
def cancel_booking(*, by: Asker, booking: Booking) -> Booking:
    """A guardian cancels the own booking before the day closes. Twice is once; raises ValidationError when too late."""
    hold(by, booking.student_id)
    OWN_BOOKING.check(by, booking)
    lock_slots([booking.slot_id])
    locked = Booking.objects.select_for_update(of=("self",)).select_related("desk__day").get(pk=booking.pk)
    if locked.ended_at is not None:
        return locked
    if locked.desk.day.closes_at <= moment():
        raise ValidationError(_("已过预约和改约的截止时间，请直接联系老师。"))
    return end(locked, Ended.FAMILY, by)


def _one_at_a_time(by: Asker) -> None:
    """Two taps of one guardian wait for each other, instead of for each other's slots in a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('talks'), hashtext(%s))", [str(by.account_id)])


def _slots(by: Asker, wanted: Sequence[Wanted]) -> list[TalkSlot]:
    rows = TalkSlot.objects.filter(pk__in=[each.slot for each in wanted])
    found = list(rows.select_related("desk__day").prefetch_related("desk__classes"))
    if len(found) != len(wanted) or not all(FAMILY_DESK.allows(by, slot.desk) for slot in found):
        raise PermissionDenied(FAMILY_DESK.key)
    return found


def _standing(each: Wanted, by: Asker) -> Booking | None:
    """What was booked under that id; raises ValidationError when it was something else."""
    row = Booking.objects.filter(pk=each.id).first()
    if row is None:
        return None
    if (row.slot_id, row.student_id, row.by_account) != (each.slot, each.student, by.account_id):
        raise ValidationError(_("这次预约已用同一编号提交过，内容不同。请刷新页面后再试。"))
    return row


def _old(slots: dict[Any, TalkSlot], wanted: Sequence[Wanted], by: Asker) -> list[Booking]:
    """The guardian's bookings that the new ones replace: the same child with the same teacher."""
    pairs = {(slots[each.slot].desk_id, each.student) for each in wanted}
    own = {ward.guardian_id for ward in by.wards}
    rows = Booking.objects.filter(
        ended_at__isnull=True, student__in=[each.student for each in wanted], guardian__in=own
    )
    return [row for row in rows if (row.desk_id, row.student_id) in pairs]


def _take(id: UUID, slot: TalkSlot, who: Who, wish: str, by: Asker, *, closes: bool) -> Booking:
    """Book it, or raise ValidationError. `closes`: the day's last hour for families holds."""
    row = Booking(
        id=id,
        slot=slot,
        desk_id=slot.desk_id,
        org=who.org,
        staff_account=slot.staff_account,
        student_id=who.student,
        guardian_id=who.guardian,
        name=who.name,
        who=who.words[:80],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        wish=wish.strip()[:LONGEST_WISH] or None,
        booked_at=now(),
        by_account=by.account_id,
    )
    try:
        with transaction.atomic():
            taken = _insert(row, closes)
    except IntegrityError as error:
        raise ValidationError(_fault(error)) from None
    if not taken:
        raise ValidationError(_gone(slot))
    return row


def _insert(row: Booking, closes: bool) -> bool:
    """Take the slot and write the booking in one statement; False when the slot was not to be had."""
    at = moment()
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [str(row.slot_id), at, not closes, at, *values])
        return bool(cursor.rowcount)


@lru_cache(maxsize=1)
def _statement() -> str:
    fields = Booking._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(f"%s::{field.db_type(connection)}" for field in fields)
    return f"{TAKE} INSERT INTO talks_booking ({columns}) SELECT {values} FROM taken"


def _fault(error: IntegrityError) -> str:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if constraint in FAULTS:
        return str(FAULTS[constraint])
    return str(_("这个时间刚被别人约走了，请换一个。"))


def _gone(slot: TalkSlot) -> str:
    slot.refresh_from_db(fields=["booked", "blocked", "closed"])
    if slot.booked or slot.blocked:
        return _("这个时间刚被别人约走了，请换一个。")
    return _("已过预约和改约的截止时间，或者面谈日已取消。请联系老师。")


def _relation(ward: Any) -> str:
    return str(Guardianship(relation=ward.relation).get_relation_display())
