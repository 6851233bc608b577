"""Registries refuse duplicates, late comers and unknown names."""

from dataclasses import dataclass

import pytest

from tongyu.core.registry import Registry, RegistryError


@dataclass
class Thing:
    """Something with a key."""

    key: str


def test_entries_come_back_in_order_and_unknown_names_are_an_error():
    things: Registry[Thing] = Registry("thing")
    a, b = things.register(Thing("a")), things.register(Thing("b"))
    assert (list(things), things.get("b"), "a" in things, len(things)) == ([a, b], b, True, 2)
    with pytest.raises(RegistryError, match="no thing 'c'"):
        things.get("c")


def test_a_duplicate_and_a_late_entry_are_refused():
    things: Registry[Thing] = Registry("thing")
    things.register(Thing("a"))
    with pytest.raises(RegistryError, match="twice"):
        things.register(Thing("a"))
    things.close()
    with pytest.raises(RegistryError, match="too late"):
        things.register(Thing("b"))
