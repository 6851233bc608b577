"""Which periods a county can close, and which windows of which obligations fall in one. Pure but for reading the plan.

A window belongs to the term (or to the days up to the next term) in which its last day lies. What runs for the
school year, and what must hold at its end, is closed with the year; the year also closes whatever of its terms
was not closed before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar
from tongyu.duties import periods
from tongyu.duties.periods import STANDING, Period
from tongyu.plan.compiler import values_on
from tongyu.plan.models import Interpretation, Plan
from tongyu.plan.queries import valid_on
from tongyu.plan.rules import ObligationRule, Parameters, build


@dataclass(frozen=True)
class Closable:
    """A period that may be closed: a term, or a school year."""

    key: str
    label: str
    span: Span

    @property
    def is_year(self) -> bool:
        """True of a whole school year."""
        return "-" not in self.key


@dataclass(frozen=True)
class Window:
    """One obligation in one of its windows, under the rule that held on the window's last day."""

    plan: Plan
    rule: ObligationRule
    period: Period
    judged_on: date
    """The day as of which its standings are final."""


def closable(calendar: Calendar) -> list[Closable]:
    """The terms of the school year, then the year; nothing when the county has not set its terms."""
    names = {1: _("第一学期"), 2: _("第二学期")}
    terms = list(calendar.terms)
    if not terms:
        return []
    starts = [calendar.year.start, *(term.span.start for term in terms[1:]), calendar.year.end]
    found = [
        Closable(
            f"{calendar.start_year}-T{term.number}",
            f"{calendar.label}{names[term.number]}",
            Span(starts[place], starts[place + 1]),
        )
        for place, term in enumerate(terms)
    ]
    return [*found, Closable(str(calendar.start_year), calendar.label, calendar.year)]


def settled_on(one: Closable, windows: Iterable[Window]) -> date:
    """The day from which nothing that happens can count in the period any more."""
    return max((window.period.settled_on for window in windows), default=one.span.end)


def windows_in(one: Closable, calendar: Calendar, book: "Book | None" = None) -> list[Window]:
    """Every obligation's windows that fall in the period, in the order of the paper, then of the days."""
    book = book or Book()
    found = [
        window
        for day in _last_days(one, calendar, book)
        for window in _ending_on(day, calendar, book)
        if _belongs(window, one)
    ]
    order = {rule.pk: place for place, rule in enumerate(book.on(calendar.year.last_day)[1])}
    return sorted(
        found, key=lambda each: (order.get(each.rule.pk, 0), each.rule.pk, each.period.start, each.period.key)
    )


class Book:
    """The rules of every plan by day, read once; a rule is built anew only when a number changed."""

    def __init__(self) -> None:
        self._plans = list(Plan.objects.order_by("in_force_from", "-id"))
        self._numbers: dict[str, list[Any]] = {}
        self._compiled: dict[str, list[Any]] = {}
        self._readings: dict[str, list[Interpretation]] = {}
        self._built: dict[tuple[str, str], list[ObligationRule]] = {}

    def on(self, day: date) -> tuple[Plan | None, list[ObligationRule]]:
        """The plan in force on the day, as `plan.queries.active` says, and its rules with that day's numbers."""
        standing = [plan for plan in self._plans if _in_force(plan, day)]
        return (standing[-1], self._rules(standing[-1], day)) if standing else (None, [])

    def numbers(self, plan: Plan, day: date) -> Parameters:
        """The value of each number of the plan on the day."""
        if plan.pk not in self._numbers:
            self._numbers[plan.pk] = list(plan.parameters.values_list("key", "valid_from", "value"))
        return values_on(self._numbers[plan.pk], day)

    def compiled(self, plan: Plan) -> list[tuple[int, dict[str, Any]]]:
        """Each obligation's row number and compiled rule, in the order of the paper."""
        if plan.pk not in self._compiled:
            self._compiled[plan.pk] = list(plan.obligations.order_by("order").values_list("pk", "rule"))
        return self._compiled[plan.pk]

    def readings(self, plan: Plan, day: date) -> list[Interpretation]:
        """How the office read unclear words on the day."""
        if plan.pk not in self._readings:
            self._readings[plan.pk] = list(plan.interpretations.all())
        return valid_on(self._readings[plan.pk], day)

    def _rules(self, plan: Plan, day: date) -> list[ObligationRule]:
        values = self.numbers(plan, day)
        key = (plan.pk, repr(sorted(values.items())))
        if key not in self._built:
            self._built[key] = [build(rule, values, pk) for pk, rule in self.compiled(plan)]
        return self._built[key]


def _in_force(plan: Plan, day: date) -> bool:
    return plan.in_force_from <= day and (plan.in_force_until is None or plan.in_force_until > day)


def _belongs(window: Window, one: Closable) -> bool:
    if one.is_year:
        return True
    whole_year = window.period.key in (STANDING, one.key.partition("-")[0])
    return not whole_year and window.period.due_on in one.span


def _last_days(one: Closable, calendar: Calendar, book: Book) -> list[date]:
    """The days on which windows end: asked of the rules at the ends of the period, of its terms and of each month."""
    asked = {one.span.last_day, *(term.span.last_day for term in calendar.terms)}
    asked |= {day - timedelta(days=1) for day in one.span.days() if day.day == 1 and day > one.span.start}
    shapes = {rule.period for day in asked for rule in book.on(day)[1]}
    days = {period.due_on for shape in shapes for period in periods.of_year(shape, calendar)}
    return sorted(day for day in {*days, calendar.year.last_day} if day in one.span)


def _ending_on(day: date, calendar: Calendar, book: Book) -> list[Window]:
    plan, rules = book.on(day)
    if plan is None:
        return []
    found = []
    for rule in rules:
        own = periods.of_year(rule.period, calendar)
        if not own:  # a deadline or an evaluation: nothing measures it yet, and the year's closing says so
            own = [
                Period(str(calendar.start_year), calendar.year.start, calendar.year.end, None, 1, calendar)
            ]
        found += [Window(plan, rule, period, _judged(period)) for period in own if period.due_on == day]
    return found


def _judged(period: Period) -> date:
    return period.due_on if period.key == STANDING else period.settled_on
