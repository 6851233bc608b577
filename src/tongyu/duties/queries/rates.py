"""Rates by clause, by obligation, by place: sums of tallies, a handful of queries each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.calendar import Calendar, kept_calendar
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.duties import periods, states
from tongyu.duties.closing.guard import closed_years
from tongyu.duties.periods import STANDING, BoardPeriod
from tongyu.duties.queries.scope import Range, county_of, seen
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import Clause, Obligation
from tongyu.records.kinds import kinds

Counts = dict[str, int]
SUMS = ", ".join(f"sum(t.{state})::int" for state in states.STATES)


@dataclass(frozen=True)
class ObligationRate:
    """How one obligation stands in the places asked for. `rate` is None when nothing of it is due."""

    obligation: Obligation
    clause: str
    counts: Counts
    rate: float | None
    measurable: bool
    """False when the record kind has no room, or the unit no source, yet."""
    scored: bool
    """False for what is only encouraged, and where the minimum is zero."""

    @property
    def roomless(self) -> bool:
        """True when records that it counts have no room yet; else a roster or the terms are missing, if anything."""
        return any(one["kind"] not in kinds for one in self.obligation.rule["counts"])


@dataclass(frozen=True)
class ClauseRate:
    """How the scored obligations of one clause stand together."""

    clause: Clause
    counts: Counts
    rate: float | None
    obligations: int
    unmeasurable: int


@dataclass(frozen=True)
class PlaceRate:
    """How one body stands, over everything asked for."""

    code: int
    hi: int
    name: str
    kind: str
    counts: Counts
    rate: float | None


@dataclass(frozen=True)
class HeatCell:
    """One township under one clause."""

    clause: str
    counts: Counts
    rate: float | None


@dataclass(frozen=True)
class HeatRow:
    """One township (or department) under every clause."""

    place: PlaceRate
    cells: list[HeatCell]


@dataclass(frozen=True)
class Heat:
    """Township × clause."""

    clauses: list[Clause]
    rows: list[HeatRow] = field(default_factory=list)


def period_on(asker: Asker, on: date) -> BoardPeriod:
    """The windows that run on the day in the asker's county."""
    return periods.board_period(_calendar(asker, on), on)


def periods_of_year(asker: Asker, on: date) -> list[BoardPeriod]:
    """What a board's period switch offers: the terms of the school year that have begun, the latest first; then those
    of the closed years before it, as they were closed."""
    calendar = _calendar(asker, on)
    offered = _terms(calendar, on) or [periods.board_period(calendar, on)]
    for year in closed_years(county_of(asker), calendar.start_year):
        before = kept_calendar(county_of(asker), year)
        past = _terms(before, before.year.last_day)
        offered += [replace(one, keys=tuple(key for key in one.keys if key != STANDING)) for one in past]
    return offered


def _terms(calendar: Calendar, on: date) -> list[BoardPeriod]:
    names = {1: _("第一学期"), 2: _("第二学期")}
    offered = []
    for term in calendar.terms:
        if term.span.start <= on:
            day = min(on, term.span.last_day) if term is not calendar.term_on(on) else on
            label = f"{calendar.label} {names[term.number]}"
            offered.append(
                periods.board_period(calendar, day, f"{calendar.start_year}-T{term.number}", label)
            )
    return offered[::-1]


def obligation_rates(
    asker: Asker, period: BoardPeriod, *, place: Range | None = None, clause: str = ""
) -> list[ObligationRate]:
    """Every obligation of the plan that concerns the places, in the order of the paper. Five queries."""
    plan = plan_queries.active(county_of(asker), period.on)
    if plan is None:
        return []
    tallies = _tallies(asker, period, place, ("t.obligation_id",))
    unknown = _unmeasurable(asker, period)
    values = plan_queries.values(plan, county_of(asker), period.on)
    found = []
    for obligation in plan_queries.obligations(plan):
        counts = tallies.get((obligation.pk,))
        measurable = obligation.pk not in unknown
        if clause and obligation.clause.key != clause or counts is None and measurable:
            continue
        counts = counts or _zero()
        scored = obligation.modality == "required" and values[obligation.rule["minimum"]] >= 1
        found.append(
            ObligationRate(
                obligation,
                obligation.clause.key,
                counts,
                states.rate(counts) if scored and measurable else None,
                measurable,
                scored,
            )
        )
    return found


def obligation_counts(
    asker: Asker, period: BoardPeriod, obligation: int, *, place: Range | None = None
) -> Counts | None:
    """The units of one obligation by state; None where it cannot be measured. Two queries."""
    if obligation in _unmeasurable(asker, period):
        return None
    return _tallies(asker, period, place, ("t.obligation_id",), obligation=obligation).get(
        (obligation,), _zero()
    )


def clause_rates(asker: Asker, period: BoardPeriod, *, place: Range | None = None) -> list[ClauseRate]:
    """The clauses that hold obligations, in the order of the paper. Five queries."""
    return by_clause(obligation_rates(asker, period, place=place))


