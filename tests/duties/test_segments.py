"""A range is cut where schools have numbers of their own, and nowhere else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.county import rules_on
from tongyu.duties.segments import cut


class Rule(str):
    """Stands for a rule: equal when it reads the same."""


borders = st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True).map(sorted)
owns = borders.flatmap(
    lambda points: st.tuples(
        *(
            st.tuples(st.just(lo), st.just(hi), st.sampled_from("abc").map(Rule))
            for lo, hi in zip(points[::2], points[1::2], strict=False)
        )
    )
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(owns, st.integers(0, 60), st.integers(1, 60))
def test_every_place_reads_as_its_own_number_says(own, lo, length):
    hi, base = lo + length, Rule("a")
    found = cut(lo, hi, base, own)
    assert (found[0][0], found[-1][1]) == (lo, hi)
    for (_lo, end, before), (start, _hi, after) in zip(found, found[1:], strict=False):
        assert end == start
        assert before != after, "neighbours that read the same are one"
    for place in range(lo, hi):
        said = next((rule for start, end, rule in own if start <= place < end), base)
        assert [rule for start, end, rule in found if start <= place < end] == [said]


@pytest.mark.django_db(databases=["default", "owner"])
def test_rules_that_read_the_same_are_equal(plan):
    rule = rules_on(date(2026, 11, 23))[0]
    assert cut(0, 9, rule, [(2, 4, replace(rule))]) == [(0, 9, rule)]
