"""What the offices have set goes on under a new edition, where the migration table says that its place does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError

from tongyu.core.context import acting, system_scope
from tongyu.plan import numbers
from tongyu.plan.book import parameter_keys
from tongyu.plan.models import Clause, LocalNumber, Obligation, OfficeReading, Plan
from tongyu.plan.queries import is_empty
from tongyu.plan.sentences import squeeze

OWNER = "owner"
GOES_ON = ("unchanged", "reworded", "moved")


@dataclass(slots=True)
class Ways:
    """Old row → new row, of what goes on one to one."""

    clauses: dict[int, Clause] = field(default_factory=dict)
    obligations: dict[int, Obligation] = field(default_factory=dict)


def carry(plan: Plan) -> tuple[int, int]:
    """Take over numbers and readings that hold when the edition comes, for every county; how many, and how many not.

    Each new row names the old one, so that the same again adds nothing. A number that the new edition no longer
    allows, of the county or of a school, stays behind, and so does a reading of words that the paper no longer says;
    the office sees both there.
    """
    if plan.follows is None:
        return 0, 0
    ways = _ways(plan, plan.follows)
    with acting(system_scope("plan.load")):
        done = [_number(row, plan, ways) for row in _holding(plan.follows, plan)]
        done += [
            _reading(row, plan, ways) for row in OfficeReading.objects.using(OWNER).filter(plan=plan.follows)
        ]
    return sum(done), len(done) - sum(done)


def _holding(old: Plan, new: Plan) -> Iterable[LocalNumber]:
    rows = LocalNumber.objects.using(OWNER).filter(plan=old)
    return [
        row
        for row in rows
        if not is_empty(row) and (row.until_day is None or row.until_day > new.in_force_from)
    ]


def _ways(plan: Plan, old: Plan) -> Ways:
    ways = Ways()
    kinds: Any = ((Clause, "clause", ways.clauses), (Obligation, "obligation", ways.obligations))
    for model, of, found in kinds:
        rows = {
            (row.plan_id, row.key): row for row in model.objects.using(OWNER).filter(plan__in=(plan, old))
        }
        for change in plan.changes.using(OWNER).filter(of=of, kind__in=GOES_ON):
            found[rows[old.pk, change.old[0]].pk] = rows[plan.pk, change.new[0]]
    return ways


def _number(row: LocalNumber, plan: Plan, ways: Ways) -> bool:
    """Every duty that rests on the number must go on, and the new edition must know it and allow the value."""
    users = [
        one
        for one in Obligation.objects.using(OWNER).filter(plan=row.plan_id)
        if row.key in parameter_keys(one.rule)
    ]
    known = numbers.definition(plan, row.key, max(row.valid_from, plan.in_force_from), using=OWNER)
    if known is None or any(one.pk not in ways.obligations for one in users):
        return False
    if row.of_school and known.no_school:
        return False
    try:
        numbers.check(known, row.value)
    except ValidationError:
        return False
    new = LocalNumber(
        **{
            name: getattr(row, name)
            for name in (*PLACE, "key", "value", "paper", "paper_date", "reason", "by_account")
        },
        **{name: getattr(row, name) for name in ("until_day", "ended_by", "ended_reason")},
        id=uuid5(row.pk, plan.pk),
        plan=plan,
        valid_from=max(row.valid_from, plan.in_force_from),
        carried_from=row.pk,
    )
    return _add(new)


def _reading(row: OfficeReading, plan: Plan, ways: Ways) -> bool:
    """The words must still stand where they were, or where that has gone."""
    obligation = ways.obligations.get(row.obligation_id) if row.obligation_id else None
    clause = obligation.clause if obligation else ways.clauses.get(row.clause_id)
    if clause is None or (row.obligation_id and obligation is None):
        return False
    if squeeze(row.words) not in squeeze(clause.number + clause.heading + clause.text):
        return False
    new = OfficeReading(
        **{
            name: getattr(row, name)
            for name in (*PLACE, "kind", "words", "reading", "confirmed", "paper", "paper_date")
        },
        by_account=row.by_account,
        id=uuid5(row.pk, plan.pk),
        plan=plan,
        clause=clause,
        obligation=obligation,
        valid_from=max(row.valid_from, plan.in_force_from),
        carried_from=row.pk,
    )
    return _add(new)


PLACE = ("org", "hi")


def _add(row: LocalNumber | OfficeReading) -> bool:
    if not type(row)._default_manager.using(OWNER).filter(pk=row.pk).exists():
        row.save(using=OWNER, force_insert=True)
    return True
