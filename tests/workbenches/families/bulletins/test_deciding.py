"""The algebra of answers: whose order matters, what supersedes what, when two differ."""

from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyu.workbenches.families.bulletins.models import Act, Need, State, Whose
from tongyu.workbenches.families.bulletins.models.deciding import (
    SETTLED,
    Given,
    Tally,
    decisions,
    state_of,
    tally,
)

ADULTS = [UUID(int=number) for number in range(1, 4)]
acts = st.sampled_from([Act.READ, Act.AGREE, Act.DECLINE, Act.TAKE_BACK])
sequences = st.lists(st.tuples(st.sampled_from(ADULTS), acts), max_size=12)
adults = st.sets(st.sampled_from(ADULTS))
rules = st.sampled_from(list(Whose))


def numbered(sequence):
    """Each guardian's answers in the guardian's own order."""
    counters = {adult: count(1) for adult in ADULTS}
    return [Given(adult, next(counters[adult]), act) for adult, act in sequence]


def state(sequence, whose, deciders):
    return state_of(Need.SIGN, whose, tally(numbered(sequence), deciders))


@given(sequences, rules, adults, st.randoms())
def test_the_order_in_which_different_guardians_answer_does_not_matter(sequence, whose, deciders, chance):
    answers = numbered(sequence)
    mixed = list(answers)
    chance.shuffle(mixed)
    assert state_of(Need.SIGN, whose, tally(mixed, deciders)) == state_of(
        Need.SIGN, whose, tally(answers, deciders)
    )


@given(sequences, st.sampled_from(ADULTS), st.sampled_from([Act.AGREE, Act.DECLINE]), rules, adults)
def test_a_decision_supersedes_the_own_earlier_one_and_nobody_elses(sequence, adult, act, whose, deciders):
    after = decisions(numbered([*sequence, (adult, act)]))
    before = decisions(numbered(sequence))
    assert after[adult] == act
    assert {k: v for k, v in after.items() if k != adult} == {k: v for k, v in before.items() if k != adult}


@given(sequences, st.sampled_from(ADULTS), rules, adults)
def test_taken_back_it_is_as_if_never_signed(sequence, adult, whose, deciders):
    without = [(who, act) for who, act in sequence if who != adult or act == Act.READ]
    read = [*without, (adult, Act.READ)]
    assert state([*sequence, (adult, Act.TAKE_BACK)], whose, deciders) == state(read, whose, deciders)


@given(sequences, rules, adults)
def test_saying_the_same_again_changes_nothing(sequence, whose, deciders):
    doubled = [pair for pair in sequence for _ in range(2)]
    assert state(doubled, whose, deciders) == state(sequence, whose, deciders)


@given(sequences, adults)
def test_all_is_never_settled_where_any_is_not(sequence, deciders):
    every, one = state(sequence, Whose.ALL, deciders), state(sequence, Whose.ANY, deciders)
    if every in SETTLED:
        assert one == every
    if one in {State.CONFLICT, State.NOBODY, State.OPEN, State.DECLINED}:
        assert every == one


@given(sequences, rules, adults)
def test_two_that_differ_are_a_conflict_and_only_those(sequence, whose, deciders):
    standing = {act for adult, act in decisions(numbered(sequence)).items() if adult in deciders}
    assert (state(sequence, whose, deciders) == State.CONFLICT) == ({Act.AGREE, Act.DECLINE} <= standing)


@given(sequences, rules, adults, st.sampled_from(ADULTS))
def test_a_signature_counts_only_while_its_writer_may_decide(sequence, whose, deciders, adult):
    others = [(who, act) for who, act in sequence if who != adult]
    blocked = deciders - {adult}
    assert state(sequence, whose, blocked) == state(others, whose, blocked)


@pytest.mark.parametrize(
    ("whose", "agreed", "declined", "deciders", "expected"),
    [
        (Whose.ANY, 1, 0, 2, State.AGREED),
        (Whose.ALL, 1, 0, 2, State.PARTLY),
        (Whose.ALL, 2, 0, 2, State.AGREED),
        (Whose.ALL, 0, 1, 2, State.DECLINED),
        (Whose.ANY, 1, 1, 2, State.CONFLICT),
        (Whose.ANY, 0, 0, 2, State.OPEN),
        (Whose.ANY, 0, 0, 0, State.NOBODY),
    ],
)
def test_worked_cases(whose, agreed, declined, deciders, expected):
    counted = Tally(reached=True, deciders=deciders, agreed=agreed, declined=declined)
    assert state_of(Need.SIGN, whose, counted) == expected


def test_reading_is_enough_to_be_reached_and_not_to_be_confirmed():
    read = Tally(reached=True)
    assert [state_of(need, Whose.ANY, read) for need in (Need.READ, Need.CONFIRM)] == [State.DONE, State.OPEN]


@pytest.mark.parametrize("need", list(Need))
def test_of_a_child_that_has_left_nothing_is_asked_and_what_was_answered_stands(need):
    answered = Tally(reached=True, confirmed=True, deciders=1, agreed=1)
    gone = Tally(reached=True, confirmed=True, deciders=1, agreed=1, here=False)
    assert state_of(need, Whose.ANY, gone) == state_of(need, Whose.ANY, answered)
    assert state_of(need, Whose.ANY, Tally(deciders=1, here=False)) == State.GONE
