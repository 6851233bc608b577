"""A pupil in two places at once: begun by the school that has the pupil, ended by either."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, SecondPlace, SecondPlaceMode, Student
from tongyu.directory.rules import ADD_SECOND_PLACE, END_SECOND_PLACE, SEE_SECOND_PLACES
from tongyu.directory.transfers import refusing

SENT = ("student_id", "place", "mode", "from_day", "by_account")
HERE = """
SELECT name, mode, org FROM directory_secondplace
WHERE place = %(place)s AND org <> place AND from_day <= %(on)s AND (until_day IS NULL OR until_day > %(on)s)
ORDER BY name, id
"""


class Guest(NamedTuple):
    """A pupil of another class who is taught here too."""

    name: str
    mode: str
    org: int


@transaction.atomic
def add_second_place(
    *, by: Asker, id: UUID, student: UUID, mode: SecondPlaceMode, place: int, from_day: date
) -> SecondPlace:
    """Note that the pupil is also taught (or boards) at `place`: a class, for boarding a school.

    The pupil stays enrolled where it is and counts there once. The same `id` again answers with what stands. Raises
    ValidationError by field (`place`, `from_day`), and when such a place is open already.
    """
    ADD_SECOND_PLACE.check(by)
    pupil = ADD_SECOND_PLACE.rows(by, Student.objects.filter(pk=student)).first()
    if pupil is None:
        raise PermissionDenied(ADD_SECOND_PLACE.key)
    refusing.check_day(from_day, clock.today(), field="from_day")
    refusing.enrolment_of(pupil)
    _check_place(pupil, mode, place, from_day)
    row = SecondPlace(
        id=id,
        student=pupil,
        org=pupil.org,
        place=place,
        mode=mode,
        name=pupil.name,
        from_day=from_day,
        by_account=by.account_id,
        entered_at=clock.now(),
    )
    try:
        with transaction.atomic():
            new = insert_once(row)
    except IntegrityError as error:
        raise ValidationError(_("该生已有这种第二就读地，请先结束原来的。")) from error
    return row if new else _standing(row)


@transaction.atomic
def end_second_place(*, by: Asker, second_place: UUID, until_day: date) -> SecondPlace:
    """It ends on a day from which it does not hold any more. Twice changes nothing. ValidationError by field."""
    row = SecondPlace.objects.select_for_update(of=("self",)).filter(pk=second_place).first()
    if row is None:
        raise PermissionDenied(END_SECOND_PLACE.key)
    END_SECOND_PLACE.check(by, row)
    if row.until_day is not None:
        return row
    if not row.from_day <= until_day <= clock.today():
        raise ValidationError({"until_day": _("结束日期要在开始那天到今天之间。")})
    row.until_day, row.ended_by = until_day, by.account_id
    row.save(update_fields=["until_day", "ended_by"])
    return row


def end_with_move(student: UUID, day: date, entered: int | None) -> None:
    """A pupil who leaves the county has no second place any more; one who moves into it is simply there."""
    rows = SecondPlace.objects.filter(student_id=student, until_day=None)
    if entered is not None:
        rows = rows.filter(place=entered)
    for row in rows:
        row.until_day = max(day, row.from_day)
        row.save(update_fields=["until_day"])


def visible(asker: Asker) -> QuerySet[SecondPlace]:
    """Second places of the asker's pupils, and pupils of others with a second place here."""
    return SEE_SECOND_PLACES.rows(asker, SecondPlace.objects.all()).order_by("until_day", "name", "id")


def open_of(asker: Asker, student: UUID, on: date) -> QuerySet[SecondPlace]:
    """The pupil's second places that hold on the day or later."""
    return visible(asker).filter(Q(until_day=None) | Q(until_day__gt=on), student_id=student)


def guests(asker: Asker, on: date) -> list[Guest]:
    """Pupils of other classes who are taught in the asker's own class on the day. One query, planned once."""
    SEE_SECOND_PLACES.check(asker)
    with prepared_cursor() as cursor:
        cursor.execute(HERE, untyped({"place": asker.body_code, "on": on}))
        return [Guest(*row) for row in cursor.fetchall()]


def _check_place(pupil: Student, mode: SecondPlaceMode, place: int, day: date) -> None:
    wanted = BodyKind.SCHOOL if mode == SecondPlaceMode.BOARDING else BodyKind.SCHOOL_CLASS
    found = Body.objects.standing_on(day).filter(code=place, kind=wanted).first()
    county = codes.containing(pupil.org, BodyKind.COUNTY)
    if found is None or codes.containing(place, BodyKind.COUNTY) != county:
        told = _("请选择寄宿的学校。") if wanted == BodyKind.SCHOOL else _("请选择一个班级。")
        raise ValidationError({"place": told})
    if place == pupil.org:
        raise ValidationError({"place": _("就是该生自己的班级，请选另一个。")})


def _standing(sent: SecondPlace) -> SecondPlace:
    found = SecondPlace.objects.filter(pk=sent.pk).first()
    if found is None or not all(getattr(found, name) == getattr(sent, name) for name in SENT):
        raise refusing.used_id()
    return found
