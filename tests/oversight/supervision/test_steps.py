"""The clock of a notice: school days only, in order, each step once, nothing after the end."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar, TermDates, school_year_span
from tongyu.oversight.supervision.steps import DEADLINES, PATIENCE, SchoolDays, is_due, next_step

START = date(2026, 9, 1)
DAYS = st.integers(0, 420).map(lambda number: START + timedelta(days=number))


@st.composite
def calendars(draw):
    """Two school years with terms, holidays and make-up days of any sort."""
    found = []
    for year in (2026, 2027):
        span = school_year_span(year)
        first = span.start + timedelta(days=draw(st.integers(0, 20)))
        middle = first + timedelta(days=draw(st.integers(60, 150)))
        second = middle + timedelta(days=draw(st.integers(1, 50)))
        last = second + timedelta(days=draw(st.integers(60, 120)))
        days = st.sets(
            st.integers(0, 330).map(lambda number, start=span.start: start + timedelta(days=number))
        )
        worked = draw(days)
        terms = (TermDates(1, Span(first, middle)), TermDates(2, Span(second, last)))
        found.append(Calendar(year, span, terms, frozenset(draw(days) - worked), frozenset(worked)))
    return SchoolDays(tuple(found))


@given(calendars(), DAYS, st.sampled_from(DEADLINES), st.integers(0, 2), st.data())
@settings(max_examples=150, deadline=None)
def test_steps_fall_on_school_days_in_order_each_once_and_never_after_the_end(
    days, sent, number, steps, data
):
    begins = days.from_day(sent)
    deadline = days.after(begins, number) if begins else None
    if deadline is None:
        return
    closed_on = data.draw(st.none() | DAYS)
    asleep = data.draw(st.sets(st.integers(0, 200)))
    taken = []
    for offset in range(260):
        today = sent + timedelta(days=offset)
        if offset in asleep:
            continue
        for _run in range(2):
            is_open = closed_on is None or today < closed_on
            if is_open and is_due(days, deadline, taken, steps, today):
                taken.append(today)
    assert len(taken) <= steps
    assert all(day in days and day > deadline for day in taken)
    assert taken == sorted(set(taken))
    assert all(closed_on is None or day < closed_on for day in taken)
    if len(taken) == 2:
        assert (
            sum(1 for one in range((taken[1] - taken[0]).days) if taken[0] + timedelta(one + 1) in days)
            >= PATIENCE
        )


@given(calendars(), DAYS, st.sampled_from(DEADLINES))
@settings(max_examples=100, deadline=None)
def test_a_deadline_is_so_many_school_days_away(days, sent, number):
    begins = days.from_day(sent)
    deadline = days.after(begins, number) if begins else None
    if deadline is not None:
        between = [begins + timedelta(days=one) for one in range(1, (deadline - begins).days + 1)]
        assert (deadline in days, sum(day in days for day in between)) == (True, number)


def autumn(off=(), worked=()):
    span = school_year_span(2026)
    terms = (TermDates(1, Span(date(2026, 9, 1), date(2027, 1, 23))),)
    return SchoolDays((Calendar(2026, span, terms, frozenset(off), frozenset(worked)),))


def test_a_notice_of_saturday_begins_on_monday_unless_saturday_is_worked():
    assert autumn().from_day(date(2026, 11, 21)) == date(2026, 11, 23)
    assert autumn(worked=[date(2026, 11, 21)]).from_day(date(2026, 11, 21)) == date(2026, 11, 21)


def test_the_national_day_holiday_moves_the_first_step():
    golden_week = [date(2026, 10, 1) + timedelta(days=one) for one in range(7)]
    assert next_step(autumn(golden_week), date(2026, 9, 30), [], 2) == date(2026, 10, 8)
    assert next_step(autumn(golden_week), date(2026, 9, 30), [date(2026, 10, 8)], 2) == date(2026, 10, 15)
    assert next_step(autumn(), date(2026, 9, 30), [date(2026, 10, 8), date(2026, 10, 15)], 2) is None


def test_beyond_the_calendar_nothing_is_due():
    assert autumn().after(date(2027, 1, 22)) is None
    assert not is_due(autumn(), date(2027, 1, 22), [], 2, date(2027, 3, 1))
