"""The rules of one edition in one county, with every number, the days on which it holds and where. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tongyu.plan.rules import TAIL_SHARE, ObligationRule, Parameters, build
from tongyu.plan.strictness import role_in, tightens, why_not_own

Version = tuple[dt.date, ObligationRule]


@dataclass(frozen=True, slots=True)
class OwnVersions:
    """How a rule reads in the places `[org, hi)` of one school that has numbers of its own."""

    org: int
    hi: int
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Number:
    """A value of one number, days `[since, until)`; `local` when a county's office has set it, or a school's leader:
    then it holds in the places `[org, hi)` of that school only."""

    key: str
    since: dt.date
    value: Any
    until: dt.date | None = None
    local: bool = False
    org: int = 0
    hi: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """Compiled rules by row, in the order of the paper, and the numbers they rest on: the county's, and of schools."""

    compiled: Sequence[tuple[int, Mapping[str, Any]]]
    numbers: Sequence[Number]
    own: Sequence[Number] = ()
    forerunners: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """Of each rule that goes on from an earlier edition: its rows there."""

    def holding(self, on: dt.date, place: int | None = None) -> dict[str, Number]:
        """Of each key the number that holds on a day: in the county, or at a place of a school in it.

        A school's own holds where it asks more than the county's on that day, and is one that a school may set.
        """
        held = in_force(self.numbers, on)
        mine = [one for one in self.own if place is not None and one.org <= place < one.hi]
        for key, one in in_force(mine, on).items():
            users = self._users(key)
            if key not in held or not users or why_not_own(role_in(users[0], key), users):
                continue
            if tightens(role_in(users[0], key), one.value, held[key].value):
                held[key] = one
        return held

    def values(self, on: dt.date, place: int | None = None) -> Parameters:
        """The value of each key on a day, in the county or at a place of a school in it."""
        return {key: one.value for key, one in self.holding(on, place).items()}

    def rules(self, on: dt.date, place: int | None = None) -> list[ObligationRule]:
        """Every obligation, its numbers as they hold on the day."""
        values = self.values(on, place)
        return [self._built(pk, rule, values) for pk, rule in self.compiled]

    def _built(self, pk: int, rule: Mapping[str, Any], values: Parameters) -> ObligationRule:
        return build(rule, values, pk, self.forerunners.get(pk, ()))

    def versions(self) -> dict[int, list[Version]]:
        """Of each rule whose numbers change: how it reads from which day on. The first has always been."""
        days = _turns(self.numbers)
        found: dict[int, list[Version]] = {}
        for pk, rule in self.compiled:
            turns = sorted({day for key in parameter_keys(rule) for day in days.get(key, ())})
            if turns:
                read = [self._built(pk, rule, self.values(day)) for day in (dt.date.min, *turns)]
                found[pk] = list(zip((dt.date.min, *turns), read, strict=True))
        return found

    def own_versions(self) -> dict[int, list[OwnVersions]]:
        """Of each rule for which schools have numbers of their own: how it reads there, by place."""
        found: dict[int, list[OwnVersions]] = {}
        for org, hi in self.schools():
            days = _turns([*self.numbers, *(one for one in self.own if one.org == org)])
            there = {one.key for one in self.own if one.org == org}
            values: dict[dt.date, Parameters] = {}
            for pk, rule in self.compiled:
                keys = parameter_keys(rule)
                if there.isdisjoint(keys):
                    continue
                turns = [dt.date.min, *sorted({day for key in keys for day in days.get(key, ())})]
                for day in turns:
                    values.setdefault(day, self.values(day, org))
                read = [(day, self._built(pk, rule, values[day])) for day in turns]
                found.setdefault(pk, []).append(OwnVersions(org, hi, read))
        return found

    def schools(self) -> list[tuple[int, int]]:
        """The places of the schools that have numbers of their own, in order."""
        return sorted({(one.org, one.hi) for one in self.own})

    def resting_on(self, key: str) -> frozenset[int]:
        """The obligations that the number decides about."""
        return frozenset(pk for pk, rule in self.compiled if key in parameter_keys(rule))

    def with_value(self, key: str, value: Any, since: dt.date, school: tuple[int, int] | None = None) -> Book:
        """As if the number, of the county or of the `school`, were this from the day on, whatever is said of later."""
        if school is None:
            kept = [self._cut(one, since) if one.key == key else one for one in self.numbers]
            numbers = [*filter(None, kept), Number(key, since, value, None, True)]
            return replace(self, numbers=numbers)
        mine = [self._cut(one, since) if (one.key, one.org) == (key, school[0]) else one for one in self.own]
        return replace(self, own=[*filter(None, mine), Number(key, since, value, None, True, *school)])

    @staticmethod
    def _cut(one: Number, since: dt.date) -> Number | None:
        """The number as far as it goes before that day; what the edition says stays as what was before."""
        if not one.local:
            return replace(one, since=min(one.since, since))
        return None if one.since >= since else replace(one, until=min(one.until or since, since))

    def _users(self, key: str) -> list[Mapping[str, Any]]:
        return [rule for _pk, rule in self.compiled if key in parameter_keys(rule)]


def _turns(numbers: Sequence[Number]) -> dict[str, list[dt.date]]:
    """The days on which a number turns, by key; none for what has one value for ever."""
    by_key: dict[str, list[Number]] = {}
    for one in numbers:
        by_key.setdefault(one.key, []).append(one)
    return {
        key: [day for one in ones for day in (one.since, one.until) if day]
        for key, ones in by_key.items()
        if len(ones) > 1
    }


def in_force(numbers: Sequence[Number], on: dt.date) -> dict[str, Number]:
    """What holds of each key on a day: the latest that has begun and not ended, else the edition's earliest.

    Of two that begin on the same day the office's holds. The edition's earliest has always been: it does not put an
    end to what the office had set before the edition came, for the windows that were running then.
    """
    found: dict[str, Number] = {}
    printed: set[str] = set()
    for one in sorted(numbers, key=lambda number: (number.key, number.since, number.local)):
        begun = one.since <= on
        if one.local:
            if begun and (one.until is None or on < one.until):
                found[one.key] = one
        elif one.key not in printed:
            printed.add(one.key)
            found.setdefault(one.key, one)
        elif begun:
            found[one.key] = one
    return found


def parameter_keys(rule: Mapping[str, Any]) -> list[str]:
    """The numbers that a compiled rule rests on, the minimum first."""
    keys = [rule["minimum"], rule["window"], rule["days"], rule.get("answer"), *rule["denominator"].values()]
    if rule["pace"] == "tail":
        keys.append(TAIL_SHARE)
    return [key for key in keys if key]
