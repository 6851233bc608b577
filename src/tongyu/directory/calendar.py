"""The county's school calendar: school years, terms, and which days are school days."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from tongyu.core.brief import Brief
from tongyu.core.periods import Span
from tongyu.directory.models import Holiday, SchoolYear, Term


@dataclass(frozen=True)
class TermDates:
    """A term as plain dates; `span` runs from its first day to the day after its last."""

    number: int
    span: Span


@dataclass(frozen=True)
class Calendar:
    """One school year of a county. Pure: built once, asked often.

    `year` is the school year's span (1 September to 31 August). A term may be missing or empty: a county that
    has not set its dates has no term, and duties by term are then unknown.
    """

    start_year: int
    year: Span
    terms: tuple[TermDates, ...]
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_school_day(self, day: date) -> bool:
        """Inside a term, and a working weekday or a make-up day."""
        if not any(day in term.span for term in self.terms):
            return False
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def school_days(self, span: Span) -> int:
        """How many school days lie in the span."""
        return bisect_left(self._all_school_days, span.end) - bisect_left(self._all_school_days, span.start)

    @cached_property
    def _all_school_days(self) -> tuple[date, ...]:
        """Every school day of the year in order; asked for once per pupil of a class page."""
        days = {day for term in self.terms for day in term.span.days()}
        return tuple(sorted(day for day in days if self.is_school_day(day)))

    def term(self, number: int) -> TermDates | None:
        """The first or second term, or None when the county has not set it."""
        return next((term for term in self.terms if term.number == number), None)

    def term_on(self, day: date) -> TermDates | None:
        """The term of the day; holidays belong to the term before them, the days before term 1 to term 1."""
        started = [term for term in self.terms if term.span.start <= day]
        return started[-1] if started else (self.terms[0] if self.terms else None)

    @property
    def label(self) -> str:
        """2026—2027学年."""
        return school_year_name(self.start_year)


def school_year_name(start_year: int) -> str:
    """2026—2027学年."""
    return _("%(first)d—%(second)d学年") % {"first": start_year, "second": start_year + 1}


def school_year_span(start_year: int) -> Span:
    """1 September of that year up to 1 September of the next."""
    return Span(date(start_year, 9, 1), date(start_year + 1, 9, 1))


_kept: Brief[Calendar] = Brief()


def kept_calendar(county: int, start_year: int) -> Calendar:
    """The same for pages that many open at once: asked of the database at most once a second and process."""
    key = (connection.settings_dict["NAME"], county, start_year)
    return _kept.get(key, settings.TONGYU_BOARD_SECONDS, lambda: load_calendar(county, start_year))


def load_calendar(county: int, start_year: int) -> Calendar:
    """The calendar of one school year from the database; without rows it is a year without terms."""
    year = SchoolYear.objects.filter(county_id=county, start_year=start_year).first()
    span = Span(year.first_day, year.last_day + timedelta(days=1)) if year else school_year_span(start_year)
    terms = tuple(
        TermDates(term.number, Span(term.first_day, term.last_day + timedelta(days=1)))
        for term in Term.objects.filter(school_year=year).order_by("number")
    )
    days = Holiday.objects.filter(county_id=county, day__gte=span.start, day__lt=span.end)
    return Calendar(
        start_year=start_year,
        year=span,
        terms=terms,
        off=frozenset(holiday.day for holiday in days if not holiday.worked),
        worked=frozenset(holiday.day for holiday in days if holiday.worked),
    )
