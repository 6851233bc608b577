"""Named reads of transfers; each starts from the asker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.core.sheets.text import fold
from tongyu.directory import codes
from tongyu.directory.families.entitled import ties_on
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Staff, Student, Transfer, TransferState
from tongyu.directory.models.transfers import OPEN
from tongyu.directory.rules import ANSWER_TRANSFER, BEGIN_TRANSFER, SEE_TRANSFERS
from tongyu.directory.transfers.carrying import in_whole_county


def visible(asker: Asker) -> QuerySet[Transfer]:
    """Moves from and to the asker's range, with the `pupil`: the name, None once the pupil is out of reach.

    `began`, `confirmed`, `ended` are the names of those who did so, None where they work elsewhere.
    """
    named = Student.objects.filter(pk=OuterRef("student_id")).values("name")
    rows = SEE_TRANSFERS.rows(asker, Transfer.objects.all())
    return rows.annotate(
        pupil=Coalesce(
            Subquery(named, output_field=CharField()),
            NullIf("name", Value("")),
            output_field=CharField(),
        ),
        began=_named("by_account"),
        confirmed=_named("confirmed_by"),
        ended=_named("ended_by"),
        rank=Case(
            When(state=TransferState.PROPOSED, then=Value(0)),
            When(state=TransferState.AGREED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
    )


def waiting(asker: Asker) -> QuerySet[Transfer]:
    """Those that wait for the asker's own answer, the nearest day first."""
    return ANSWER_TRANSFER.rows(asker, visible(asker).filter(state=TransferState.PROPOSED)).order_by(
        "day", "id"
    )


def count_waiting(asker: Asker) -> int | None:
    """How many wait for the asker's answer; None for those who answer none."""
    if not ANSWER_TRANSFER.allows(asker):
        return None
    rows = ANSWER_TRANSFER.rows(asker, Transfer.objects.filter(state=TransferState.PROPOSED))
    return rows.count() or None


def one(asker: Asker, pk: UUID) -> Transfer | None:
    """One move that the asker may see."""
    return visible(asker).filter(pk=pk).first()


def open_by_pupil(asker: Asker, pupils: Sequence[UUID]) -> dict[UUID, Transfer]:
    """The open move of each of these pupils, where there is one."""
    rows = SEE_TRANSFERS.rows(asker, Transfer.objects.filter(student_id__in=pupils, state__in=OPEN))
    return {row.student_id: row for row in rows}


COMING_AND_GOING = """
SELECT t.id, COALESCE(s.name, t.name) AS name, t.kind, t.day, t.org = %(place)s AS leaves,
    t.state = 'agreed' AS agreed
FROM directory_transfer t
LEFT JOIN directory_student s ON s.id = t.student_id
WHERE t.state IN ('proposed', 'agreed') AND (t.org = %(place)s OR t.to_class = %(place)s) ORDER BY t.day, t.id
"""


class Coming(NamedTuple):
    """A pupil who is to leave the class or to come into it."""

    id: UUID
    name: str
    kind: str
    day: date
    leaves: bool
    agreed: bool


def coming_and_going(asker: Asker) -> list[Coming]:
    """The open moves from and to the asker's own class, the nearest day first. One query, planned once."""
    SEE_TRANSFERS.check(asker)
    with prepared_cursor() as cursor:
        cursor.execute(COMING_AND_GOING, untyped({"place": asker.body_code}))
        return [Coming(*row) for row in cursor.fetchall()]


def pupil_to_move(asker: Asker, pk: UUID) -> Student | None:
    """An enrolled pupil whom the asker may move."""
    enrolled = Student.objects.filter(pk=pk, enrolments__left_on=None, enrolments__isnull=False)
    return BEGIN_TRANSFER.rows(asker, enrolled).first()


