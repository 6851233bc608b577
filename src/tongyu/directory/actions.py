"""Named writes to the calendar: the county sets its terms and the days that differ from the week."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import closed_days
from tongyu.core.access import Asker
from tongyu.directory.calendar import school_year_name, school_year_span
from tongyu.directory.models import Holiday, SchoolYear, Term
from tongyu.directory.rules import SET_CALENDAR


@transaction.atomic
def set_term_dates(
    *, by: Asker, county: int, start_year: int, number: int, first_day: date, last_day: date
) -> Term:
    """Set one term of the county's school year; opens the school year when it is not there yet.

    Days are inclusive. Raises ValidationError when the days are out of order, outside the school year, or
    overlap the other term; when they touch a closed period.
    """
    SET_CALENDAR.check(by)
    span = school_year_span(start_year)
    if last_day < first_day:
        raise ValidationError({"last_day": _("最后一天不能早于开学日期。")})
    if first_day not in span or last_day not in span:
        text = _("日期要在 %(label)s 之内（%(first)s 至 %(last)s）。")
        label = school_year_name(start_year)
        raise ValidationError(
            {"first_day": text % {"label": label, "first": span.start, "last": span.last_day}}
        )
    _refuse_closed_term(county, start_year, number, first_day, last_day)
    year, _made = SchoolYear.objects.get_or_create(
        county_id=county,
        start_year=start_year,
        defaults={"first_day": span.start, "last_day": span.last_day},
    )
    other = Term.objects.select_for_update().filter(school_year=year).exclude(number=number).first()
    if other and first_day <= other.last_day and other.first_day <= last_day:
        days = {"first": other.first_day, "last": other.last_day}
        raise ValidationError({"first_day": _("与另一学期（%(first)s 至 %(last)s）重叠。") % days})
    if other and (first_day < other.first_day) != (number < other.number):
        raise ValidationError({"first_day": _("第一学期要在第二学期之前。")})
    term, _new = Term.objects.update_or_create(
        school_year=year, number=number, defaults={"first_day": first_day, "last_day": last_day}
    )
    return term


@transaction.atomic
def set_holiday(*, by: Asker, county: int, day: date, name: str, worked: bool) -> Holiday:
    """Mark a weekday as free, or a weekend day as worked to make up for one.

    Raises ValidationError when the mark would change nothing (a free Sunday, a worked Monday), and in a closed
    period.
    """
    SET_CALENDAR.check(by)
    closed_days.refuse_closed("day", day, county)
    weekend = day.weekday() >= 5
    if worked and not weekend:
        raise ValidationError({"day": _("这一天本来就是工作日，不用再标为调休上课。")})
    if not worked and weekend:
        raise ValidationError({"day": _("这一天本来就是周末，不用再标为放假。")})
    holiday, _made = Holiday.objects.update_or_create(
        county_id=county, day=day, defaults={"name": name, "worked": worked}
    )
    return holiday


@transaction.atomic
def remove_holiday(*, by: Asker, county: int, day: date) -> None:
    """Take the mark away; a day that has none stays as it is. Raises ValidationError in a closed period."""
    SET_CALENDAR.check(by)
    closed_days.refuse_closed("day", day, county)
    Holiday.objects.filter(county_id=county, day=day).delete()


def _refuse_closed_term(county: int, start_year: int, number: int, first_day: date, last_day: date) -> None:
    """Neither the days as they were nor as they would be may begin, or move their end, in a closed period."""
    known = Term.objects.filter(
        school_year__county_id=county, school_year__start_year=start_year, number=number
    ).first()
    if known is None or known.first_day != first_day:
        for day in (first_day, known.first_day if known else first_day):
            closed_days.refuse_closed("first_day", day, county)
    if known is not None and known.last_day != last_day:
        for day in (last_day, known.last_day):
            closed_days.refuse_closed("last_day", day, county)
