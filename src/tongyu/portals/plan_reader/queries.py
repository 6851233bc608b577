"""What the plan's pages show, read in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tongyu.plan import labels, queries, wording
from tongyu.plan.book import parameter_keys
from tongyu.plan.models import Clause, Interpretation, Obligation, Parameter, Plan
from tongyu.portals.plan_reader.passages import DOUBTED, Passage, cut, span, within
from tongyu.records.kinds import kinds


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its source."""

    key: str
    title: str
    value: Any
    unit: str
    source: str
    kind: str
    words: str
    valid_from: dt.date
    level: str
    """国家, 本县 or 本校; empty for the plan's, whose source says it"""
    nation: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A record kind that counts, told in Chinese, and whether it can be recorded today."""

    label: str
    values: str
    has_room: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How words that are not clear are read, and who says so; `words` is empty when they are all of the duty's."""

    kind: str
    words: str
    text: str
    ground: str
    by_office: bool
    valid_from: dt.date


class ObligationView:
    """An obligation as its readers see it."""

    def __init__(
        self, row: Obligation, figures: dict[str, Parameter], readings: list[Reading], number: int = 0
    ) -> None:
        self.row, self.rule, self.number, self._figures = row, row.rule, number, figures
        self.readings = readings
        self.key, self.title = row.key, row.title
        self.encouraged = row.modality == "encouraged"
        self.bearer = wording.parties(self.rule["bearer"])
        self.minimum = _figure(figures[self.rule["minimum"]])
        self.says = wording.says(self.rule, figures[self.rule["minimum"]].value)

    @property
    def numbers(self) -> list[Figure]:
        """Every number it rests on, the minimum first."""
        return [_figure(self._figures[key]) for key in parameter_keys(self.rule)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Who owes what for whom, as pairs of label and text."""
        rule = self.rule
        pairs = [
            (_("责任主体"), self.bearer),
            (_("牵头担责"), wording.parties(rule["accountable"])),
            (_("督促"), wording.party(rule["supervisor"])),
            (_("协同"), wording.parties(rule["partners"])),
            (_("对象"), wording.unit(rule)),
            (_("时段"), str(labels.PERIODS[rule["period"]])),
            (_("不计入"), "、".join(str(labels.STAGES[v]) for v in rule["exclusions"].get("stage", ()))),
            (
                _("可以豁免"),
                "；".join(f"{e['reason']}（{wording.party(e['decided_by'])}）" for e in rule["exceptions"]),
            ),
            (_("无法判断的情形"), "；".join(self._unknown())),
            (_("说明"), rule["note"]),
        ]
        return [(label, text) for label, text in pairs if text]

    def _unknown(self) -> list[str]:
        roomless = any(not one.has_room for one in self.counted)
        words = [word for word in self.rule["unknown_when"] if word != "no_room" or roomless]
        return [str(labels.UNKNOWN[word]) for word in words]

    @property
    def counted(self) -> list[Counted]:
        """The records that count."""
        return [_counted(item) for item in self.rule["counts"]]

    @property
    def combine(self) -> str:
        """How several kinds or values go together, when not any of them."""
        return str(labels.COMBINE.get(self.rule["combine"], ""))


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause with its text cut at the words of its obligations."""

    clause: Clause
    level: int
    passages: list[Passage]
    obligations: list[ObligationView]
    readings: list[Reading]

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each obligation within the clause."""
        return {one.key: one.number for one in self.obligations}


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole plan."""

    plan: Plan
    clauses: list[ClauseView]
    required: int
    encouraged: int
    by_office: int
    readings: int
    read_by_office: int


@dataclass(frozen=True, slots=True)
class ObligationPage:
    """One obligation beside its clause."""

    plan: Plan
    clause: Clause
    passages: list[Passage]
    obligation: ObligationView
    standings_url: str


def paper(plan: Plan, county: int, on: dt.date, place: int | None = None) -> Paper:
    """The plan as a document, with the county's numbers (at a `place` of a school the school's) and readings.

    Six queries, seven where the school has numbers of its own.
    """
    figures = queries.parameters(plan, county, on, place)
    rows = queries.interpretations(plan, county, on)
    of_obligation, of_clause = defaultdict(list), defaultdict(list)
    for one in rows:
        if one.obligation_id is None:
            of_clause[one.clause_id].append(_reading(one))
        else:
            of_obligation[one.obligation_id].append(one)
    by_clause: dict[int, list[ObligationView]] = defaultdict(list)
    for row in plan.obligations.order_by("order"):
        beside = by_clause[row.clause_id]
        mine = [_reading(one, row) for one in of_obligation[row.pk]]
        beside.append(ObligationView(row, figures, mine, len(beside) + 1))
    views = [_clause(clause, by_clause[clause.pk], of_clause[clause.pk]) for clause in queries.clauses(plan)]
    every = [one for view in views for one in view.obligations]
    encouraged = sum(one.encouraged for one in every)
    by_office = sum(one.minimum.kind == "office" for one in every)
    read_by_office = sum(row.source["kind"] == "office" for row in rows)
    return Paper(plan, views, len(every) - encouraged, encouraged, by_office, len(rows), read_by_office)


def obligation(
    plan: Plan, county: int, key: str, on: dt.date, place: int | None = None
) -> ObligationPage | None:
    """One obligation of the plan, with the numbers that hold in the county or at a `place` of a school; or None."""
    row = queries.obligations(plan).filter(key=key).first()
    if row is None:
        return None
    readings = [
        _reading(one, row)
        for one in queries.interpretations(plan, county, on)
        if one.obligation_id == row.pk or one.obligation_id is None and one.words in row.rule["words"]
    ]
    view = ObligationView(row, queries.parameters(plan, county, on, place), readings)
    passages = cut(row.clause.text, {key: span(row.clause.text, row.rule["words"])})
    return ObligationPage(plan, row.clause, passages, view, _standings_url(key))


def _clause(clause: Clause, beside: list[ObligationView], readings: list[Reading]) -> ClauseView:
    level = 0 if not clause.number else 1 if clause.parent_key is None else 2
    spans = {one.key: span(clause.text, one.rule["words"]) for one in beside}
    spans |= {f"{DOUBTED}{one.words}": span(clause.text, one.words) for one in readings}
    spans |= {
        f"{DOUBTED}{view.key}{one.words}": within(clause.text, view.rule["words"], one.words)
        for view in beside
        for one in view.readings
        if one.words
    }
    return ClauseView(clause, level, cut(clause.text, spans), beside, readings)


def _reading(row: Interpretation, obligation: Obligation | None = None) -> Reading:
    words = "" if obligation and row.words == obligation.rule["words"] else row.words
    by_office = row.source["kind"] == "office"
    label = str(labels.DOUBTS.get(row.kind, row.kind))
    return Reading(label, words, row.reading, wording.ground(row.source), by_office, row.valid_from)


def _figure(row: Parameter) -> Figure:
    given = row.source
    words = given.get("words", "")
    source, kind, level = wording.source(given), given["kind"], wording.level(row)
    return Figure(
        row.key,
        row.title,
        row.value,
        row.unit,
        source,
        kind,
        words,
        row.valid_from,
        level,
        wording.nation(row),
    )


def _counted(item: dict[str, Any]) -> Counted:
    registered = kinds.get(item["kind"]) if item["kind"] in kinds else None
    values = []
    for field, listed in item["where"].items():
        known = registered.where[field].values if registered and field in registered.where else {}
        values += [str(known.get(value) or labels.VALUES.get(value, value)) for value in listed]
    label = registered.label if registered else labels.KINDS.get(item["kind"], item["kind"])
    return Counted(str(label), "、".join(values), registered is not None)


def _standings_url(key: str) -> str:
    try:
        return reverse("duty_board:obligation", args=[key])
    except NoReverseMatch:
        return ""
