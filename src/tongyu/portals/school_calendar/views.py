"""Show the school year; set a term, a holiday, a make-up day."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory import actions
from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.directory.codes import containing
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Holiday
from tongyu.directory.rules import SEE_CALENDAR, SET_CALENDAR
from tongyu.duties import jobs
from tongyu.portals.school_calendar.forms import HolidayForm, TermForm

FIRST_YEAR, LAST_YEAR = 2015, 2100


@require_GET
@requires(SEE_CALENDAR)
def year(request: Any, start_year: int | None = None) -> HttpResponse:
    """One school year: both terms with their school days, and the days that differ."""
    calendar = _calendar(request, start_year or school_year_of(today()))
    return _page(request, calendar, HolidayForm(span=calendar.year))


@require_http_methods(["GET", "POST"])
@requires(SET_CALENDAR)
def term(request: Any, start_year: int, number: int) -> HttpResponse:
    """The dates of one term."""
    calendar = _calendar(request, start_year)
    if number not in (1, 2):
        raise Http404
    known = calendar.term(number)
    initial = {"first_day": known.span.start, "last_day": known.span.last_day} if known else {}
    form = TermForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_term_dates(
                by=request.asker,
                county=_county(request),
                start_year=start_year,
                number=number,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _recompute(request, _("学期日期已保存。"))
            return redirect("school_calendar:year_of", start_year)
    context = {"calendar": calendar, "form": form, "number": number}
    return render(request, "school_calendar/term.html", context, status=422 if form.errors else 200)


@require_POST
@requires(SET_CALENDAR)
def holiday(request: Any, start_year: int) -> HttpResponse:
    """Add or change one day."""
    calendar = _calendar(request, start_year)
    form = HolidayForm(request.POST, span=calendar.year)
    if form.is_valid():
        try:
            actions.set_holiday(by=request.asker, county=_county(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _recompute(request, _("已保存。"))
            return redirect("school_calendar:year_of", start_year)
    return _page(request, calendar, form, status=422)


@require_POST
@requires(SET_CALENDAR)
def remove_holiday(request: Any, start_year: int) -> HttpResponse:
    """Take one mark away."""
    calendar = _calendar(request, start_year)
    form = HolidayForm({**request.POST.dict(), "name": "-", "worked": "no"}, span=calendar.year)
    if form.is_valid():
        try:
            actions.remove_holiday(by=request.asker, county=_county(request), day=form.cleaned_data["day"])
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            _recompute(request, _("已删除。"))
        return redirect("school_calendar:year_of", start_year)
    return _page(request, calendar, form, status=422)


def _recompute(request: Any, done: str) -> None:
    """Every period of every duty rests on the calendar."""
    jobs.ask_full(_county(request), today())
    messages.success(request, _("%(done)s各项责任的期限正在按新日期重算，几分钟内完成。") % {"done": done})


def _county(request: Any) -> int:
    return containing(request.asker.body_code, BodyKind.COUNTY)


def _calendar(request: Any, start_year: int) -> Calendar:
    if not FIRST_YEAR <= start_year <= LAST_YEAR:
        raise Http404
    return load_calendar(_county(request), start_year)


def _page(request: Any, calendar: Calendar, form: HolidayForm, status: int = 200) -> HttpResponse:
    terms = [(number, calendar.term(number)) for number in (1, 2)]
    holidays = Holiday.objects.filter(
        county_id=_county(request), day__gte=calendar.year.start, day__lt=calendar.year.end
    )
    context = {
        "calendar": calendar,
        "terms": [
            (number, dates, calendar.school_days(dates.span) if dates else 0) for number, dates in terms
        ],
        "holidays": holidays,
        "form": form,
        "may_set": SET_CALENDAR.allows(request.asker),
    }
    return render(request, "school_calendar/year.html", context, status=status)
