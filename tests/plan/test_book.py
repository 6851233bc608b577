"""Numbers have days: what holds on one, what a county's office adds, what would be if."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.county import CODE
from tongyu.plan import carrying, queries
from tongyu.plan.book import Number, in_force
from tongyu.plan.models import LocalNumber, Plan

FIRST, DAY = date(2024, 1, 30), date(2026, 11, 23)
PRINTED = Number("n", FIRST, 1)
both = pytest.mark.django_db(databases=["default", "owner"])

days = st.integers(1, 900).map(lambda number: FIRST + timedelta(days=number))
own = st.builds(
    lambda value, since, length: Number(
        "n", since, value, None if length is None else since + timedelta(days=length), True
    ),
    st.integers(2, 9),
    days,
    st.none() | st.integers(0, 300),
)


def on(numbers, day):
    return in_force(numbers, day)["n"].value


def test_the_offices_number_holds_from_its_day_until_it_ends():
    local = Number("n", date(2026, 9, 1), 2, date(2027, 3, 1), True)
    turns = [date(2026, 8, 31), date(2026, 9, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert [on([PRINTED, local], day) for day in turns] == [1, 2, 2, 1]


def test_one_that_is_withdrawn_on_its_first_day_never_holds():
    local = Number("n", date(2026, 9, 1), 2, date(2026, 9, 1), True)
    assert on([PRINTED, local], date(2026, 9, 1)) == 1


def test_what_the_edition_says_later_holds_over_what_was_set_before():
    later = replace(PRINTED, since=date(2027, 1, 1), value=5)
    local = Number("n", date(2026, 9, 1), 2, None, True)
    assert [on([PRINTED, local, later], day) for day in (DAY, date(2027, 1, 1))] == [2, 5]


def test_what_was_set_before_the_edition_came_holds_over_its_first_value():
    carried = Number("n", FIRST - timedelta(days=150), 2, None, True)
    later = replace(PRINTED, since=date(2027, 1, 1), value=5)
    turns = [FIRST - timedelta(days=1), FIRST, DAY, date(2027, 1, 1)]
    assert [on([PRINTED, carried, later], day) for day in turns] == [2, 2, 2, 5]


def test_a_carried_number_holds_for_the_windows_that_run_when_the_edition_comes():
    spring, autumn = Plan(in_force_from=date(2029, 3, 15)), Plan(in_force_from=date(2029, 9, 1))
    long_ago, lately = LocalNumber(valid_from=date(2028, 3, 1)), LocalNumber(valid_from=date(2029, 2, 1))
    assert [carrying.carried_day(long_ago, one) for one in (spring, autumn)] == [
        date(2028, 9, 1),
        date(2029, 9, 1),
    ]
    assert carrying.carried_day(lately, spring) == date(2029, 2, 1)


@given(st.lists(own, max_size=5, unique_by=lambda one: one.since), days)
def test_there_is_always_exactly_one_number_and_a_new_one_leaves_earlier_days_alone(numbers, day):
    before = in_force([PRINTED, *numbers], day)
    assert set(before) == {"n"}
    later = Number("n", day + timedelta(days=1), 9, None, True)
    assert in_force([PRINTED, *numbers, later], day) == before


@both
def test_only_rules_whose_number_turns_have_versions(loaded):
    book = queries.book(queries.active(CODE, DAY), CODE)
    assert book.versions() == {}
    tried = book.with_value("guidance.minimum", 3, date(2026, 9, 1))
    (versions,) = tried.versions().values()
    assert [(day, rule.minimum) for day, rule in versions][-1] == (date(2026, 9, 1), 3)
    assert versions[0][1].minimum == 2
    assert tried.values(date(2026, 8, 31))["guidance.minimum"] == 2
