"""Named reads of home visits; each starts from the asker."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.periods import Span
from tongyu.directory import codes
from tongyu.directory.calendar import load_calendar
from tongyu.directory.hats import class_name, school_year_of
from tongyu.directory.kinds import DEPARTMENTS, BodyKind
from tongyu.directory.models import Body, Enrolment, Guardianship, Student
from tongyu.workbenches.families.home_visits.models import HomeVisit, Visitor
from tongyu.workbenches.families.home_visits.rules import OWN_CHILD, OWN_VISITOR, SEE, WRITE


def visible(asker: Asker) -> QuerySet[HomeVisit]:
    """The visits that the asker may see, withdrawn ones too."""
    return SEE.rows(asker, HomeVisit.objects.all())


def listed(asker: Asker) -> QuerySet[HomeVisit]:
    """The visits for a list, pupils fetched apart: of one who moved away the name is out of reach."""
    return visible(asker).prefetch_related("student")


def of_own_children(asker: Asker) -> QuerySet[HomeVisit]:
    """The visits to the guardian's own children that stand, the latest first."""
    rows = OWN_CHILD.rows(asker, HomeVisit.objects.filter(withdrawn_at=None))
    return rows.order_by("-occurred_on", "-received_at")


def named(visits: QuerySet[HomeVisit], beginning: str) -> QuerySet[HomeVisit]:
    """The visits to pupils whose name, or its pinyin, begins so."""
    pupils = Student.objects.filter(Q(name__prefix=beginning) | Q(name_key__prefix=beginning.lower()))
    return visits.filter(student_id__in=pupils.values("pk"))


def pupil(asker: Asker, pk: UUID) -> Student | None:
    """A pupil whom the asker may record a visit to."""
    return WRITE.rows(asker, Student.objects.filter(pk=pk)).first()


def carers(student: Student, on: date) -> list[Guardianship]:
    """Who answers for the pupil on that day, those who live with the child first."""
    rows = Guardianship.objects.filter(student=student, org=student.org, from_day__lte=on)
    rows = rows.filter(Q(until_day=None) | Q(until_day__gt=on))
    return sorted(rows, key=lambda one: (one.lives_together is not True, one.position))


def last_visit(asker: Asker, student: Student) -> date | None:
    """The day of the pupil's last visit that the asker may see."""
    rows = visible(asker).filter(student=student, withdrawn_at=None)
    return rows.aggregate(last=Max("occurred_on"))["last"]


def partner_codes(asker: Asker) -> dict[int, str]:
    """The bodies that may come along: the pupil's township (named so) and the county's departments."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    township = codes.containing(asker.body_code, BodyKind.TOWNSHIP)
    found = {township: _("乡镇干部")} if township != county else {}
    return found | {codes.county_body_code(county, number): name for number, name in DEPARTMENTS.values()}


def partner_name(code: int) -> str:
    """What a body that came along is called."""
    body = Body.objects.filter(code=code).first()
    return body.name if body else str(code)


def class_label(code: int, on: date) -> str:
    """What the class with that code is called on that day; the code alone says it."""
    stage, year, number = code // 10_000 % 10, 2000 + code // 100 % 100, code % 100
    return class_name(stage, year, number, on)


@dataclass(frozen=True)
class Line:
    """One pupil of the class list."""

    student: Student
    last: date | None
    done_on: date | None
    """The latest visit of this school year that counts for the asker; None: still to be visited."""


@dataclass(frozen=True)
class ClassVisits:
    """A class in one school year: the pupils not visited yet first."""

    lines: list[Line]
    expected: int | None
    """How many should have been visited by today; None without a calendar, and for those who owe nothing."""

    @property
    def done(self) -> int:
        """How many pupils were visited."""
        return sum(line.done_on is not None for line in self.lines)

    @property
    def ahead(self) -> int:
        """By how many the class is ahead of the pace; negative when behind."""
        return self.done - (self.expected or 0)


def class_visits(asker: Asker, class_code: int, on: date) -> ClassVisits:
    """Every pupil of the class on that day with the visits so far. A leader reads the class teacher's progress."""
    counts = OWN_VISITOR.get(asker.role, Visitor.CLASS_TEACHER)
    there = Q(enrolments__left_on=None) | Q(enrolments__left_on__gt=on)
    pupils = Student.objects.filter(
        there, org=class_code, enrolments__org=class_code, enrolments__entered_on__lte=on
    ).only("pk", "name", "name_key", "org", "left_behind", "single_parent", "disability")
    visits = visible(asker).filter(student_id__in=pupils.values("pk"), withdrawn_at=None, occurred_on__lte=on)
    counting = Q(occurred_on__gte=date(school_year_of(on), 9, 1), visitors__contains=[counts])
    found = {
        student: (last, done)
        for student, last, done in visits.order_by()
        .values("student_id")
        .annotate(last=Max("occurred_on"), done=Max("occurred_on", filter=counting))
        .values_list("student_id", "last", "done")
    }
    lines = [Line(one, *found.get(one.pk, (None, None))) for one in pupils]
    lines.sort(key=lambda line: (line.done_on is not None, line.last or date.min, line.student.name_key))
    pace = expected(asker, len(lines), on) if counts == Visitor.CLASS_TEACHER else None
    return ClassVisits(lines, pace)


def expected(asker: Asker, pupils: int, on: date) -> int | None:
    """How many of the pupils should have been visited by that evening, spread evenly over the school days."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    passed, in_all = _school_days(county, on, int(monotonic() // 300))
    return pupils * passed // in_all if in_all else None


@lru_cache(maxsize=64)
def _school_days(county: int, on: date, _window: int) -> tuple[int, int]:
    """School days passed and in all; the same for every class, so kept for at most five minutes."""
    calendar = load_calendar(county, school_year_of(on))
    passed = calendar.school_days(Span(calendar.year.start, on + timedelta(days=1)))
    return passed, calendar.school_days(calendar.year)


def class_progress(asker: Asker, on: date) -> list[dict[str, Any]]:
    """Each class of the asker's range with pupils enrolled and visited by their class teacher this school year."""
    start = date(school_year_of(on), 9, 1)
    enrolled = dict(
        Enrolment.objects.filter(org__gte=asker.lo, org__lt=asker.hi, entered_on__lte=on, left_on=None)
        .values_list("org")
        .annotate(Count("pk"))
    )
    visited = dict(
        visible(asker)
        .filter(withdrawn_at=None, occurred_on__gte=start, visitors__contains=[Visitor.CLASS_TEACHER])
        .filter(enrolment__left_on=None)
        .order_by()
        .values_list("org")
        .annotate(Count("student_id", distinct=True))
    )
    classes = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind=BodyKind.SCHOOL_CLASS)
    return [
        {
            "code": one.code,
            "name": one.grade_name_on(school_year_of(on)),
            "pupils": enrolled.get(one.code, 0),
            "visited": visited.get(one.code, 0),
        }
        for one in classes
    ]
