"""What a school's page reads: its pupils by name, what it said of them, its classes and who leads them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory.models import (
    Appointment,
    Body,
    Enrolment,
    RollOver,
    RollOverLine,
    RollOverSchool,
    Student,
)
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher
from tongyu.directory.rollover.preview import ALL, LEAD, Preview, last_day
from tongyu.directory.rules import PREPARE_ROLL_OVER

MOST_FOUND = 30


@dataclass(frozen=True)
class Line:
    """What was said of one pupil, for the list."""

    student: Student
    place: str
    outcome: Any
    where: str
    reason: str


@dataclass(frozen=True)
class ClassRow:
    """One class on its way: what it is called, what becomes of it, who leads it."""

    name: str
    then: str
    teacher: str
    fate: str
    """graduates, moves or opens."""


def chosen(row: RollOver, school: int) -> dict[int, Any]:
    """What the school chose for its first classes."""
    said = row.schools.filter(org=school).first()
    return {school: said.new_classes} if said else {}


def new_name(code: int, row: RollOver) -> str:
    """The class's name in the new year, without its school."""
    return PlaceNames(row.day, home=code)(code)


def both_names(code: int, row: RollOver) -> str:
    """五年级1班 → 六年级1班."""
    return f"{PlaceNames(last_day(row), home=code)(code)} → {new_name(code, row)}"


def likely(targets: list[tuple[int, str]], org: int) -> int | None:
    """Who repeats most often does so in the class of the same number."""
    return next((code for code, _name in targets if code % 100 == org % 100), None)


def _on_roll(asker: Asker, school: Body, row: RollOver) -> QuerySet[Student]:
    there = Enrolment.objects.filter(
        org__gte=school.code, org__lt=school.hi, entered_on__lt=row.day, left_on=None
    )
    pupils = Student.objects.filter(
        org__gte=school.code, org__lt=school.hi, pk__in=there.values("student_id")
    )
    return PREPARE_ROLL_OVER.rows(asker, pupils).only("pk", "name", "name_key", "org")


def pupil_of(asker: Asker, school: Body, row: RollOver, student: UUID) -> Student | None:
    """One pupil of the school who is on the roll."""
    return _on_roll(asker, school, row).filter(pk=student).first()


def pupils_named(
    asker: Asker, school: Body, row: RollOver, q: str, names: PlaceNames
) -> list[tuple[Student, str, Any]]:
    """The school's pupils whose name, or its pinyin, begins so: with the class, and what was said already."""
    found = _on_roll(asker, school, row).filter(Q(name__prefix=q) | Q(name_key__prefix=q.lower()))
    pupils = list(found.order_by("name_key", "pk")[:MOST_FOUND])
    lines = RollOverLine.objects.filter(roll_over=row, student__in=pupils)
    said = {line.student_id: line.get_outcome_display() for line in lines}
    return [(one, names(one.org), said.get(one.pk, "")) for one in pupils]


def lines_of(row: RollOver, school: Body, names: PlaceNames) -> list[Line]:
    """Everything the school said of single pupils, by class and name."""
    lines = RollOverLine.objects.filter(roll_over=row, org=school.code).select_related("student")
    return [
        Line(
            student=line.student,
            place=names(line.student.org),
            outcome=line.get_outcome_display(),
            where=new_name(line.target, row) if line.target else line.to_school,
            reason=line.reason,
        )
        for line in lines.order_by("student__org", "student__name_key", "id")
    ]


def classes_of(found: Preview, school: int, said: RollOverSchool | None, row: RollOver) -> list[ClassRow]:
    """The school's classes: those that move up, those that graduate, those that open."""
    own = found.shape.schools.get(school)
    if own is None:
        return []
    old = PlaceNames(last_day(row), home=school)
    leaders = _leaders(own.body, row)
    released = said.released if said else {}
    rows = []
    for body in own.moving:
        way = released.get(str(body.code), "")
        teacher = leaders.get(body.code, "") if way not in (LEAD, ALL) else ""
        rows.append(ClassRow(old(body.code), new_name(body.code, row), teacher, "moves"))
    rows += [ClassRow(old(body.code), "", leaders.get(body.code, ""), "graduates") for body in own.graduating]
    rows += [ClassRow("", new_name(code, row), "", "opens") for code in own.new]
    return rows


def _leaders(school: Body, row: RollOver) -> dict[int, str]:
    rows = Appointment.objects.filter(
        org__gte=school.code, org__lt=school.hi, role=ClassTeacher.key, withdrawn_at=None
    )
    rows = rows.filter(Q(until_day=None) | Q(until_day__gt=row.day)).select_related("staff")
    return {one.org: one.staff.name for one in rows if one.staff}
