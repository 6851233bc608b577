"""Reads of the plan. It is public to everybody who may sign in, so nothing here starts from an asker."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tongyu.plan.compiler import values_on
from tongyu.plan.models import Clause, Interpretation, Obligation, Parameter, Plan
from tongyu.plan.rules import TAIL_SHARE, ObligationRule, build


def active(on: dt.date) -> Plan | None:
    """The plan in force on a day; of several, the one that came last."""
    in_force = Q(in_force_until=None) | Q(in_force_until__gt=on)
    return Plan.objects.filter(in_force, in_force_from__lte=on).order_by("-in_force_from", "id").first()


def clauses(plan: Plan) -> QuerySet[Clause]:
    """The clauses in the order of the paper."""
    return plan.clauses.order_by("order")


def obligations(plan: Plan) -> QuerySet[Obligation]:
    """The obligations in the order of the paper, with their clauses."""
    return plan.obligations.select_related("clause").order_by("order")


def rules(plan: Plan, on: dt.date) -> list[ObligationRule]:
    """Every obligation as the engine reads it, numbers as valid on that day. Two queries."""
    values = values_on(plan.parameters.values_list("key", "valid_from", "value"), on)
    return [
        build(rule, values, pk) for pk, rule in plan.obligations.order_by("order").values_list("pk", "rule")
    ]


def parameters(plan: Plan, on: dt.date) -> dict[str, Parameter]:
    """The row of each number that is valid on a day."""
    rows: dict[str, Parameter] = {}
    for row in plan.parameters.order_by("key", "valid_from"):
        if row.key not in rows or row.valid_from <= on:
            rows[row.key] = row
    return rows


def interpretations(plan: Plan, on: dt.date) -> list[Interpretation]:
    """The readings valid on a day, in the order of the file: of the same words, the one that came last."""
    return valid_on(plan.interpretations.filter(valid_from__lte=on), on)


def valid_on(readings: Iterable[Interpretation], on: dt.date) -> list[Interpretation]:
    """The same of readings that were asked for before."""
    rows: dict[tuple[object, ...], Interpretation] = {}
    for row in sorted(readings, key=lambda one: (one.valid_from, one.order)):
        if row.valid_from <= on:
            rows[row.clause_id, row.obligation_id, row.kind, row.words] = row
    return sorted(rows.values(), key=lambda row: row.order)


def parameter_keys(rule: dict[str, Any]) -> list[str]:
    """The numbers that a compiled rule rests on, the minimum first."""
    keys = [rule["minimum"], rule["window"], rule["days"], *rule["denominator"].values()]
    if rule["pace"] == "tail":
        keys.append(TAIL_SHARE)
    return [key for key in keys if key]
