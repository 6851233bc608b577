"""The compiled obligation: what the duty engine reads. Plain data, no database, no YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Where = Mapping[str, tuple[str, ...]]
Parameters = Mapping[str, Any]

TAIL_SHARE = "pace.tail_share"


@dataclass(frozen=True, slots=True)
class CountedKind:
    """Facts of this kind count when every field named in `where` has one of the listed values."""

    kind: str
    where: Where


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """The calendar window in which the obligation falls due; `str()` gives it in short."""

    kind: str
    """term, school_year, month, standing, window, term_start, deadline or per_evaluation"""
    window: tuple[tuple[int, int], tuple[int, int]] | None = None
    """first and last (month, day), both inclusive; only for kind window"""
    days: int | None = None
    """length from the first day of the term; only for kind term_start"""

    def __str__(self) -> str:
        if self.window:
            first, last = (f"{month:02}-{day:02}" for month, day in self.window)
            return f"window:{first}..{last}"
        return f"term_start:{self.days}d" if self.days else self.kind


@dataclass(frozen=True, slots=True)
class Denominator:
    """A unit counts when it was there for at least so many days of the period; None asks nothing."""

    enrolled_days: int | None = None
    open_days: int | None = None

    @property
    def days(self) -> int:
        """The number of days asked for, 0 when nothing is asked."""
        return self.enrolled_days or self.open_days or 0


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """A circumstance in which an exemption may be granted, and who may grant it."""

    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """One obligation with every number resolved for a day."""

    pk: int
    """the database row; 0 when read straight from the files"""
    id: str
    clause: str
    words: str
    title: str
    says: str
    modality: str
    """required or encouraged"""
    bearer: tuple[str, ...]
    accountable: tuple[str, ...]
    supervisor: str
    partners: tuple[str, ...]
    unit: str
    unit_kind: str | None
    """the part after the colon of case:disabled or placement:home_teaching"""
    period: PeriodRule
    minimum: int
    counts: tuple[CountedKind, ...]
    combine: str
    """any: facts of all kinds add up; all: each kind reaches the minimum; each: each listed value does"""
    coverage: str
    """subject, covers, touches or own"""
    denominator: Denominator
    exclusions: Where
    exceptions: tuple[ExceptionRule, ...]
    unknown_when: tuple[str, ...]
    pace: str
    """even, tail or none"""
    tail_share: float
    note: str
    forerunners: tuple[int, ...] = ()
    """the rows of earlier editions that this one goes on from, one to one: what lifts them lifts this one"""

    @property
    def required(self) -> bool:
        """False for what the plan only encourages: shown, never scored."""
        return self.modality == "required"

    @property
    def countable(self) -> bool:
        """True when something must be there: required with a minimum of one or more."""
        return self.required and self.minimum >= 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """The record kinds that can meet it, each once."""
        return tuple(dict.fromkeys(counted.kind for counted in self.counts))


def build(
    compiled: Mapping[str, Any], parameters: Parameters, pk: int = 0, forerunners: Sequence[int] = ()
) -> ObligationRule:
    """The compiled JSON of a row as a rule; `parameters` maps each key to its value on the day asked for."""
    unit, _, unit_kind = compiled["unit"].partition(":")
    told: dict[str, Any] = {name: compiled[name] for name in _PLAIN}
    told |= {name: tuple(compiled[name]) for name in _TUPLES}
    return ObligationRule(
        **told,
        pk=pk,
        forerunners=tuple(forerunners),
        unit=unit,
        unit_kind=unit_kind or None,
        period=_period(compiled, parameters),
        minimum=parameters[compiled["minimum"]],
        counts=tuple(CountedKind(item["kind"], _where(item["where"])) for item in compiled["counts"]),
        denominator=Denominator(**{key: parameters[name] for key, name in compiled["denominator"].items()}),
        exclusions=_where(compiled["exclusions"]),
        exceptions=tuple(ExceptionRule(**item) for item in compiled["exceptions"]),
        tail_share=float(parameters[TAIL_SHARE]),
    )


_PLAIN = (
    "id",
    "clause",
    "words",
    "title",
    "says",
    "modality",
    "supervisor",
    "combine",
    "coverage",
    "pace",
    "note",
)
_TUPLES = ("bearer", "accountable", "partners", "unknown_when")


def _where(mapping: Mapping[str, Any]) -> Where:
    return {field: tuple(values) for field, values in mapping.items()}


def _period(compiled: Mapping[str, Any], parameters: Parameters) -> PeriodRule:
    kind = compiled["period"]
    if kind == "window":
        first, last = (_month_day(text) for text in parameters[compiled["window"]].split(".."))
        return PeriodRule(kind, window=(first, last))
    if kind == "term_start":
        return PeriodRule(kind, days=parameters[compiled["days"]])
    return PeriodRule(kind)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
