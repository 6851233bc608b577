"""Quiet hours hold for everything but one-time codes: never inside, never lost, whatever zone and schedule."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tongyu.notices.quiet import TRIES, QuietHours, may_ring, next_try

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
         "Pacific/Apia", "Africa/Casablanca"]  # fmt: skip
minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
spans = st.builds(QuietHours, minutes, minutes, st.sampled_from(ZONES).map(ZoneInfo))
moments = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
COUNTY = QuietHours(time(21), time(7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


@pytest.mark.parametrize(
    ("asked", "rings"),
    [
        ("23T12:00", "23T12:00"),
        ("23T20:59", "23T20:59"),
        ("23T21:00", "24T07:00"),
        ("23T23:59", "24T07:00"),
        ("24T00:00", "24T07:00"),
        ("24T06:59", "24T07:00"),
        ("24T07:00", "24T07:00"),
    ],
)
def test_the_nights_messages_come_in_the_morning(asked, rings):
    assert may_ring(at(asked), urgent=False, hours=COUNTY) == at(rings)


def test_a_one_time_code_comes_at_once():
    assert may_ring(at("23T23:59"), urgent=True, hours=COUNTY) == at("23T23:59")


def test_the_same_start_and_end_are_no_quiet_hours():
    assert may_ring(at("23T00:00"), urgent=False, hours=QuietHours(time(0), time(0))) == at("23T00:00")


@given(hours=spans, moment=moments)
@example(
    hours=QuietHours(time(21), time(2, 30), ZoneInfo("Europe/Berlin")),
    moment=datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
)
@example(
    hours=QuietHours(time(1), time(1, 30), ZoneInfo("America/New_York")),
    moment=datetime(2026, 11, 1, 6, 10, tzinfo=UTC),
)
@example(
    hours=QuietHours(time(0), time(23, 59), ZoneInfo("Pacific/Apia")),
    moment=datetime(2011, 12, 30, 9, 59, tzinfo=UTC),
)
def test_never_inside_never_lost_never_early(hours, moment):
    rings = hours.opens(moment)
    assert not hours.hold(rings)
    assert moment <= rings <= moment + timedelta(days=2)
    if not hours.hold(moment):
        assert rings == moment


@given(hours=spans, moment=moments, delays=st.lists(st.integers(0, 5000), max_size=12))
def test_any_schedule_of_tries_stays_outside_and_ends(hours, moment, delays):
    """Each try fails some minutes after it began, until there are no more tries."""
    rings = may_ring(moment, urgent=False, hours=hours)
    tries = 0
    for delay in [*delays, *[1] * TRIES]:
        assert not hours.hold(rings)
        tries += 1
        again = next_try(tries, rings + timedelta(minutes=delay), urgent=False, hours=hours)
        if again is None:
            break
        assert again > rings
        rings = again
    assert tries == TRIES


@given(hours=spans, moment=moments)
def test_an_urgent_message_is_never_held(hours, moment):
    assert may_ring(moment, urgent=True, hours=hours) == moment


def test_the_wait_doubles_up_to_hours():
    waits = [next_try(n, at("23T08:00"), urgent=True) - at("23T08:00") for n in range(1, TRIES)]
    assert waits == [timedelta(minutes=2**n) for n in range(TRIES - 1)]
    assert next_try(TRIES, at("23T08:00"), urgent=True) is None
