"""One rule, two readings: the check of a row and the filter of many agree."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from tongyu.core.access import Anywhere, Asker, AtOwnBody, Inside, Role, Rule, Touching


class Keeper(Role):
    """May act."""

    key = "keeper"


class Guest(Role):
    """May not."""

    key = "guest"


@dataclass
class Row:
    """A row with a place and a scope."""

    org: int
    scope_lo: int = 0
    scope_hi: int = 0


def asker(role=Keeper, lo=10, hi=20, body=10):
    """Somebody who reaches `[lo, hi)`."""
    return Asker(1, "某人", role, body, "某处", "school", lo, hi)


def matches(condition, row):
    """Evaluate a Q of comparisons on one row, independently of the relation's own check."""
    compare = {"gte": int.__ge__, "gt": int.__gt__, "lt": int.__lt__, "exact": int.__eq__}
    found = []
    for child in condition.children:
        if isinstance(child, tuple):
            name, _, lookup = child[0].partition("__")
            found.append(compare[lookup or "exact"](getattr(row, name), child[1]))
        else:
            found.append(matches(child, row))
    if not found:
        return True
    return all(found) if condition.connector == "AND" else any(found)


@pytest.mark.parametrize("relation", [Inside(), Touching(), AtOwnBody(), Anywhere()])
@given(org=st.integers(0, 30), lo=st.integers(0, 30), width=st.integers(1, 10))
def test_the_check_and_the_filter_say_the_same(relation, org, lo, width):
    row, who = Row(org, lo, lo + width), asker()
    assert relation.holds(who, row) == matches(relation.filter(who), row)


def test_a_rule_refuses_strangers_other_roles_and_rows_elsewhere():
    rule = Rule("test.act", (Keeper,), Inside())
    assert rule.allows(asker(), Row(10))
    refused = [(None, None), (asker(Guest), None), (asker(), Row(20)), (asker(), Row(9))]
    assert [rule.allows(who, row) for who, row in refused] == [False] * 4
    for who, row in refused:
        with pytest.raises(PermissionDenied, match="test.act"):
            rule.check(who, row)