def classes_of(school: int, on: date, like: int | None = None) -> list[tuple[int, str]]:
    """The classes of a school on that day with their names; those of the grade of the class `like` come first, and
    others say that they are of another grade."""
    year = school_year_of(on)
    found = Body.objects.standing_on(on).within(school, codes.upper(school, BodyKind.SCHOOL))
    classes = list(found.filter(kind=BodyKind.SCHOOL_CLASS).order_by("-entry_year", "stage", "number"))
    wanted = _grade(Body.objects.filter(code=like).first(), year) if like else ""
    classes.sort(key=lambda one: _grade(one, year) != wanted)
    other = _("（年级不同）")
    return [
        (one.code, one.grade_name_on(year) + (other if wanted and _grade(one, year) != wanted else ""))
        for one in classes
    ]


def schools_besides(asker: Asker, on: date) -> list[Body]:
    """The other schools of the county on that day, with their townships."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    schools = Body.objects.standing_on(on).within(county, codes.upper(county, BodyKind.COUNTY))
    own = codes.containing(asker.body_code, BodyKind.SCHOOL)
    return list(
        schools.filter(kind=BodyKind.SCHOOL).exclude(code=own).select_related("parent").order_by("code")
    )


def schools_called(schools: Sequence[Body], words: str) -> list[Body]:
    """Of these schools the one with that name or code, else all whose name (with the township's) contains the words."""
    wanted = fold(words)
    exact = [one for one in schools if wanted in _called(one)]
    if exact or not wanted:
        return exact
    return [one for one in schools if wanted in fold(full_name(one))]


def places_to_choose(asker: Asker, on: date) -> list[tuple[int, str]]:
    """The schools of the county and their classes on that day with their whole names. Two queries."""
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    standing = Body.objects.standing_on(on).within(county, codes.upper(county, BodyKind.COUNTY))
    schools = standing.filter(kind=BodyKind.SCHOOL).select_related("parent").order_by("code")
    names = {one.code: full_name(one) for one in schools}
    year = school_year_of(on)
    classes = standing.filter(kind=BodyKind.SCHOOL_CLASS).order_by("code")
    below = [
        (one.code, names[codes.containing(one.code, BodyKind.SCHOOL)] + one.grade_name_on(year))
        for one in classes
        if codes.containing(one.code, BodyKind.SCHOOL) in names
    ]
    return [*names.items(), *below]


def place_called(asker: Asker, words: str, school: bool, on: date) -> int | None:
    """The school (or the class) of the county with that whole name; None when there is none, or more than one."""
    width = codes.WIDTH[BodyKind.SCHOOL]
    fitting = [
        code
        for code, name in places_to_choose(asker, on)
        if (code % width == 0) == school and fold(name) == fold(words)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _called(school: Body) -> tuple[str, ...]:
    return fold(school.name), fold(full_name(school)), fold(school.school_code), str(school.code)


def full_name(school: Body) -> str:
    """The school's name with its township's before it, unless it begins so."""
    above = school.parent.name if school.parent else ""
    return school.name if not above or school.name.startswith(above) else f"{above} {school.name}"


@dataclass(frozen=True)
class Arriving:
    """What the receiving school is told of a pupil before it has one: who, and how many adults come along."""

    sex: str
    number_end: str
    guardians: int


def arriving(asker: Asker, row: Transfer) -> Arriving | None:
    """Of an open move that the asker sees; None when the pupil is not to be found any more."""
    SEE_TRANSFERS.check(asker, row)
    if not row.open:
        return None
    with in_whole_county(codes.containing(row.org, BodyKind.COUNTY)):
        pupil = Student.objects.filter(pk=row.student_id).first()
        if pupil is None:
            return None
        adults = ties_on(today()).filter(student=pupil).count()
        sex = pupil.get_sex_display() if pupil.sex else ""
        return Arriving(sex, pupil.student_number[-4:], adults)


def _named(account: str) -> Subquery:
    staff = Staff.objects.filter(account_id=OuterRef(account)).values("name")[:1]
    return Subquery(staff, output_field=CharField())


def _grade(class_: Body | None, year: int) -> str:
    if class_ is None:
        return ""
    return Body(stage=class_.stage, entry_year=class_.entry_year).grade_name_on(year)
