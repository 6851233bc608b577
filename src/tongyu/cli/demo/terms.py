"""School years, terms, and the days that differ, for any day the demo is asked for."""

from datetime import date, timedelta

from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar, TermDates, school_year_span
from tongyu.directory.hats import school_year_of

# (first, last, name, make-up days). To 2026 as the State Council gave notice; 2027 was not out when this was
# written and is what the rules of the regulation on public holidays yield.
HOLIDAYS: tuple[tuple[date, date, str, tuple[date, ...]], ...] = (
    (date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节", (date(2025, 9, 28), date(2025, 10, 11))),
    (date(2026, 1, 1), date(2026, 1, 3), "元旦", (date(2026, 1, 4),)),
    (date(2026, 2, 15), date(2026, 2, 23), "春节", (date(2026, 2, 14), date(2026, 2, 28))),
    (date(2026, 4, 4), date(2026, 4, 6), "清明节", ()),
    (date(2026, 5, 1), date(2026, 5, 5), "劳动节", (date(2026, 5, 9),)),
    (date(2026, 6, 19), date(2026, 6, 21), "端午节", ()),
    (date(2026, 9, 25), date(2026, 9, 27), "中秋节", ()),
    (date(2026, 10, 1), date(2026, 10, 7), "国庆节", (date(2026, 9, 20), date(2026, 10, 10))),
    (date(2027, 1, 1), date(2027, 1, 3), "元旦（预计）", ()),
    (date(2027, 2, 5), date(2027, 2, 11), "春节（预计）", ()),
    (date(2027, 4, 3), date(2027, 4, 5), "清明节（预计）", ()),
    (date(2027, 5, 1), date(2027, 5, 5), "劳动节（预计）", (date(2027, 5, 8),)),
    (date(2027, 6, 9), date(2027, 6, 9), "端午节（预计）", ()),
)


def calendars(day: date) -> tuple[Calendar, Calendar]:
    """The school year before that of `day`, and its own."""
    year = school_year_of(day)
    return _calendar(year - 1), _calendar(year)


def special_days(span: Span) -> list[tuple[date, bool, str]]:
    """Every listed holiday and make-up day of the span: (day, worked, name)."""
    found = []
    for first, last, name, made_up in HOLIDAYS:
        found += [(day, False, name) for day in Span(first, last + timedelta(days=1)).days()]
        found += [(day, True, f"{name}调休上课") for day in made_up]
    return [entry for entry in sorted(found) if entry[0] in span]


def _calendar(year: int) -> Calendar:
    span = school_year_span(year)
    special = special_days(span)
    return Calendar(
        start_year=year,
        year=span,
        terms=(
            TermDates(1, Span(date(year, 9, 1), _saturday_after(date(year + 1, 1, 20)))),
            TermDates(2, Span(_monday_from(date(year + 1, 2, 27)), _saturday_after(date(year + 1, 7, 8)))),
        ),
        off=frozenset(day for day, worked, _ in special if not worked),
        worked=frozenset(day for day, worked, _ in special if worked),
    )


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _saturday_after(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)
