"""Reads of the plan: which edition a county works by, and what it says there on a day.

The plan is public to everybody of the county who may sign in, so nothing here starts from an asker but his county.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Staff
from tongyu.plan.book import Book, Number, in_force
from tongyu.plan.models import (
    Clause,
    CountyPlan,
    Interpretation,
    LocalNumber,
    Obligation,
    OfficeReading,
    Parameter,
    Plan,
)
from tongyu.plan.rules import ObligationRule, Parameters

OFFICE = "县协同育人办公室"


def active(county: int, on: dt.date) -> Plan | None:
    """The edition by which the county works on a day; one query.

    The one it is bound to last; without a binding the latest in force that is bound to no county at all. `since` of
    the answer is the first day on which the edition asks something of this county.
    """
    binding = CountyPlan.objects.filter(plan=OuterRef("pk"))
    mine = binding.filter(county=county, from_day__lte=on).order_by("-from_day")
    running = Q(in_force_until=None) | Q(in_force_until__gt=on)
    found: Any = (
        Plan.objects.filter(running, in_force_from__lte=on)
        .annotate(bound_from=Subquery(mine.values("from_day")[:1]), taken=Exists(binding))
        .filter(Q(bound_from__isnull=False) | Q(taken=False))
        .order_by(F("bound_from").desc(nulls_last=True), "-in_force_from", "id")
        .first()
    )
    if found is not None:
        found.since = found.bound_from or found.in_force_from
    return found


def turning_days(county: int) -> list[dt.date]:
    """The days on which the answer of `active` may change, in order; between two it is the same. Two queries."""
    days = {
        day for pair in Plan.objects.values_list("in_force_from", "in_force_until") for day in pair if day
    }
    return sorted(days | set(CountyPlan.objects.filter(county=county).values_list("from_day", flat=True)))


def clauses(plan: Plan) -> QuerySet[Clause]:
    """The clauses in the order of the paper."""
    return plan.clauses.order_by("order")


def obligations(plan: Plan) -> QuerySet[Obligation]:
    """The obligations in the order of the paper, with their clauses."""
    return plan.obligations.select_related("clause").order_by("order")


def numbers(plan: Plan, county: int) -> list[Number]:
    """Every value of every number, the edition's and the county's; one query."""
    return _numbers(plan, LocalNumber.objects.filter(plan=plan, org=county), county)


def _numbers(plan: Plan, own: QuerySet[LocalNumber], county: int) -> list[Number]:
    columns = ("key", "since", "value", "until", "local", "org_lo", "org_hi")
    nowhere = Value(0, BigIntegerField())
    printed = Parameter.objects.filter(plan=plan).annotate(
        since=F("valid_from"),
        until=Value(None, DateField()),
        local=Value(False),
        org_lo=nowhere,
        org_hi=nowhere,
    )
    told = own.annotate(
        since=F("valid_from"), until=F("until_day"), local=Value(True), org_lo=F("org"), org_hi=F("hi")
    )
    rows = printed.values_list(*columns).union(told.values_list(*columns), all=True)
    return [Number(*row[:5]) if row[5] == county else Number(*row) for row in rows]


def values(plan: Plan, county: int, on: dt.date) -> Parameters:
    """The value of each number in the county on a day; one query."""
    return {key: one.value for key, one in in_force(numbers(plan, county), on).items()}


def book(plan: Plan, county: int) -> Book:
    """The edition as the county's engine reads it, with the schools' own numbers as far as the scope in force shows
    them. Two queries."""
    compiled = list(plan.obligations.order_by("order").values_list("pk", "rule"))
    found = _numbers(plan, LocalNumber.objects.filter(_in_county(county), plan=plan), county)
    return Book(compiled, [one for one in found if not one.org], [one for one in found if one.org])


def rules(plan: Plan, county: int, on: dt.date) -> list[ObligationRule]:
    """Every obligation, numbers as valid in the county on that day. Two queries."""
    return book(plan, county).rules(on)


def rule_of(obligation: int, county: int, on: dt.date) -> ObligationRule:
    """One obligation of any edition that was ever loaded, numbers as valid in the county on that day. Two queries."""
    row = Obligation.objects.select_related("plan").get(pk=obligation)
    return Book([(row.pk, row.rule)], numbers(row.plan, county)).rules(on)[0]


def parameters(plan: Plan, county: int, on: dt.date, place: int | None = None) -> dict[str, Parameter]:
    """Each number as it holds on a day in the county, or at a place of a school in it; what the office, or the school,
    has set is told like a row of the edition. Two queries; three where the school has numbers of its own."""
    rows = list(plan.parameters.order_by("key", "valid_from"))
    titles = {row.key: row for row in rows}
    own = [row for row in local_numbers(plan, county, place) if not is_empty(row) and row.key in titles]
    by_number = {Number(row.key, row.valid_from, row.value): row for row in rows}
    for row in own:
        at = (0, 0) if row.org == county else (row.org, row.hi)
        number = Number(row.key, row.valid_from, row.value, row.until_day, True, *at)
        by_number[number] = as_parameter(row, titles[row.key])
    of_school = [one for one in by_number if one.org]
    compiled = list(plan.obligations.order_by("order").values_list("pk", "rule")) if of_school else []
    held = Book(compiled, [one for one in by_number if not one.org], of_school).holding(on, place)
    return {key: by_number[one] for key, one in held.items()}


def local_numbers(plan: Plan, county: int, place: int | None = None) -> QuerySet[LocalNumber]:
    """What the county's office has set, and the school of the `place`, the latest first, with the `name` of who
    entered it (None: not to be seen)."""
    where = Q(org=county)
    if place is not None:
        where |= Q(_in_county(county), org__lte=place, hi__gt=place)
    return _told(plan, where).order_by("key", "-valid_from", "-entered_at")


def school_numbers(plan: Plan, county: int) -> QuerySet[LocalNumber]:
    """What schools have set for themselves, as far as the asker sees it, by place; with the `name` of who did."""
    return _told(plan, Q(_in_county(county), org__gt=county)).order_by(
        "org", "key", "-valid_from", "-entered_at"
    )


def schools_asking_more(plan: Plan, county: int, on: dt.date, key: str) -> list[int]:
    """The schools whose own value of the number holds on the day, as far as the asker sees them. Two queries."""
    found = book(plan, county)
    return [org for org, _hi in found.schools() if key in (held := found.holding(on, org)) and held[key].org]


def _told(plan: Plan, where: Q) -> QuerySet[LocalNumber]:
    who = Staff.objects.filter(account_id=OuterRef("by_account")).values("name")
    return LocalNumber.objects.filter(where, plan=plan).annotate(name=Subquery(who[:1]))


def _in_county(county: int) -> Q:
    return Q(org__gte=county, org__lt=codes.upper(county, BodyKind.COUNTY))


def is_empty(row: LocalNumber) -> bool:
    """True when it was withdrawn before, or from, its first day and so has never held."""
    return row.until_day is not None and row.until_day <= row.valid_from


def holds_on(row: LocalNumber, on: dt.date) -> bool:
    """True when it has begun by the day and not ended."""
    return row.valid_from <= on and (row.until_day is None or on < row.until_day)


def as_parameter(row: LocalNumber, printed: Parameter) -> Parameter:
    """The office's number, or a school's, in the shape of the edition's, with its paper as source; not to be saved."""
    source = {"kind": "local", "paper": row.paper, "date": row.paper_date.isoformat(), "who": OFFICE}
    if row.of_school:
        source = {"kind": "own", "paper": row.paper, "date": row.paper_date.isoformat()}
    return Parameter(
        plan_id=row.plan_id,
        key=row.key,
        valid_from=row.valid_from,
        title=printed.title,
        value=row.value,
        unit=printed.unit,
        source=source,
        nation=printed.nation,
    )


