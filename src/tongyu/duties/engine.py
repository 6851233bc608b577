"""What the engine knows on a day: the rules in force, the calendars, the compiled queries. Kept between requests.

A copy is used again only while plan and calendar are unchanged in the database: every use asks for their mark.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any

from django.db import connection

from tongyu.core.context import acting, system_scope
from tongyu.core.prepared import GENERIC, prepared_cursor
from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.duties import derive, periods, recount, segments
from tongyu.duties.closing import stored
from tongyu.duties.closing.stored import StoredDuty
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.segments import Segment
from tongyu.plan import queries as plan_queries
from tongyu.plan.book import Book, OwnVersions, Version
from tongyu.plan.models import Plan
from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.records.kinds import kinds as registered

MARK = "SELECT (SELECT mark::text FROM duties_rulebook)"
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
    closed: Mapping[tuple[int, str], Sequence[int]] = field(default_factory=dict)
    """The windows that are closed, (obligation, period) → their rows by edition: nothing is stored of them any more."""
    versions: Mapping[int, Sequence[Version]] = field(default_factory=dict)
    """Of rules whose numbers change: how they read from which day on."""
    own: Mapping[int, Sequence[OwnVersions]] = field(default_factory=dict)
    """Of rules for which schools have numbers of their own: how they read there, by place."""
    since: date = date.min
    """The day from which the edition asks; what was over by then is the edition's before."""
    earlier: Sequence[ObligationRule] = ()
    """The rules of the edition before, for their windows that were over by then and still settle."""
    _statements: dict[tuple[int, int], derive.Statement] = field(default_factory=dict)
    _recounts: dict[tuple[int, int], derive.Statement] = field(default_factory=dict)
    _closed: dict[tuple[int, str], StoredDuty] = field(default_factory=dict)
    _closed_statements: dict[tuple[int, int], derive.Statement] = field(default_factory=dict)
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
            rules = (*self.rules, *self.earlier)
            counted = [(rule, [one for one in rule.counts if one.kind == kind]) for rule in rules]
            self._counting[kind] = [(rule, ones) for rule, ones in counted if ones and not self.why_not(rule)]
        return self._counting[kind]

    def periods_of(self, rule: ObligationRule) -> list[Period]:
        """The windows that are kept up to date; of a rule that cannot be measured the one that runs."""
        if rule.pk not in self._periods:
            self._periods[rule.pk] = self._kept_up(rule)
        return self._periods[rule.pk]

    def _kept_up(self, rule: ObligationRule) -> list[Period]:
        if not self.why_not(rule):
            return periods.covered(rule, self.calendars, self.as_of, self.windows)
        if self._is_earlier(rule):
            return []
        return [periods.current(rule.period, self.calendar, self.as_of) or self._whole_year()]

    def windows(self, rule: ObligationRule, calendar: Calendar) -> list[Period]:
        """The windows of a school year that this rule asks for.

        Where a number moves a window, the later number holds for those that begin on its day or later, by either.
        """
        found = periods.of_year(rule.period, calendar)
        for number, (day, version) in enumerate(self.versions.get(rule.pk, ())):
            moved = periods.of_year(version.period, calendar)
            if number == 0:
                found = moved
            else:
                found = [
                    new if min(old.start, new.start) >= day else old
                    for old, new in zip(found, moved, strict=True)
                ]
        return [one for one in found if self._asks(rule, one)]

    def _asks(self, rule: ObligationRule, period: Period) -> bool:
        """The edition in force asks for every window that was not over when it came; the one before for the others."""
        over = period.key != STANDING and period.end <= self.since
        return over == self._is_earlier(rule)

    def _is_earlier(self, rule: ObligationRule) -> bool:
        return any(one.pk == rule.pk for one in self.earlier)

    def version(self, rule: ObligationRule, period: Period) -> ObligationRule:
        """The rule with the numbers of that window: those of its first day; what must always hold, of today."""
        versions = self.versions.get(rule.pk)
        return self._reading(versions, period) if versions else rule

    def segments(self, rule: ObligationRule, period: Period, lo: int, hi: int) -> list[Segment]:
        """`[lo, hi)` with the rule as it reads in that window: one range, or cut where schools have own numbers."""
        version, own = self.version(rule, period), self.own.get(rule.pk)
        if not own or self.why_not(rule):
            return [(lo, hi, version)]
        return segments.cut(
            lo, hi, version, ((one.org, one.hi, self._reading(one.versions, period)) for one in own)
        )

    def _reading(self, versions: Sequence[Version], period: Period) -> ObligationRule:
        day = self.as_of if period.key == STANDING else period.start
        return [version for since, version in versions if since <= day][-1]

    def asked(self) -> list[tuple[ObligationRule, Period]]:
        """Every rule with each of its windows that is kept up to date."""
        return [(rule, one) for rule in (*self.rules, *self.earlier) for one in self.periods_of(rule)]

    def statement(self, rule: ObligationRule) -> derive.Statement:
        """The compiled query of a measurable rule, for all its units."""
        key = rule.pk, rule.minimum
        if key not in self._statements:
            self._statements[key] = derive.compile_statement(rule, self.county, self.kinds, self.sources)
        return self._statements[key]

    def recount(self, rule: ObligationRule) -> derive.Statement:
        """The compiled statement that counts anew for some pupils, see `duties.recount`."""
        key = rule.pk, rule.minimum
        if key not in self._recounts:
            self._recounts[key] = recount.compile_statement(rule, self.kinds)
        return self._recounts[key]

    def is_closed(self, rule: ObligationRule, period: Period) -> bool:
        """Whether the window is closed."""
        return (rule.pk, period.key) in self.closed

    def closed_duty(self, rule: ObligationRule, period: Period) -> StoredDuty:
        """A closed window as its closing stored it: under the rule of then, not of now."""
        key = (rule.pk, period.key)
        if key not in self._closed:
            self._closed[key] = stored.read(self.closed[key])
        return self._closed[key]

    def closed_statement(self, duty: StoredDuty, rule: ObligationRule) -> derive.Statement:
        """The compiled query of a closed duty, where it reads like this."""
        key = duty.pk, rule.minimum
        if key not in self._closed_statements:
            self._closed_statements[key] = derive.compile_statement(
                rule, self.county, self.kinds, self.sources
            )
        return self._closed_statements[key]

    def _whole_year(self) -> Period:
        year = self.calendar.year
        return Period(str(self.calendar.start_year), year.start, year.end, None, 1, self.calendar)


