"""The school's side: days, desks with their slots and bookings, the adults for whom a teacher may book."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.directory.codes import containing, upper
from tongyu.directory.families.entitled import entitled
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Appointment, Guardianship
from tongyu.directory.roles import ClassTeacher, SchoolLeader, SubjectTeacher
from tongyu.workbenches.gatherings.talks.models import Booking, TalkDay, TalkDesk, TalkSlot
from tongyu.workbenches.gatherings.talks.queries.lapsing import lapsed_slots
from tongyu.workbenches.gatherings.talks.rules import KEEP_DESK, PUPILS, SEE_DAY


def visible_days(asker: Asker) -> QuerySet[TalkDay]:
    """The school's days of talks: for a leader all, for a teacher those with an own desk or of the own class."""
    days = SEE_DAY.rows(asker, TalkDay.objects.all())
    if asker.role is SchoolLeader:
        return days
    return days.filter(Q(org=asker.body_code) | Q(desks__staff_account=asker.account_id)).distinct()


def with_counts(days: QuerySet[TalkDay]) -> QuerySet[TalkDay]:
    """The same with how many slots they have and how many are booked."""
    open_ones = Q(desks__slots__blocked=False, desks__slots__closed=False)
    return days.annotate(
        slots=Count("desks__slots", filter=open_ones, distinct=True),
        booked=Count("desks__slots", filter=Q(desks__slots__booked=True), distinct=True),
    )


@dataclass(frozen=True)
class Line:
    """One slot as the teacher reads it: who comes, or that it is free or blocked."""

    slot: TalkSlot
    booking: Booking | None

    @property
    def is_free(self) -> bool:
        """Whether it may be booked or blocked."""
        return self.booking is None and not self.slot.blocked and not self.slot.closed


@dataclass(frozen=True)
class DeskList:
    """One teacher's list of a day."""

    desk: TalkDesk
    lines: list[Line]
    is_own: bool

    @property
    def booked(self) -> int:
        """How many families come."""
        return sum(line.booking is not None for line in self.lines)


def desk_lists(asker: Asker, day: TalkDay) -> list[DeskList]:
    """The desks of the day that the asker keeps, each with its slots in order. Four queries, however many desks.

    A booking that lapsed shows as a free slot.
    """
    desks = list(KEEP_DESK.rows(asker, TalkDesk.objects.filter(day=day)))
    slots = list(TalkSlot.objects.filter(desk__in=[desk.pk for desk in desks]))
    booked = [slot.pk for slot in slots if slot.booked]
    gone = lapsed_slots(booked) if booked else set()
    rows = KEEP_DESK.rows(asker, Booking.objects.filter(slot__in=booked, ended_at__isnull=True))
    bookings = {row.slot_id: row for row in rows if row.slot_id not in gone}
    by_desk: dict[Any, list[Line]] = {desk.pk: [] for desk in desks}
    for slot in slots:
        by_desk[slot.desk_id].append(Line(slot, bookings.get(slot.pk)))
    return [DeskList(desk, by_desk[desk.pk], desk.staff_account == asker.account_id) for desk in desks]


def answering(asker: Asker) -> QuerySet[Guardianship]:
    """The adults who answer today for the pupils of the asker's range."""
    rows = PUPILS.rows(asker, entitled(today()))
    return (
        rows.filter(student__enrolments__left_on__isnull=True)
        .select_related("student", "guardian")
        .distinct()
    )


@dataclass(frozen=True)
class Teacher:
    """Somebody of the school who teaches classes."""

    staff: Any
    name: str
    classes: tuple[int, ...]


def teachers(asker: Asker, on: date) -> list[Teacher]:
    """The school's class and subject teachers of the day, with their classes; a class teacher only the own self."""
    school = containing(asker.body_code, BodyKind.SCHOOL)
    rows = Appointment.objects.filter(
        Q(until_day__isnull=True) | Q(until_day__gt=on),
        org__gte=school,
        org__lt=upper(school, BodyKind.SCHOOL),
        role__in=(ClassTeacher.key, SubjectTeacher.key),
        withdrawn_at__isnull=True,
        from_day__lte=on,
        staff__isnull=False,
    )
    if asker.role is ClassTeacher:
        rows = rows.filter(staff=asker.staff_id, org=asker.body_code)
    found: dict[Any, tuple[str, set[int]]] = {}
    for staff, name, org in rows.values_list("staff", "staff__name", "org"):
        found.setdefault(staff, (name, set()))[1].add(org)
    made = [Teacher(staff, name, tuple(sorted(orgs))) for staff, (name, orgs) in found.items()]
    return sorted(made, key=lambda one: (one.classes[0], one.name))
