"""What a county may make of a number: only stricter where the plan says it, within bounds where it does not."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from support.county import CODE
from tongyu.plan import numbers, queries
from tongyu.plan.numbers import DAYS, LENGTH, MINIMUM, SHARE, WINDOW, days_of, is_as_strict

DAY = date(2026, 11, 23)
both = pytest.mark.django_db(databases=["default", "owner"])

months = st.sampled_from([f"{month:02}-{day:02}" for month in range(1, 13) for day in (1, 15, 28)])
windows = st.builds("{}..{}".format, months, months)
VALUES = {
    MINIMUM: st.integers(0, 20),
    DAYS: st.integers(1, 120),
    LENGTH: st.integers(1, 120),
    SHARE: st.floats(0.1, 0.95),
    WINDOW: windows,
}
of_one_role = st.sampled_from(list(VALUES)).flatmap(
    lambda role: st.tuples(st.just(role), VALUES[role], VALUES[role], VALUES[role])
)


@given(of_one_role)
def test_strictness_is_a_partial_order(case):
    role, a, b, c = case
    assert is_as_strict(role, a, a)
    if is_as_strict(role, a, b) and is_as_strict(role, b, a):
        assert days_of(a) == days_of(b) if role == WINDOW else a == b
    if is_as_strict(role, a, b) and is_as_strict(role, b, c):
        assert is_as_strict(role, a, c)


@given(windows)
def test_a_window_holds_its_first_and_last_day(window):
    first, last = window.split("..")
    assert days_of(f"{first}..{first}") <= days_of(window)
    assert days_of(f"{last}..{last}") <= days_of(window)


def known(key):
    return numbers.definition(queries.active(CODE, DAY), key, DAY)


def refused(key, value):
    with pytest.raises(ValidationError) as error:
        numbers.check(known(key), value)
    return error.value.message_dict["value"][0]


@both
def test_what_the_plan_says_may_only_be_tightened(loaded):
    numbers.check(known("guidance.minimum"), 3)
    numbers.check(known("guidance.minimum"), 2)
    assert refused("guidance.minimum", 1) == "方案定为2，本县只能从严：2 至 20。"


@both
def test_what_the_plan_leaves_open_is_chosen_within_bounds(loaded):
    numbers.check(known("enrolled-days.term"), 45)
    numbers.check(known("enrolled-days.term"), 15)
    assert refused("enrolled-days.term", 0) == "方案没有定，由本县确定：1 至 120。"
    assert refused("liaison.minimum", 0) == "方案没有定，由本县确定：1 至 20。"
    assert refused("liaison.minimum", 21) == "方案没有定，由本县确定：1 至 20。"


@both
def test_every_number_of_the_edition_allows_what_it_is(loaded):
    found = numbers.definitions(queries.active(CODE, DAY), DAY)
    assert len(found) == 108
    for one in found.values():
        numbers.check(one, one.printed.value)


@both
@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("guidance.minimum", " ３ ", 3),
        ("pace.tail_share", "0.8", 0.8),
        ("lei-feng.window", "3-5..3-31", "03-05..03-31"),
    ],
)
def test_a_number_is_read_as_it_is_typed(loaded, key, text, value):
    assert numbers.parse(known(key), text) == value


@both
@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("guidance.minimum", "两次"),
        ("guidance.minimum", "1.5"),
        ("guidance.minimum", "-1"),
        ("guidance.minimum", "99999999999999999999"),
        ("pace.tail_share", "NaN"),
        ("lei-feng.window", "02-30..03-31"),
        ("lei-feng.window", "三月"),
    ],
)
def test_what_is_no_number_is_refused_at_the_field(loaded, key, text):
    with pytest.raises(ValidationError) as error:
        numbers.parse(known(key), text)
    assert list(error.value.message_dict) == ["value"]
