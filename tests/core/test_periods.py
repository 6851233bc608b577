"""Half-open spans of days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyu.core.periods import Span, month_span

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_the_last_day_is_inside_and_the_end_is_not():
    span = Span(date(2026, 9, 1), date(2027, 9, 1))
    assert (date(2027, 8, 31) in span, date(2027, 9, 1) in span, span.last_day) == (
        True,
        False,
        date(2027, 8, 31),
    )
    assert len(span) == 365


def test_a_span_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end before"):
        Span(date(2026, 9, 2), date(2026, 9, 1))


def test_february_of_a_leap_year_and_december():
    assert len(month_span(2028, 2)) == 29
    assert month_span(2026, 12) == Span(date(2026, 12, 1), date(2027, 1, 1))


@given(days, days, days, days)
def test_two_spans_overlap_exactly_when_they_share_a_day(a, b, c, d):
    one, other = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    assert one.overlaps(other) == bool(len(one) and len(other) and set_of(one) & set_of(other))


def set_of(span):
    """The ordinal numbers of the days inside."""
    return set(range(span.start.toordinal(), span.end.toordinal()))
