"""Named reads. Each starts from the asker; the people of a class from its enrolments."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory.models import Body, Enrolment, Guardianship
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.rules import SEE_EVENT


def visible(asker: Asker) -> QuerySet[Event]:
    """Every event the asker may see, withdrawn ones too."""
    return SEE_EVENT.rows(asker, Event.objects.all())


def standing(asker: Asker) -> QuerySet[Event]:
    """The events of lists and calendars: without withdrawn ones, with scopes and organisers at hand."""
    return visible(asker).filter(withdrawn_at__isnull=True).prefetch_related("scopes", "organisers")


def with_status(events: QuerySet[Event], status: str) -> QuerySet[Event]:
    """Only planned, held or cancelled ones; any other word gives all."""
    conditions = {
        "planned": Q(held_at__isnull=True, cancelled_at__isnull=True),
        "held": Q(held_at__isnull=False),
        "cancelled": Q(cancelled_at__isnull=False),
    }
    return events.filter(conditions.get(status, Q()))


def bodies(codes: Iterable[int]) -> dict[int, Body]:
    """Bodies by code, in one query."""
    return {body.code: body for body in Body.objects.filter(code__in=set(codes)).select_related("parent")}


def people_of_class(class_code: int, *, on: date, with_parents: bool) -> list[tuple[UUID, UUID | None]]:
    """(pupil, None) for each pupil of the class on that day; with parents also (pupil, guardian)."""
    pupils: list[Any] = list(
        _enrolled(class_code, on)
        .order_by("student__name_key", "student_id")
        .values_list("student_id", flat=True)
    )
    people: list[tuple[UUID, UUID | None]] = [(pupil, None) for pupil in pupils]
    if with_parents:
        people += [
            (tie.student_id, tie.guardian_id)
            for tie in guardianships(class_code, on).order_by("student_id", "position")
        ]
    return people


def guardianships(class_code: int, on: date) -> QuerySet[Guardianship]:
    """Who answers for the pupils of the class on that day."""
    enrolled = _enrolled(class_code, on).values("student_id")
    return Guardianship.objects.filter(org=class_code, student_id__in=enrolled).filter(
        Q(until_day__isnull=True) | Q(until_day__gt=on)
    )


def _enrolled(class_code: int, on: date) -> QuerySet[Enrolment]:
    """Enrolled on the day, and still in the class: a pupil who left is no longer the class teacher's to mark."""
    return Enrolment.objects.filter(org=class_code, student__org=class_code, entered_on__lte=on).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on)
    )
