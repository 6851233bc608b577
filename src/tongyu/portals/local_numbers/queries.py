"""What the pages of numbers show, read in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Student
from tongyu.directory.naming import PlaceNames
from tongyu.duties.models import DryRun, DryRunChange
from tongyu.plan import numbers, wording
from tongyu.plan import queries as plans
from tongyu.plan.models import LocalNumber, Obligation, Parameter, Plan
from tongyu.plan.numbers import Definition
from tongyu.plan.rights import SET_NUMBERS
from tongyu.shell.formatting import day
from tongyu.shell.states import BY_KEY


@dataclass(frozen=True, slots=True)
class Line:
    """One number in the list."""

    key: str
    title: str
    value: Any
    unit: str
    source: str
    kind: str
    since: date
    coming: str
    for_schools: bool
    """True when a school may choose a stricter one for itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value in a number's history."""

    since: date
    until: date | None
    value: Any
    level: str
    ground: str
    reason: str
    who: str
    note: str
    now: bool
    local: LocalNumber | None


@dataclass(frozen=True, slots=True)
class School:
    """A number that a school has set for itself, by place and not by size."""

    code: int
    name: str
    value: Any
    since: date
    until: date | None
    ground: str
    reason: str
    holds: bool
    """True when it asks more today than what would hold there without it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One number."""

    plan: Plan
    known: Definition
    now: Parameter
    words: str
    history: list[Entry]
    duties: list[Obligation]
    school_may: str
    """What a school may choose, or why nothing; empty where the reader is in none"""
    settable: bool
    """False at a school for a number that is no school's to tighten."""
    schools: list[School]


@dataclass(frozen=True, slots=True)
class Turn:
    """So many duties that would turn from one state to another."""

    title: str
    was: str
    becomes: str
    was_key: str
    becomes_key: str
    count: int
    at_once: bool


def lines(plan: Plan, county: int, on: date, place: int | None) -> list[Line]:
    """Every number as it holds on the day, at a school's `place` the school's, in the order of the paper. Six
    queries at most."""
    held = plans.parameters(plan, county, on, place)
    coming: dict[str, LocalNumber] = {}
    for row in plans.local_numbers(plan, county, place):
        if row.valid_from > on and not plans.is_empty(row):
            coming[row.key] = row
    known = numbers.definitions(plan, on)
    return [
        _line(held[key], coming.get(key), one.settable_over(held[key].value)) for key, one in known.items()
    ]


def _line(row: Parameter, coming: LocalNumber | None, for_schools: bool) -> Line:
    told = _("%(day)s起 %(value)s") % {"day": day(coming.valid_from), "value": coming.value} if coming else ""
    kind = row.source["kind"]
    source = " ".join(filter(None, [wording.level(row), wording.source(row.source)]))
    return Line(row.key, row.title, row.value, row.unit, source, kind, row.valid_from, told, for_schools)


def page(plan: Plan, county: int, key: str, on: date, place: int | None, names: PlaceNames) -> Page | None:
    """One number with its history, the duties that rest on it, and which schools ask more; or None. Ten queries at
    most."""
    known = numbers.definition(plan, key, on)
    if known is None:
        return None
    now = plans.parameters(plan, county, on, place)[key]
    own = [row for row in plans.local_numbers(plan, county, place) if row.key == key]
    printed = list(plan.parameters.filter(key=key).order_by("-valid_from"))
    history = [_own(row, now) for row in own] + [_printed(row, now) for row in printed]
    history.sort(key=lambda entry: entry.since, reverse=True)
    duties = list(plan.obligations.select_related("clause").filter(pk__in=known.used_by).order_by("order"))
    words, may, settable = known.printed.source.get("words", ""), "", True
    if place is not None:
        held = plans.values(plan, county, on)[key]
        may, settable = known.school_may(held), known.settable_over(held)
    told = _schools(plan, county, key, on, names) if place is None else []
    return Page(plan, known, now, words, history, duties, may, settable, told)


def _schools(plan: Plan, county: int, key: str, on: date, names: PlaceNames) -> list[School]:
    """What schools have set for themselves and has not ended, as far as the asker sees it."""
    rows = [row for row in plans.school_numbers(plan, county) if row.key == key and not plans.is_empty(row)]
    rows = [row for row in rows if row.until_day is None or on < row.until_day]
    holding = plans.schools_asking_more(plan, county, on, key) if rows else []
    return [
        School(
            row.org,
            names(row.org),
            row.value,
            row.valid_from,
            row.until_day,
            _ground(row),
            row.reason,
            row.org in holding and plans.holds_on(row, on),
        )
        for row in rows
    ]


def _ground(row: LocalNumber) -> str:
    return _("%(paper)s（%(day)s）") % {"paper": row.paper, "day": day(row.paper_date)}


def _own(row: Any, now: Parameter) -> Entry:
    kind = "own" if row.of_school else "local"
    in_force = now.source["kind"] == kind and now.valid_from == row.valid_from and not plans.is_empty(row)
    word = _("已撤回：%s") if plans.is_empty(row) else _("终止原因：%s")
    note = word % row.ended_reason if row.ended_by is not None else ""
    if row.carried_from:
        note = "；".join(filter(None, [_("沿用上一版方案下定的数"), note]))
    who = row.name or (_("本校") if row.of_school else _("办公室"))
    level = _("本校") if row.of_school else _("本县")
    return Entry(
        row.valid_from, row.until_day, row.value, level, _ground(row), row.reason, who, note, in_force, row
    )


def _printed(row: Parameter, now: Parameter) -> Entry:
    source = wording.source(row.source)
    return Entry(row.valid_from, None, row.value, wording.level(row), source, "", "", "", row == now, None)


def runs(asker: Asker) -> QuerySet[DryRun]:
    """The trials of the asker's county, or of the asker's school, as far as he may set numbers there."""
    return SET_NUMBERS.rows(asker, DryRun.objects.select_related("plan"))


def own_numbers(asker: Asker) -> QuerySet[LocalNumber]:
    """The county's own numbers, or the school's, as far as the asker may end them."""
    return SET_NUMBERS.rows(asker, LocalNumber.objects.select_related("plan"))


def turns(row: DryRun) -> list[Turn]:
    """How many duties would turn from which state to which, by duty. One query."""
    titles = dict(Obligation.objects.filter(plan=row.plan_id).values_list("pk", "title"))
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for one in row.summary.get("counts", ()):
        sums[one["obligation"], one["was"], one["becomes"], one["at_once"]] += one["count"]
    return [
        Turn(titles[duty], state(was), state(becomes), was, becomes, count, at_once)
        for (duty, was, becomes, at_once), count in sums.items()
    ]


def places(row: DryRun, names: PlaceNames) -> list[tuple[int, str, int]]:
    """How many duties would stand otherwise, by township: code, name, number; nothing in one school's trial."""
    if row.org != containing(row.org, BodyKind.COUNTY):
        return []
    sums: dict[int, int] = defaultdict(int)
    for one in row.summary.get("counts", ()):
        sums[one["township"]] += one["count"]
    return [(code, names(code), number) for code, number in sorted(sums.items())]


def changes(row: DryRun) -> QuerySet[DryRunChange]:
    """Who would stand otherwise; the names of pupils as far as row-level security shows them."""
    named = Student.objects.filter(pk=OuterRef("subject")).values("name")
    return (
        DryRunChange.objects.filter(run=row).select_related("obligation").annotate(name=Subquery(named[:1]))
    )


def state(key: str) -> str:
    """The word of a duty's state; nothing is 不计入."""
    return str(BY_KEY[key].label) if key else _("不计入")
