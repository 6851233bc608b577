"""Counting: ties and quorum by rule; the same for any order of ballots and any split between paper and online."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyu.workbenches.families.committees.actions.counting import Box, Paper, count, digest, pile

NAMES = ("a", "b", "c", "d")
BALLOT = st.sets(st.sampled_from(NAMES), max_size=3)


def box(ballots, paper=None, **kwargs):
    fields = {"seats": 2, "quorum": 50, "children": 10, "candidates": NAMES, **kwargs}
    return Box(ballots=pile(ballots), paper=paper or Paper(), **fields)


def on_paper(ballots):
    """The same ballots as two persons would count them on paper."""
    counts = Counter(name for ballot in ballots for name in ballot)
    return Paper(len(ballots), sum(not ballot for ballot in ballots), counts)


@given(st.lists(BALLOT, max_size=30), st.integers(0, 2**31), st.data(), st.integers(1, 4))
def test_order_and_split_between_paper_and_online_change_nothing(ballots, seed, data, seats):
    plain = count(box(ballots, seats=seats))
    shuffled = list(ballots)
    Random(seed).shuffle(shuffled)
    assert count(box(shuffled, seats=seats)) == plain
    assert digest(box(shuffled)) == digest(box(ballots))
    cut = data.draw(st.integers(0, len(shuffled)))
    split = count(box(shuffled[cut:], on_paper(shuffled[:cut]), seats=seats))
    assert {**split.stored(), "papers": 0} == plain.stored()


@given(st.lists(BALLOT, min_size=6, max_size=30), st.integers(1, 4))
def test_nobody_is_elected_over_somebody_with_more_votes(ballots, seats):
    found = count(box(ballots, seats=seats))
    out = [one for one in NAMES if one not in (*found.elected, *found.tied)]
    assert len(found.elected) + found.left <= seats
    assert all(
        found.votes[one] > found.votes[other] for one in found.elected for other in (*found.tied, *out)
    )
    assert len({found.votes[one] for one in found.tied}) <= 1
    assert len(found.tied) == 0 or len(found.tied) > found.left
    assert sum(found.votes.values()) == sum(len(ballot) for ballot in ballots)


@pytest.mark.parametrize(
    ("ballots", "elected", "tied", "left"),
    [
        ("ab ab ac ad bc ab", ["a", "b"], [], 0),
        ("ab ab ac ac ad a", ["a"], ["b", "c"], 1),
        ("a a a a a a", ["a"], [], 0),
        ("ab bc ca ab bc ca", [], ["a", "b", "c"], 2),
    ],
)
def test_the_most_votes_sit_and_equal_votes_for_the_last_seat_are_tied(ballots, elected, tied, left):
    found = count(box(ballots.split()))
    assert (found.elected, found.tied, found.left) == (elected, tied, left)


@pytest.mark.parametrize(
    ("quorum", "ballots", "met"), [(50, 5, False), (50, 6, True), (0, 5, True), (66, 7, True)]
)
def test_more_than_the_share_must_have_taken_part(quorum, ballots, met):
    found = count(box(["a"] * ballots, quorum=quorum))
    assert (found.quorum_met, bool(found.elected)) == (met, met)


@pytest.mark.parametrize(
    ("children", "ballots", "opened"),
    [(40, 1, False), (40, 4, False), (6, 4, True), (1, 1, True), (4, 2, False)],
)
def test_a_handful_of_ballots_is_not_opened(children, ballots, opened):
    """Somebody who lets the quorum be nought and closes after the first vote would read it."""
    found = count(box(["a"] * ballots, quorum=0, children=children))
    assert (bool(found.votes), found.quorum_met) == (opened, opened)


def test_without_a_quorum_nobody_reads_what_the_ballots_say():
    found = count(box(["a", "b", "", "a", "c"], children=40))
    assert (found.took_part, found.votes, found.invalid, found.elected, found.tied) == (5, {}, 0, [], [])


def test_an_abstention_takes_part_and_votes_for_nobody():
    found = count(box(["", "", "", "", "", "ab"]))
    assert (found.took_part, found.invalid, found.votes["a"]) == (6, 5, 1)


@given(st.lists(BALLOT, min_size=1, max_size=10))
def test_another_ballot_is_another_digest(ballots):
    assert digest(box([*ballots, "a"])) != digest(box(ballots))
