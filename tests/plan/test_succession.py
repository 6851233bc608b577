"""A new edition accounts for everything of the one before; used ones stay; what the office set goes on."""

import json

import pytest

from support import editions
from support.editions import MOVES
from tongyu.plan import commands, reader


@pytest.fixture
def pair(tmp_path):
    return editions.write(tmp_path)


def told(folder, table, index, **changed):
    """The problems when one line of the table reads otherwise; without `changed` it is left out."""
    moves = json.loads(json.dumps(MOVES))
    if changed:
        moves[table][index] |= changed
    else:
        del moves[table][index]
    editions.put(folder / "migration.yaml", moves)
    return [(one.key, one.message) for one in reader.read(folder).problems]


def test_both_editions_pass_the_check(pair, capsys):
    assert [commands.check([str(folder)]) for folder in pair] == [0, 0]
    assert "7 条、7 项责任" in capsys.readouterr().out


def test_a_clause_that_is_left_out_is_missed(pair):
    assert told(pair[1], "clauses", 5) == [("clauses", "上一版的“七”没有交代去向")]


def test_an_obligation_that_is_left_out_is_missed(pair):
    assert told(pair[1], "obligations", 0) == [("obligations", "上一版的“home-visit”没有交代去向")]


@pytest.mark.parametrize(
    ("table", "index", "kind", "should"),
    [
        ("clauses", 0, "reworded", "unchanged"),
        ("clauses", 1, "unchanged", "reworded"),
        ("clauses", 2, "reworded", "moved"),
        ("obligations", 0, "moved", "unchanged"),
        ("obligations", 1, "unchanged", "reworded"),
        ("obligations", 2, "unchanged", "moved"),
    ],
)
def test_the_kind_agrees_with_both_texts(pair, table, index, kind, should):
    found = told(pair[1], table, index, kind=kind)
    assert found == [(f"{table}[{index}].kind", f"对照两版，应为 {should}")]


@pytest.mark.parametrize(
    ("index", "changed", "message"),
    [
        (3, {"kind": "merged"}, "merged 是几个旧的并成一个新的"),
        (4, {"kind": "split"}, "split 是一个旧的变成几个新的"),
        (0, {"kind": "withdrawn"}, "withdrawn 没有新的"),
        (5, {"kind": "moved"}, "moved 是一对一"),
    ],
)
def test_the_kind_agrees_with_how_many_there_are(pair, index, changed, message):
    assert told(pair[1], "clauses", index, **changed) == [(f"clauses[{index}].kind", message)]


def test_what_is_accounted_for_twice_or_not_there_is_told(pair):
    found = told(pair[1], "clauses", 5, old=["七", "一"])
    assert ("clauses[5].old", "“一”交代了两次") in found
    found = told(pair[1], "clauses", 1, new=["九"])
    assert ("clauses[1].new", "本版没有“九”") in found


def test_an_edition_whose_predecessor_is_nowhere_is_told_so(pair):
    editions.put(pair[1] / "migration.yaml", MOVES | {"from": "nowhere"})
    assert [one.key for one in reader.read(pair[1]).problems] == ["from"]


def test_unknown_words_in_the_table_are_told_with_their_line(pair):
    editions.put(pair[1] / "migration.yaml", {**MOVES, "clauses": [{"old": ["一"], "kind": "gone"}]})
    found = reader.read(pair[1]).problems
    assert [(one.file, one.key) for one in found] == [("migration.yaml", "clauses[0].kind")]
