"""How a day is cut into slots, and which slots are neighbours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongyu.core.clock import CHINA
from tongyu.workbenches.gatherings.talks.rules import NEIGHBOURS, cut, neighbours

DAY = date(2026, 11, 28)
hours = st.times(time(7), time(21)).map(lambda at: at.replace(second=0, microsecond=0))


def at(hour, minute=0):
    return datetime(2026, 11, 28, hour, minute, tzinfo=CHINA)


def test_an_afternoon_of_ten_minutes_with_a_break():
    found = cut(DAY, time(14), time(15), 10, 5, (time(14, 20), time(14, 40)))
    assert [(one.hour, one.minute) for one, _end in found] == [(14, 0), (14, 40)]


def test_a_stretch_without_room_and_odd_figures_are_told_at_the_field():
    for asked, field in (
        ((time(15), time(14), 10, 0), "ends"),
        ((time(14), time(14, 5), 10, 0), "ends"),
        ((time(14), time(15), 0, 0), "minutes"),
        ((time(14), time(15), 10, -1), "pause"),
        ((time(14), time(15), 10, 0, (time(15), time(14))), "rest_until"),
    ):
        with pytest.raises(ValidationError) as refused:
            cut(DAY, *asked)
        assert field in refused.value.error_dict


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hours, hours, st.integers(5, 120), st.integers(0, 60), st.none() | st.tuples(hours, hours))
def test_slots_lie_inside_do_not_overlap_and_leave_the_break_alone(starts, ends, minutes, pause, rest):
    try:
        found = cut(DAY, starts, ends, minutes, pause, rest)
    except ValidationError:
        return
    first, last = datetime.combine(DAY, starts, CHINA), datetime.combine(DAY, ends, CHINA)
    assert all(first <= one and end <= last and end - one == timedelta(minutes=minutes) for one, end in found)
    assert all(
        after[0] - before[1] >= timedelta(minutes=pause)
        for before, after in zip(found, found[1:], strict=False)
    )
    if rest:
        lo, hi = (datetime.combine(DAY, each, CHINA) for each in rest)
        assert all(end <= lo or one >= hi for one, end in found)
    else:
        assert last - found[-1][1] < timedelta(minutes=minutes + pause)


@dataclass(frozen=True)
class Slot:
    starts_at: datetime
    ends_at: datetime


slots = st.lists(
    st.integers(0, 30).map(
        lambda n: Slot(at(14) + timedelta(minutes=10 * n), at(14) + timedelta(minutes=10 * n + 10))
    )
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(slots, slots)
def test_neighbours_never_overlap_and_are_close(first, second):
    found = neighbours(first, second, most=1000)
    for one, other in found:
        before, after = sorted((one, other), key=lambda each: each.starts_at)
        assert timedelta(0) <= after.starts_at - before.ends_at <= NEIGHBOURS
    wanted = {
        (one, other)
        for one in first
        for other in second
        if abs(one.starts_at - other.starts_at) in (timedelta(minutes=10), timedelta(minutes=20))
    }
    assert set(found) == wanted
