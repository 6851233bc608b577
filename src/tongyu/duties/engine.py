"""What the engine knows on a day: the rules in force, the calendars, the compiled queries. Kept between requests.

A copy is used again only while plan and calendar are unchanged in the database: every use asks for their stamp.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.prepared import GENERIC, prepared_cursor
from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.duties import derive, periods
from tongyu.duties.periods import Period
from tongyu.plan import queries as plan_queries
from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.records.kinds import kinds as registered

WATCHED = (
    "plan_plan",
    "plan_obligation",
    "plan_parameter",
    "directory_schoolyear",
    "directory_term",
    "directory_holiday",
)
# Every row that comes is younger than the one it replaces: the same number of rows and sum means the same rows.
STAMP = ", ".join(f"(SELECT count(*) || ':' || sum(xmin::text::bigint) FROM {table})" for table in WATCHED)
CLASSES_OF = "(SELECT array_agg(DISTINCT org) FROM directory_enrolment WHERE student_id = ANY(%s::uuid[]))"
KEPT = 8


@dataclass
class Engine:
    """The rules of one county on one day, and their queries, compiled when first needed."""

    county: int
    as_of: date
    rules: Sequence[ObligationRule]
    calendars: tuple[Calendar, ...]
    kinds: derive.Kinds = registered
    sources: Mapping[str, Any] = field(default_factory=dict)
    _statements: dict[tuple[int, bool], derive.Statement] = field(default_factory=dict)
    _why_not: dict[int, str] = field(default_factory=dict)
    _periods: dict[int, list[Period]] = field(default_factory=dict)
    _counting: dict[str, list[tuple[ObligationRule, list[CountedKind]]]] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The school year of the day."""
        return self.calendars[-1]

    def calendar_of(self, day: date) -> Calendar:
        """The school year in which the day lies."""
        known = [calendar for calendar in self.calendars if day in calendar.year]
        return known[0] if known else load_calendar(self.county, periods.start_year_of(day))

    def why_not(self, rule: ObligationRule) -> str:
        """Why the rule cannot be measured on the day, or nothing."""
        if rule.pk not in self._why_not:
            self._why_not[rule.pk] = self._reason(rule)
        return self._why_not[rule.pk]

    def _reason(self, rule: ObligationRule) -> str:
        why = derive.unmeasurable(rule, self.kinds, self.sources)
        if why or periods.of_year(rule.period, self.calendar):
            return why
        return "no_source" if rule.period.kind in ("deadline", "per_evaluation") else "no_calendar"

    def counting(self, kind: str) -> list[tuple[ObligationRule, list[CountedKind]]]:
        """The measurable rules that records of this kind count for, each with what it counts of them."""
        if kind not in self._counting:
            counted = [(rule, [one for one in rule.counts if one.kind == kind]) for rule in self.rules]
            self._counting[kind] = [(rule, ones) for rule, ones in counted if ones and not self.why_not(rule)]
        return self._counting[kind]

    def periods_of(self, rule: ObligationRule) -> list[Period]:
        """The windows that are kept up to date; of a rule that cannot be measured the one that runs."""
        if rule.pk not in self._periods:
            self._periods[rule.pk] = self._kept_up(rule)
        return self._periods[rule.pk]

    def _kept_up(self, rule: ObligationRule) -> list[Period]:
        if not self.why_not(rule):
            return periods.covered(rule, self.calendars, self.as_of)
        return [periods.current(rule.period, self.calendar, self.as_of) or self._whole_year()]

    def statement(self, rule: ObligationRule, *, partly: bool = False) -> derive.Statement:
        """The compiled query of a measurable rule, for all its units or `partly` for some pupils."""
        found = self._statements.get((rule.pk, partly))
        if found is None:
            found = derive.compile_statement(rule, self.county, self.kinds, self.sources, partly=partly)
            self._statements[rule.pk, partly] = found
        return found

    def _whole_year(self) -> Period:
        year = self.calendar.year
        return Period(str(self.calendar.start_year), year.start, year.end, None, 1, self.calendar)


_kept: OrderedDict[tuple[int, date], tuple[Any, Engine]] = OrderedDict()
_lock = Lock()


def current(county: int, as_of: date, subjects: Sequence[UUID] = ()) -> tuple[Engine, list[int]]:
    """The engine of that county and day, and the classes these pupils have ever been in. One query when unchanged."""
    *stamp, classes = _ask(f"SELECT {STAMP}, {CLASSES_OF}", [list(subjects)])
    return _unless_changed(stamp, county, as_of), classes or []


def for_reading(county: int, as_of: date) -> Engine:
    """The engine for a page, whose prepared statements keep to one plan from here on. One query when unchanged."""
    *stamp, _mode = _ask(f"SELECT {STAMP}, {GENERIC}", [])
    return _unless_changed(stamp, county, as_of)


def _ask(sql: str, values: list[Any]) -> tuple[Any, ...]:
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone())


def _unless_changed(stamp: list[Any], county: int, as_of: date) -> Engine:
    key, mark = (county, as_of), (connection.settings_dict["NAME"], *stamp)
    with _lock:
        kept = _kept.get(key)
    if kept is None or kept[0] != mark:
        kept = (mark, load(county, as_of))
        with _lock:
            _kept[key] = kept
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return kept[1]


def load(county: int, as_of: date) -> Engine:
    """Read plan and calendars."""
    plan = plan_queries.active(as_of)
    year = periods.start_year_of(as_of)
    calendars = (load_calendar(county, year - 1), load_calendar(county, year))
    return Engine(county, as_of, plan_queries.rules(plan, as_of) if plan else [], calendars)
