"""Named reads of events and their lists. Each starts from the asker; the people of a class from its enrolments."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Enrolment, Guardianship
from tongyu.directory.roles import DepartmentStaff, OfficeStaff
from tongyu.workbenches.gatherings.events.models import Event, Participation
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


def scopes_to_choose(asker: Asker, on: date) -> list[int]:
    """The codes of the places that the asker may invite, the widest first within each."""
    lo, hi = asker.lo, asker.hi
    kinds: tuple[str, ...] = (BodyKind.TOWNSHIP, BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS)
    if asker.role in (DepartmentStaff, OfficeStaff):
        lo = containing(asker.body_code, BodyKind.COUNTY)
        hi, kinds = upper(lo, BodyKind.COUNTY), (BodyKind.COUNTY, BodyKind.TOWNSHIP, BodyKind.SCHOOL)
    elif asker.body_kind == BodyKind.TOWNSHIP:
        kinds = (BodyKind.TOWNSHIP, BodyKind.SCHOOL)
    found = Body.objects.standing_on(on).within(lo, hi).filter(kind__in=kinds)
    return list(found.order_by("code", "-hi").values_list("code", flat=True))


def partners(asker: Asker) -> list[int]:
    """The codes of the bodies that may organise together with the asker: departments, the own township, the office."""
    county = containing(asker.body_code, BodyKind.COUNTY)
    township = containing(asker.body_code, BodyKind.TOWNSHIP)
    kinds = (BodyKind.DEPARTMENT, BodyKind.OFFICE)
    condition = Q(kind__in=kinds) | Q(kind=BodyKind.TOWNSHIP, code=township)
    found = Body.objects.within(county, upper(county, BodyKind.COUNTY)).filter(condition)
    return list(found.exclude(code=asker.body_code).order_by("code").values_list("code", flat=True))


def attendance_counts(event: Event) -> dict[str, int]:
    """How many were there and how many were not, among those whom the asker may see."""
    return event.participations.aggregate(
        present=Count("id", filter=Q(attended=True)),
        absent=Count("id", filter=Q(attended=False)),
        staff=Count("id", filter=Q(attended=True, staff__isnull=False)),
    )


@dataclass(frozen=True)
class Person:
    """One line of a class's list: a pupil, or a guardian of one, and what is recorded."""

    student: UUID
    guardian: UUID | None
    name: str
    pupil: str
    relation: str
    attended: bool | None

    @property
    def key(self) -> str:
        """The name of the line's controls: short, because a phone loads it ninety times."""
        if self.guardian is None:
            return f"s{self.student.hex[-12:]}"
        return f"g{self.student.hex[-8:]}{self.guardian.hex[-12:]}"


def people_on_list(event: Event, class_code: int) -> list[Person]:
    """The pupils of the class, then (when parents are invited) their guardians. Three queries."""
    recorded = {
        (row.student_id, row.guardian_id): row.attended
        for row in Participation.objects.filter(
            event=event, org=class_code, student__isnull=False, family=False
        )
    }
    pupils = pupils_of_class(class_code, event.occurred_on).select_related("student")
    people = [
        Person(tie.student_id, None, tie.student.name, "", "", recorded.get((tie.student_id, None)))
        for tie in pupils.order_by("student__name_key", "student_id")
    ]
    if not event.with_parents:
        return people
    place = {person.student: (number, person.name) for number, person in enumerate(people)}
    ties = guardianships(class_code, event.occurred_on).select_related("guardian")
    for tie in sorted(ties, key=lambda t: (place[t.student_id][0], t.position)):
        people.append(
            Person(
                tie.student_id,
                tie.guardian_id,
                tie.guardian.name,
                place[tie.student_id][1],
                tie.get_relation_display(),
                recorded.get((tie.student_id, tie.guardian_id)),
            )
        )
    return people


def people_of_class(class_code: int, *, on: date, with_parents: bool) -> list[tuple[UUID, UUID | None]]:
    """(pupil, None) for each pupil of the class on that day; with parents also (pupil, guardian)."""
    pupils: list[Any] = list(
        pupils_of_class(class_code, on)
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
    enrolled = pupils_of_class(class_code, on).values("student_id")
    return Guardianship.objects.filter(org=class_code, student_id__in=enrolled).filter(
        Q(until_day__isnull=True) | Q(until_day__gt=on)
    )


def pupils_of_class(class_code: int, on: date) -> QuerySet[Enrolment]:
    """Enrolled on the day, and still in the class: a pupil who left is no longer the class teacher's to mark."""
    return Enrolment.objects.filter(org=class_code, student__org=class_code, entered_on__lte=on).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on)
    )
