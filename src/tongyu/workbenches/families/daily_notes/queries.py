"""Named reads of daily notes; each starts from the asker."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Enrolment, Student
from tongyu.workbenches.families.daily_notes.models import STARTERS, Category, DailyNote, PhraseBook
from tongyu.workbenches.families.daily_notes.rules import CHANGE, OWN_CHILD, SEE, WRITE

WEEK = timedelta(days=7)
LAST_MONTH = date.max.replace(day=1)
"""Of the calendar; somebody's browser sends such days."""


def visible(asker: Asker) -> QuerySet[DailyNote]:
    """The notes that the asker may see, withdrawn ones too."""
    return SEE.rows(asker, DailyNote.objects.all())


def listed(asker: Asker) -> QuerySet[DailyNote]:
    """The notes for a list, children fetched apart: of one who moved away the name is out of reach."""
    return visible(asker).prefetch_related("student")


def named(notes: QuerySet[DailyNote], beginning: str) -> QuerySet[DailyNote]:
    """The notes on children whose name, or its pinyin, begins so."""
    pupils = Student.objects.filter(Q(name__prefix=beginning) | Q(name_key__prefix=beginning.lower()))
    return notes.filter(student_id__in=pupils.values("pk"))


def batch(asker: Asker, key: UUID) -> QuerySet[DailyNote]:
    """What the asker saved with one tap and may take back together."""
    return CHANGE.rows(asker, DailyNote.objects.filter(batch=key, by_account=asker.account_id))


@dataclass(frozen=True)
class Child:
    """A child of the class on one day."""

    enrolment: UUID
    student: UUID
    name: str
    org: int
    place: int
    noted: bool
    """Something was told to the parents in the month of that day. How much is nobody's comparison."""


def class_on(asker: Asker, day: date) -> list[Child]:
    """The children of the asker's own class on that day by name, with whether there is a note in its month.

    One query. Notes of every teacher count; PermissionDenied for those who write none.
    """
    WRITE.check(asker)
    month = Q(occurred_on__gte=day.replace(day=1), occurred_on__lt=next_month(day))
    told = DailyNote.objects.filter(
        month, student=OuterRef("student"), org=asker.body_code, withdrawn_at=None
    )
    rows = (
        Enrolment.objects.filter(on_day(day), org=asker.body_code)
        .annotate(noted=Exists(told))
        .order_by("student__name_key", "student__name", "pk")
        .values_list("pk", "student_id", "student__name", "org", "student__org", "noted")
    )
    return [Child(*row) for row in rows]


def on_day(day: date) -> Q:
    """Enrolments that hold on that day."""
    return Q(entered_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) if day < LAST_MONTH else date.max


def class_progress(asker: Asker, day: date) -> list[dict[str, Any]]:
    """Each class of a school with how many of its children were told of in the month of that day. Three queries."""
    enrolled = dict(
        Enrolment.objects.filter(on_day(day), org__gte=asker.lo, org__lt=asker.hi)
        .order_by()
        .values_list("org")
        .annotate(Count("pk"))
    )
    told = dict(
        visible(asker)
        .filter(withdrawn_at=None, occurred_on__gte=day.replace(day=1), occurred_on__lt=next_month(day))
        .filter(Q(enrolment__left_on=None) | Q(enrolment__left_on__gt=day))
        .order_by()
        .values_list("org")
        .annotate(Count("student_id", distinct=True))
    )
    classes = Body.objects.within(asker.lo, asker.hi).standing_on(day).filter(kind=BodyKind.SCHOOL_CLASS)
    return [
        {
            "name": one.grade_name_on(school_year_of(day)),
            "pupils": enrolled.get(one.code, 0),
            "told": told.get(one.code, 0),
        }
        for one in classes
    ]


def books(asker: Asker) -> tuple[PhraseBook | None, PhraseBook | None]:
    """The asker's own phrases and those of the county, each if there are any. One query."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    found = PhraseBook.objects.filter(Q(by_account=asker.account_id) | Q(by_account=None, org=county))
    by_owner = {book.by_account: book for book in found}
    return by_owner.get(asker.account_id), by_owner.get(None)


def phrases(asker: Asker) -> list[tuple[Category, list[str]]]:
    """The lines to choose from by category, the own ones first, none twice."""
    own, county = books(asker)
    return [
        (one, list(dict.fromkeys([*(own.lines(one) if own else ()), *shared_lines(county, one)])))
        for one in Category
    ]


def shared_lines(county: PhraseBook | None, category: Category) -> list[str]:
    """The lines that every teacher of the county is offered; what the product starts with until the county writes."""
    return county.lines(category) if county else list(STARTERS[category])


def of_own_children(asker: Asker, since: date) -> QuerySet[DailyNote]:
    """What was told of the asker's children since that day; what was taken back is not told."""
    return OWN_CHILD.rows(asker, DailyNote.objects.filter(occurred_on__gte=since, withdrawn_at=None))


def noted_in_week(on: date) -> list[tuple[int, UUID]]:
    """The children of whom a note of the week up to that day stands, each with the class it is in now. One query.

    For the week's digest, which acts for no person.
    """
    rows = DailyNote.objects.filter(occurred_on__gt=on - WEEK, occurred_on__lte=on, withdrawn_at=None)
    return list(rows.order_by("student_id").values_list("place", "student_id").distinct())


def digest(notes: Iterable[DailyNote], day: date, limit: int = 5) -> dict[UUID, list[DailyNote]]:
    """What the week up to that day says of each child: the latest first, and of one day the positive first.

    The order in which notes came, and what was withdrawn meanwhile, make no difference.
    """
    week = [note for note in notes if note.withdrawn_at is None and day - WEEK < note.occurred_on <= day]
    week.sort(key=lambda note: (-note.occurred_on.toordinal(), Category(note.category).place, str(note.pk)))
    found: dict[UUID, list[DailyNote]] = {}
    for note in week:
        found.setdefault(note.student_id, []).append(note)
    return {student: told[:limit] for student, told in found.items()}