def interpretations(plan: Plan, county: int, on: dt.date) -> list[Interpretation]:
    """The readings valid on a day, in the order of the file: of the same words, the one that came last.

    What the office has confirmed or written stands in the place of the edition's, under its number, and is not to be
    saved. Two queries.
    """
    rows: dict[tuple[object, ...], Interpretation] = {}
    printed = plan.interpretations.filter(valid_from__lte=on).select_related("plan", "clause", "obligation")
    for row in printed.order_by("valid_from", "order"):
        rows[_doubt(row)] = row
    own = OfficeReading.objects.filter(plan=plan, org=county, valid_from__lte=on)
    _put_over(rows, own.order_by("valid_from", "entered_at"))
    return sorted(rows.values(), key=lambda row: row.order)


def _put_over(rows: dict[tuple[object, ...], Interpretation], own: Iterable[OfficeReading]) -> None:
    for one in own:
        before = rows.get(_doubt(one))
        if before is None or (not before._state.adding and before.valid_from > one.valid_from):
            continue
        source = {"kind": "confirmed", "date": one.valid_from.isoformat()}
        if not one.confirmed:
            assert one.paper_date
            source = {"kind": "local", "paper": one.paper, "date": one.paper_date.isoformat(), "who": OFFICE}
        rows[_doubt(one)] = Interpretation(
            id=before.pk,
            plan=before.plan,
            clause=before.clause,
            obligation=before.obligation,
            kind=one.kind,
            words=one.words,
            valid_from=one.valid_from,
            order=before.order,
            reading=one.reading,
            source=source,
        )


def _doubt(row: Interpretation | OfficeReading) -> tuple[object, ...]:
    return row.clause_id, row.obligation_id, row.kind, row.words