def by_clause(rates: Iterable[ObligationRate]) -> list[ClauseRate]:
    """Rates of obligations summed by clause, in the order given; encouraged ones do not enter."""
    grouped: dict[int, list[ObligationRate]] = {}
    for one in rates:
        grouped.setdefault(one.obligation.clause_id, []).append(one)
    return [
        ClauseRate(
            ones[0].obligation.clause,
            (counts := add(one.counts for one in ones if one.scored)),
            states.rate(counts),
            len(ones),
            sum(not one.measurable for one in ones),
        )
        for ones in grouped.values()
    ]


def place_rates(
    asker: Asker,
    period: BoardPeriod,
    kind: BodyKind,
    *,
    place: Range | None = None,
    obligation: int | None = None,
) -> list[PlaceRate]:
    """The bodies of one kind inside the asker's range (or `place`), each with the sum of everything below it."""
    width = codes.WIDTH[kind]
    body, scored = f"t.place - t.place %% {width}", obligation is None
    tallies = _tallies(asker, period, place, (body,), obligation=obligation, scored=scored)
    return [
        PlaceRate(code, hi, name, kind, (counts := tallies.get((code,), _zero())), states.rate(counts))
        for code, hi, name in _bodies(asker, period.on, kind, place)
    ]


def township_heat(asker: Asker, period: BoardPeriod) -> Heat:
    """Township × clause over what is scored; a township counts the schools inside it. Four queries."""
    return heat(asker, period, BodyKind.TOWNSHIP)


def heat(asker: Asker, period: BoardPeriod, kind: BodyKind, *, place: Range | None = None) -> Heat:
    """Bodies of one kind × clause over what is scored, with everything below them; departments with all they owe."""
    plan = plan_queries.active(county_of(asker), period.on)
    if plan is None:
        return Heat([])
    width = codes.WIDTH[kind]
    body = "t.bearer" if kind == BodyKind.DEPARTMENT else f"t.place - t.place %% {width}"
    by_both = _tallies(asker, period, place, (body, "o.clause_id"), scored=True)
    used = {clause for _place, clause in by_both}
    clauses = [clause for clause in plan_queries.clauses(plan) if clause.pk in used]
    rows = []
    for code, hi, name in _bodies(asker, period.on, kind, place):
        cells = [_cell(clause, by_both.get((code, clause.pk), _zero())) for clause in clauses]
        total = add(cell.counts for cell in cells)
        rows.append(HeatRow(PlaceRate(code, hi, name, kind, total, states.rate(total)), cells))
    return Heat(clauses, rows)


def add(many: Iterable[Mapping[str, int]]) -> Counts:
    """The sum of counts."""
    total = _zero()
    for counts in many:
        for state, number in counts.items():
            total[state] += number
    return total


def _cell(clause: Clause, counts: Counts) -> HeatCell:
    return HeatCell(clause.key, counts, states.rate(counts))


def _zero() -> Counts:
    return dict.fromkeys(states.STATES, 0)


def _calendar(asker: Asker, on: date) -> Calendar:
    return kept_calendar(county_of(asker), periods.start_year_of(on))


def _tallies(
    asker: Asker,
    period: BoardPeriod,
    place: Range | None,
    by: Sequence[str],
    *,
    obligation: int | None = None,
    scored: bool = False,
) -> dict[tuple[Any, ...], Counts]:
    condition, parameters = seen(asker, place)
    if obligation is not None:
        condition, parameters = f"{condition} AND t.obligation_id = %s", [*parameters, obligation]
    if scored:
        condition, parameters = (
            f"{condition} AND o.id = ANY(%s)",
            [*parameters, _scored_ids(county_of(asker), period.on)],
        )
    keys = ", ".join(by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys}, {SUMS} FROM duties_tally t JOIN plan_obligation o ON o.id = t.obligation_id"
            f" WHERE t.period_key = ANY(%s) AND {condition} GROUP BY {keys}",
            [list(period.keys), *parameters],
        )
        rows = cursor.fetchall()
    width = len(by)
    return {row[:width]: dict(zip(states.STATES, row[width:], strict=True)) for row in rows}


def _scored_ids(county: int, on: date) -> list[int]:
    plan = plan_queries.active(county, on)
    if plan is None:
        return []
    return [rule.pk for rule in plan_queries.rules(plan, county, on) if rule.countable]


def _unmeasurable(asker: Asker, period: BoardPeriod) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obligation_id FROM duties_tally WHERE place = %s AND unknown > 0 AND period_key = ANY(%s)",
            [county_of(asker), list(period.keys)],
        )
        return {row[0] for row in cursor.fetchall()}


def _bodies(asker: Asker, on: date, kind: BodyKind, place: Range | None) -> list[tuple[int, int, str]]:
    """Code, upper end and name of the bodies that stand on the day; classes as they are called on it."""
    lo, hi = (place.lo, place.hi) if place else (asker.lo, asker.hi)
    found = Body.objects.within(lo, hi).standing_on(on).filter(kind=kind).order_by("code")
    year = periods.start_year_of(on)
    return [(body.code, body.hi, body.grade_name_on(year)) for body in found]
