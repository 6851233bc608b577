"""A day of talks is offered: teachers, whom they receive, and their slots, in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import moment, now
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Staff, Student
from tongyu.directory.roles import ClassTeacher
from tongyu.workbenches.gatherings.talks.actions.telling import tell_offered
from tongyu.workbenches.gatherings.talks.models import TalkClass, TalkDay, TalkDesk, TalkSlot
from tongyu.workbenches.gatherings.talks.rules import OFFER

MOST_DESKS, MOST_SLOTS = 80, 4000
Times = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Desk:
    """A teacher who receives the families of these classes (or, with `students`, of these children only)."""

    staff: UUID
    classes: tuple[int, ...]
    students: tuple[UUID, ...] = ()
    room: str = ""


@transaction.atomic
def offer_day(
    *, by: Asker, id: UUID, title: str, times: Times, closes_at: datetime, desks: Sequence[Desk], place: str = "",
    line: str = "",
) -> TalkDay:  # fmt: skip
    """Offer a day of talks: the invited families are told and may book at once. The same id twice is one day.

    `times` are the slots of every desk. A class teacher offers the own desk for the own class; a leader offers the
    school's teachers. Raises ValidationError by field: no desks, foreign classes or teachers, a teacher whose slots
    would overlap others.
    """
    OFFER.check(by)
    _check(by, times, closes_at, desks)
    school = containing(by.body_code, BodyKind.SCHOOL)
    where = {"org": by.body_code, "lo": school, "hi": upper(school, BodyKind.SCHOOL)}
    day = TalkDay(
        id=id,
        **where,
        title=title.strip() or _("家长面谈"),
        day=times[0][0].date(),
        closes_at=closes_at,
        place=place.strip(),
        line=line.strip(),
        made_at=now(),
        by_account=by.account_id,
        by_role=by.role.key,
    )
    day.clean_fields()
    if not insert_once(day):
        standing = TalkDay.objects.filter(pk=id, org=day.org, by_account=by.account_id).first()
        if standing is None:
            raise ValidationError(_("这条记录已用同一编号保存过，内容不同。请刷新页面后重新填写。"))
        return standing
    try:
        with transaction.atomic():
            _write_desks(day, where, times, desks)
    except IntegrityError as error:
        if "talkslot_teacher_once" not in str(error):
            raise
        raise ValidationError(
            {"staff": _("有老师在这段时间已经安排了别的面谈，请改时间或换老师。")}
        ) from None
    tell_offered(day, by)
    return day


def _check(by: Asker, times: Times, closes_at: datetime, desks: Sequence[Desk]) -> None:
    if not desks:
        raise ValidationError({"staff": _("请选择接待的老师。")})
    if len(desks) > MOST_DESKS or len(desks) * len(times) > MOST_SLOTS:
        raise ValidationError({"staff": _("一次安排的时段太多，请分几次。")})
    if times[0][0] <= moment():
        raise ValidationError({"day": _("这个时间已经过去。")})
    if closes_at > times[0][0]:
        raise ValidationError({"closes": _("预约截止不能晚于开始。")})
    classes = {code for desk in desks for code in desk.classes}
    standing = Body.objects.standing_on(times[0][0].date()).filter(
        kind=BodyKind.SCHOOL_CLASS, code__in=classes
    )
    if not classes or standing.count() != len(classes) or not all(by.reaches(code) for code in classes):
        raise ValidationError({"classes": _("请重新选择班级，其中有不属于您的。")})
    if by.role is ClassTeacher and any(desk.staff != by.staff_id for desk in desks):
        raise ValidationError({"staff": _("班主任只安排自己的面谈。")})
    staff = {desk.staff for desk in desks}
    if len(staff) != len(desks) or Staff.objects.filter(pk__in=staff, left_on__isnull=True).count() != len(
        staff
    ):
        raise ValidationError({"staff": _("请重新选择老师，其中有不在本校的。")})
    wanted = {student for desk in desks for student in desk.students}
    if Student.objects.filter(pk__in=wanted, org__in=classes).count() != len(wanted):
        raise ValidationError({"students": _("请重新选择孩子，其中有不在这些班的。")})


def _write_desks(day: TalkDay, where: dict[str, int], times: Times, desks: Sequence[Desk]) -> None:
    people = {person.pk: person for person in Staff.objects.filter(pk__in=[desk.staff for desk in desks])}
    rows, classes, slots = [], [], []
    org = where["org"]
    for desk in desks:
        person = people[desk.staff]
        row = TalkDesk(
            day=day,
            **where,
            staff=person,
            staff_account=person.account_id,
            name=person.name,
            room=desk.room.strip()[:40],
        )
        rows.append(row)
        orgs = dict(Student.objects.filter(pk__in=desk.students).values_list("pk", "org"))
        whom: list[tuple[int, UUID | None]] = [(orgs[student], student) for student in desk.students] or [
            (code, None) for code in desk.classes
        ]
        classes += [
            TalkClass(desk=row, org=org, lo=code, hi=code + 1, student_id=student) for code, student in whom
        ]
        slots += [
            TalkSlot(
                id=uuid7(),
                desk=row,
                **where,
                staff=person,
                staff_account=person.account_id,
                starts_at=starts,
                ends_at=ends,
            )
            for starts, ends in times
        ]
    TalkDesk.objects.bulk_create(rows)
    TalkClass.objects.bulk_create(classes)
    TalkSlot.objects.bulk_create(slots, batch_size=1000)
