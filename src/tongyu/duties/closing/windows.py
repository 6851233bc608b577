"""Which periods a county can close, and which windows of which obligations fall in one. Pure but for reading the plan.

A window belongs to the term (or to the days up to the next term) in which its last day lies. What runs for the
school year, and what must hold at its end, is closed with the year; the year also closes whatever of its terms
was not closed before.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar
from tongyu.duties import periods
from tongyu.duties.engine import with_book
from tongyu.duties.periods import STANDING, Period
from tongyu.plan import book as plan_book
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import Interpretation, Plan
from tongyu.plan.rules import ObligationRule


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
    """One obligation in one of its windows: the edition of its last day, its numbers as the engine takes them."""

    plan: Plan
    rule: ObligationRule
    period: Period
    judged_on: date
    """The day as of which its standings are final."""

    @property
    def numbers_of(self) -> date:
        """The day whose numbers hold: the window's first; of what must always hold its last."""
        return self.period.due_on if self.period.key == STANDING else self.period.start

    def compiled(self, edition: plan_book.Book) -> dict[str, Any]:
        """The obligation as its edition has it."""
        return next(dict(rule) for pk, rule in edition.compiled if pk == self.rule.pk)


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


def windows_in(one: Closable, calendar: Calendar, book: "Book") -> list[Window]:
    """Every obligation's windows that fall in the period, in the order of the paper, then of the days."""
    found = [
        window
        for day in _last_days(one, calendar, book)
        for window in _ending_on(day, calendar, book)
        if _belongs(window, one)
    ]
    order = {rule.pk: place for place, rule in enumerate(book.rules_on(calendar.year.last_day))}
    return sorted(
        found, key=lambda each: (order.get(each.rule.pk, 0), each.rule.pk, each.period.start, each.period.key)
    )


class Book:
    """What the county's editions ask, by day; each edition is read once."""

    def __init__(self, county: int) -> None:
        self.county = county
        self._turns = plan_queries.turning_days(county)
        self._plans: dict[int, Plan | None] = {}
        self._books: dict[str, plan_book.Book] = {}
        self._rules: dict[date, list[ObligationRule]] = {}
        self._readings: dict[tuple[str, date], list[Interpretation]] = {}

    def plan_on(self, day: date) -> Plan | None:
        """The edition by which the county works on the day."""
        place = bisect_right(self._turns, day)
        if place not in self._plans:
            self._plans[place] = plan_queries.active(self.county, day)
        return self._plans[place]

    def rules_on(self, day: date) -> list[ObligationRule]:
        """The rules of that edition with the numbers of the day."""
        if day not in self._rules:
            plan = self.plan_on(day)
            self._rules[day] = self.of(plan).rules(day) if plan else []
        return self._rules[day]

    def of(self, plan: Plan) -> plan_book.Book:
        """The edition as the county's engine reads it."""
        if plan.pk not in self._books:
            self._books[plan.pk] = plan_queries.book(plan, self.county)
        return self._books[plan.pk]

    def readings(self, plan: Plan, day: date) -> list[Interpretation]:
        """How the office read unclear words on the day."""
        if (plan.pk, day) not in self._readings:
            self._readings[plan.pk, day] = plan_queries.interpretations(plan, self.county, day)
        return self._readings[plan.pk, day]


def _belongs(window: Window, one: Closable) -> bool:
    if one.is_year:
        return True
    whole_year = window.period.key in (STANDING, one.key.partition("-")[0])
    return not whole_year and window.period.due_on in one.span


def _last_days(one: Closable, calendar: Calendar, book: Book) -> list[date]:
    """The days on which windows end: asked of the rules at the ends of the period, of its terms and of each month."""
    asked = {one.span.last_day, *(term.span.last_day for term in calendar.terms)}
    asked |= {day - timedelta(days=1) for day in one.span.days() if day.day == 1 and day > one.span.start}
    shapes = {rule.period for day in asked for rule in book.rules_on(day)}
    days = {period.due_on for shape in shapes for period in periods.of_year(shape, calendar)}
    return sorted(day for day in {*days, calendar.year.last_day} if day in one.span)


def _ending_on(day: date, calendar: Calendar, book: Book) -> list[Window]:
    plan = book.plan_on(day)
    if plan is None:
        return []
    engine = with_book(book.of(plan), book.county, day, (calendar,))
    found = []
    for rule in engine.rules:
        own = engine.windows(rule, calendar)
        if not own:  # a deadline or an evaluation: nothing measures it yet, and the year's closing says so
            own = [
                Period(str(calendar.start_year), calendar.year.start, calendar.year.end, None, 1, calendar)
            ]
        ending = [period for period in own if period.due_on == day]
        found += [Window(plan, engine.version(rule, one), one, _judged(one)) for one in ending]
    return found


def _judged(period: Period) -> date:
    return period.due_on if period.key == STANDING else period.settled_on
