"""The calendar windows in which obligations fall due. Pure: a rule, a school year's calendar, a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tongyu.core.periods import Span, month_span
from tongyu.directory.calendar import Calendar, school_year_span
from tongyu.plan.rules import ObligationRule, PeriodRule

STANDING = "standing"
SETTLING_DAYS = 30
"""For so many days after its end a period of the school year before is still recomputed every night."""


@dataclass(frozen=True)
class Period:
    """One window of one obligation, days `[start, end)`; a record before `late_until` still counts, as late.

    The key names the school year in which it lies: 2026, 2026-T1, 2026-M11, 2026-W, 2026-S1, or `standing`.
    """

    key: str
    start: date
    end: date
    late_until: date | None = None
    school_days: int = 1
    calendar: Calendar | None = None

    @property
    def due_on(self) -> date:
        """The last day on which it can be met in time."""
        return self.end - timedelta(days=1)

    @property
    def settled_on(self) -> date:
        """The day from which nothing that happens can count any more."""
        return self.late_until or self.end

    def elapsed(self, as_of: date) -> int:
        """How many of its school days were over before that day began."""
        if self.calendar is None or as_of <= self.start:
            return 0
        return _school_days(self.calendar, self.start, min(as_of, self.end))


Windows = Callable[[ObligationRule, Calendar], list[Period]]


@dataclass(frozen=True)
class BoardPeriod:
    """What a board shows at a time: for each kind of window the one that runs on a day."""

    key: str
    label: str
    on: date
    keys: tuple[str, ...]


@lru_cache(maxsize=4096)
def _school_days(calendar: Calendar, start: date, end: date) -> int:
    return calendar.school_days(Span(start, end))


def of_year(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    """Every window of the rule in that school year, in order; none when the county has not set its terms."""
    make = _MAKERS.get(rule.kind)
    return make(rule, calendar) if make else []


def covered(
    rule: ObligationRule, calendars: Sequence[Calendar], as_of: date, windows_of: Windows | None = None
) -> list[Period]:
    """The windows that are kept up to date on a day.

    Those of the day's school year that have begun, or its first when none has; and those of the year before that
    settled less than SETTLING_DAYS ago. `windows_of` tells the windows of a year where they are not the rule's own.
    """
    found: list[Period] = []
    for calendar in calendars:
        windows = windows_of(rule, calendar) if windows_of else of_year(rule.period, calendar)
        if as_of in calendar.year:
            begun = [one for one in windows if one.start <= as_of]
            found += begun or windows[:1]
        elif calendar.year.end <= as_of and rule.period.kind != STANDING:
            recent = as_of - timedelta(days=SETTLING_DAYS)
            found += [one for one in windows if one.settled_on > recent]
    return found


def current(rule: PeriodRule, calendar: Calendar, on: date) -> Period | None:
    """The window that runs on the day, or the last that ran, or the first to come."""
    windows = of_year(rule, calendar)
    begun = [one for one in windows if one.start <= on]
    return begun[-1] if begun else (windows[0] if windows else None)


def board_period(calendar: Calendar, on: date, key: str = "", label: str = "") -> BoardPeriod:
    """The windows a board shows for the day: this school year, its term, its month."""
    year = str(calendar.start_year)
    keys = [year, f"{year}-W", STANDING, f"{year}-M{on.month:02}"]
    term = calendar.term_on(on)
    if term:
        keys += [f"{year}-T{term.number}", f"{year}-S{term.number}"]
    return BoardPeriod(
        key or (f"{year}-T{term.number}" if term else year), label or calendar.label, on, tuple(keys)
    )


def start_year_of(day: date) -> int:
    """The calendar year in which the school year of the day began."""
    return day.year if day >= school_year_span(day.year).start else day.year - 1


def _period(calendar: Calendar, key: str, span: Span, late_until: date | None = None) -> Period:
    late = late_until if late_until and late_until > span.end else None
    days = _school_days(calendar, span.start, span.end)
    return Period(key, span.start, span.end, late, days, calendar)


def _year(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    return [_period(calendar, str(calendar.start_year), calendar.year)] if calendar.terms else []


def _standing(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    return [Period(STANDING, calendar.year.start, calendar.year.end, None, 1, calendar)]


def _terms(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    ends = [*(term.span.start for term in calendar.terms), calendar.year.end][1:]
    return [
        _period(calendar, f"{calendar.start_year}-T{term.number}", term.span, late)
        for term, late in zip(calendar.terms, ends, strict=True)
    ]


def _months(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    if not calendar.terms:
        return []
    found: list[Period] = []
    first = calendar.year.start.replace(day=1)
    while first < calendar.year.end:
        span = month_span(first.year, first.month)
        found.append(_period(calendar, f"{calendar.start_year}-M{first.month:02}", span))
        first = span.end
    return found


def _window(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    if rule.window is None or not calendar.terms:
        return []
    first, last = rule.window
    starts = (_day(year, *first) for year in (calendar.start_year, calendar.start_year + 1))
    start = next(day for day in starts if day in calendar.year)
    end = _day(start.year + (last < first), *last) + timedelta(days=1)
    inside = [term.span.end for term in calendar.terms if term.span.start < end <= term.span.end]
    late = inside[0] if inside else calendar.year.end
    return [_period(calendar, f"{calendar.start_year}-W", Span(start, end), late)]


def _term_starts(rule: PeriodRule, calendar: Calendar) -> list[Period]:
    days = timedelta(days=rule.days or 0)
    return [
        _period(
            calendar,
            f"{calendar.start_year}-S{term.number}",
            Span(term.span.start, min(term.span.start + days, term.span.end)),
            term.span.end,
        )
        for term in calendar.terms
    ]


def _day(year: int, month: int, day: int) -> date:
    """29 February of a common year is its 28th."""
    return date(year, month, min(day, monthrange(year, month)[1]))


_MAKERS = {
    "school_year": _year,
    "term": _terms,
    "month": _months,
    "standing": _standing,
    "window": _window,
    "term_start": _term_starts,
}
