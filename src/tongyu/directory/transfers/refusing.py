"""What a transfer may not be: refusals in words, each at its field."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongyu.directory import codes
from tongyu.directory.calendar import school_year_span
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Enrolment, Student, Transfer, TransferState
from tongyu.directory.models.transfers import OPEN


def used_id() -> ValidationError:
    """The refusal of an id under which something else stands."""
    return ValidationError(_("这次办理已用同一编号保存过，内容不同。请刷新页面后重新填写。"))


def another_open() -> ValidationError:
    """The refusal of a second move while one is still open."""
    return ValidationError(_("该生已有一项转学正在办理，请先办完或撤回那一项。"))


def check_open(row: Transfer, *allowed: TransferState) -> None:
    """Raise ValidationError, in the words of where it stands, unless the transfer is in one of these states."""
    if row.state in allowed:
        return
    told = {
        TransferState.PROPOSED: _("接收学校还没有确认。"),
        TransferState.AGREED: _("接收学校已经确认过了，不能再确认。"),
        TransferState.DONE: _("这项转学已经办好了，不能再改。"),
        TransferState.DECLINED: _("接收学校已经退回，不能再办。请重新发起。"),
        TransferState.WITHDRAWN: _("已经撤回，不能再办。"),
        TransferState.STOPPED: _("这项转学没有办成，请重新发起。"),
    }
    raise ValidationError(told[TransferState(row.state)])


def check_no_other(student: Student) -> None:
    """Raise ValidationError when a move of the pupil is open."""
    if Transfer.objects.filter(student=student, state__in=OPEN).exists():
        raise another_open()


def enrolment_of(student: Student) -> Enrolment:
    """The pupil's open time in a class; ValidationError when the pupil has left."""
    found = Enrolment.objects.filter(student=student, left_on=None).first()
    if found is None:
        raise ValidationError(_("该生已经离校，不在册。"))
    return found


def check_class(code: int, school: int, day: date) -> None:
    """Raise ValidationError unless the code is a class of the school that stands on the day."""
    found = Body.objects.filter(code=code, kind=BodyKind.SCHOOL_CLASS).first()
    if found is None or codes.containing(code, BodyKind.SCHOOL) != school:
        raise ValidationError({"to_class": _("请选择接收学校的班级。")})
    if not Body.objects.standing_on(day).filter(code=code).exists():
        raise ValidationError({"to_class": _("这个班级在转入那天不存在（已撤并或还没有设立），请另选。")})


def hold_class(code: int, school: int, day: date) -> None:
    """`check_class`, with the class held until the transaction ends: it cannot be closed while a pupil goes into it.

    Must come before the pupil's own rows are locked, as whoever closes a class locks it first too.
    """
    Body.objects.select_for_update(no_key=True, of=("self",)).filter(code=code).first()
    check_class(code, school, day)


def check_school(code: int, own: int, day: date) -> None:
    """Raise ValidationError unless it is another school of the county that stands on the day."""
    found = Body.objects.standing_on(day).filter(code=code, kind=BodyKind.SCHOOL).first()
    if found is None or codes.containing(code, BodyKind.COUNTY) != codes.containing(own, BodyKind.COUNTY):
        raise ValidationError({"to_school": _("没有这所学校，或那天已经撤并，请重新选择。")})
    if code == own:
        raise ValidationError({"to_school": _("就是本校；换班请选“本校其他班”。")})


def check_day(day: date, today: date, entered_on: date | None = None, field: str = "day") -> None:
    """Raise ValidationError unless the day lies in the running school year and after the pupil came to the class."""
    year = school_year_span(school_year_of(today))
    if day < year.start:
        text = _("不能早于本学年第一天（%(day)s）：以前的数字已经结清。")
        raise ValidationError({field: text % {"day": year.start.isoformat()}})
    if day not in year:
        text = _("不能晚于本学年最后一天（%(day)s）。")
        raise ValidationError({field: text % {"day": year.last_day.isoformat()}})
    if entered_on is not None and day < entered_on:
        text = _("该生%(day)s才进入现在的班级，不能早于这一天。")
        raise ValidationError({field: text % {"day": entered_on.isoformat()}})


def check_arrival_day(day: date, today: date) -> None:
    """Raise ValidationError for a day ahead: who has not come yet is not on the roll."""
    check_day(day, today)
    if day > today:
        raise ValidationError({"day": _("请在学生到校当天或之后登记，不能早于到校日期。")})


def told(text: str, field: str) -> str:
    """The text without outer blanks; ValidationError at the field when nothing is left."""
    if not text.strip():
        raise ValidationError({field: _("请填写。")})
    return text.strip()
