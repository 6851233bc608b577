"""No count of a bulletin tells of one family, and none is lost by folding (check C32)."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tongyu.workbenches.families.bulletins.models import State
from tongyu.workbenches.families.bulletins.queries.coverage import Counted
from tongyu.workbenches.families.bulletins.queries.folding import FEW, folded

states = st.dictionaries(st.sampled_from([State.OPEN, State.AGREED, State.GONE]), st.integers(0, 30))
counted = st.lists(states, max_size=12).map(
    lambda found: [Counted(place, Counter(one)) for place, one in enumerate(found)]
)


@given(counted)
def test_nothing_is_lost_and_no_place_shown_is_small(places):
    found = folded(places)
    every = [*found.shown, *([found.together] if found.together else [])]
    assert sum(one.children for one in every) == sum(one.children for one in places)
    assert all(one.children >= FEW for one in found.shown)
    assert [one.place for one in found.shown] == sorted(one.place for one in found.shown)


@given(counted)
def test_what_is_left_out_cannot_be_had_by_subtraction(places):
    found = folded(places)
    if found.together and found.shown:
        assert found.together.children >= FEW
