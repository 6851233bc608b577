"""From the files' obligations to the compiled rule that is stored and read by the duty engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tongyu.plan.rules import ObligationRule, Parameters, build

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition
    from tongyu.plan.schema import Obligation

Dated = tuple[str, dt.date, Any]


def compile_rule(clause: str, obligation: Obligation) -> dict[str, Any]:
    """The obligation as JSON, every key present."""
    return {"clause": clause, **obligation.model_dump(mode="json")}


def values_on(parameters: Iterable[Dated], on: dt.date) -> Parameters:
    """The value of each key on a day: the latest valid by then, else the earliest there is."""
    values: dict[str, Any] = {}
    for key, valid_from, value in sorted(parameters, key=lambda one: (one[0], one[1])):
        if key not in values or valid_from <= on:
            values[key] = value
    return values


def rules(edition: Edition, on: dt.date) -> list[ObligationRule]:
    """The rules of an edition straight from its files, for worked cases and for the check."""
    assert edition.parameters
    values = values_on(((p.key, p.valid_from, p.value) for p in edition.parameters[1].parameters), on)
    return [build(compile_rule(clause, one), values) for clause, one in edition.obligations]