_kept: OrderedDict[tuple[int, date], tuple[tuple[str, str], Engine]] = OrderedDict()
_lock = Lock()


def current(county: int, as_of: date) -> Engine:
    """The engine of that county and day. One query when plan and calendar are unchanged."""
    return marked(_ask(MARK), county, as_of)


def mark() -> str:
    """The mark of plan, numbers and calendars as they are now; one query."""
    return _ask(MARK)


def for_reading(county: int, as_of: date) -> Engine:
    """The same for a page, whose prepared statements keep to one plan from here on."""
    return marked(_ask(f"{MARK}, {GENERIC}"), county, as_of)


def kept(county: int, as_of: date) -> Engine | None:
    """The engine that this process used last for that county and day, true or not any more; no query."""
    with _lock:
        found = _kept.get((county, as_of))
    return found[1] if found and found[0][0] == connection.settings_dict["NAME"] else None


def marked(mark: str, county: int, as_of: date) -> Engine:
    """The engine of the plan and calendar with that mark, which the caller has just read; no query when kept."""
    key, stamp = (county, as_of), (connection.settings_dict["NAME"], mark)
    with _lock:
        found = _kept.get(key)
    if found is not None and found[0] == stamp:
        return found[1]
    engine = load(county, as_of)
    with _lock:
        _kept[key] = (stamp, engine)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return engine


def _ask(sql: str) -> str:
    with prepared_cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def load(county: int, as_of: date) -> Engine:
    """Read the county's plan, its numbers and calendars."""
    year = periods.start_year_of(as_of)
    calendars = (load_calendar(county, year - 1), load_calendar(county, year))
    plan = plan_queries.active(county, as_of)
    if plan is None:
        return Engine(county, as_of, [], calendars)
    engine = with_book(whole_book(plan, county), county, as_of, calendars)
    engine.closed = stored.keys_of(county)
    if plan.since > calendars[0].year.start:
        engine.since = plan.since
        _add_the_edition_before(engine)
    return engine


def with_book(book: Book, county: int, as_of: date, calendars: tuple[Calendar, ...]) -> Engine:
    """The engine of these rules and numbers."""
    own = book.own_versions() if book.own else {}
    return Engine(county, as_of, book.rules(as_of), calendars, versions=book.versions(), own=own)


def whole_book(plan: Plan, county: int) -> Book:
    """The edition with the numbers of every school, whoever asks: an engine serves all of them, and is kept."""
    with acting(system_scope("engine")):
        return plan_queries.book(plan, county)


def _add_the_edition_before(engine: Engine) -> None:
    last_day = engine.since - timedelta(days=1)
    plan = plan_queries.active(engine.county, last_day)
    if plan is None:
        engine.since = date.min
        return
    book = whole_book(plan, engine.county)
    engine.earlier = book.rules(last_day)
    engine.versions = {**engine.versions, **book.versions()}
    if book.own:
        engine.own = {**engine.own, **book.own_versions()}
