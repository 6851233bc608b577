"""What every standing should be: the slow reference, taught editions, local numbers and closed windows. Plain Python.

Reads the plan's tables itself and shares no code with the engine.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from duties import reference, tables

FACTS = (
    "home_visit event committee document appointment daily_note home_report family_activity family_agreement"
    " lesson_completion parent_school guidance_station suggestion"
).split()
"""The kinds of record that have a room; family contacts are counted for cases, which nobody keeps yet."""
UNITS = {"student", "guardian", "class", "grade", "school", "township", "department", "body", "county"}
FOR_EVER = date(9999, 1, 1)
Key = tuple[int, str, Any]
"""Obligation, window, pupil or place."""
Counts = dict[tuple[int, str, int], Counter[str]]
"""Obligation, window, place → how many of each state."""


@dataclass
class Expected:
    """What should stand, and what should be counted."""

    standings: dict[Key, Any] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    windows: set[tuple[int, str]] = field(default_factory=set)

    def add(self, other: "Expected") -> None:
        """And this too."""
        self.standings |= other.standings
        self.counts |= other.counts
        self.windows |= other.windows


@dataclass(frozen=True)
class Counted:
    """A kind with the filter of the plan."""

    kind: str
    where: dict[str, tuple[str, ...]]


@dataclass
class Books:
    """The plan's tables."""

    editions: dict[str, dict[str, Any]]
    bindings: list[dict[str, Any]]
    obligations: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    printed: list[dict[str, Any]]
    local: list[dict[str, Any]]


def read_books() -> Books:
    """Everything that the plan says, of all editions."""
    return Books(
        {row["id"]: row for row in tables.table("plan_plan")},
        tables.table("plan_countyplan"),
        tables.table("plan_obligation"),
        tables.table("plan_editionchange"),
        tables.table("plan_parameter"),
        tables.table("plan_localnumber"),
    )


def edition_on(books: Books, county: int, day: date) -> tuple[str, date]:
    """The edition by which the county works on a day, and since when."""
    bound = [(row["from_day"], row["plan_id"]) for row in books.bindings if row["county"] == county]
    begun = [one for one in bound if one[0] <= day]
    if begun:
        since, plan = max(begun)
        return plan, since
    taken = {row["plan_id"] for row in books.bindings}
    free = [
        (row["in_force_from"], plan)
        for plan, row in books.editions.items()
        if plan not in taken and row["in_force_from"] <= day
    ]
    since, plan = max(free)
    return plan, since


def number_on(books: Books, county: int, plan: str, key: str, day: date) -> Any:
    """The value of a number on a day: the latest that has begun and not ended; of the same day the office's.

    The edition's first value has always been.
    """
    values = sorted(
        ((row["valid_from"], 0, FOR_EVER, row["value"]) for row in books.printed
         if (row["plan_id"], row["key"]) == (plan, key)),
        key=lambda one: one[0],
    )  # fmt: skip
    values[0] = (date.min, *values[0][1:])
    values += [
        (row["valid_from"], 1, row["until_day"] or FOR_EVER, row["value"])
        for row in books.local
        if (row["plan_id"], row["key"], row["org"]) == (plan, key, county)
    ]
    holding = [one for one in values if one[0] <= day < one[2]]
    return max(holding, key=lambda one: one[:2])[3]


def rule_on(books: Books, county: int, row: dict[str, Any], day: date) -> SimpleNamespace:
    """The obligation with its numbers of that day, in the words of the reference."""
    told = row["rule"]

    def number(key: str) -> Any:
        return number_on(books, county, row["plan_id"], key, day)

    window = number(told["window"]) if told["window"] else ""
    days = number(told["days"]) if told["days"] else None
    denominator = {name: number(key) for name, key in told["denominator"].items()}
    return SimpleNamespace(
        pk=row["id"],
        key=row["key"],
        unit=told["unit"],
        bearer=told["bearer"],
        modality=told["modality"],
        minimum=number(told["minimum"]),
        counts=[
            Counted(one["kind"], {k: tuple(v) for k, v in one["where"].items()}) for one in told["counts"]
        ],
        combine=told["combine"],
        coverage=told["coverage"],
        pace=told["pace"],
        tail_share=number("pace.tail_share"),
        exclusions=told["exclusions"],
        forerunners=forerunners(books, row),
        period=SimpleNamespace(kind=told["period"], days=days, window=_days(window)),
        denominator=SimpleNamespace(
            enrolled_days=denominator.get("enrolled_days"), open_days=denominator.get("open_days")
        ),
    )


def forerunners(books: Books, row: dict[str, Any]) -> list[int]:
    """The obligation in the editions before, as long as it went on as one: what lifted it lifts it still."""
    for change in books.changes:
        one_to_one = change["of"] == "obligation" and change["kind"] in ("unchanged", "reworded", "moved")
        if one_to_one and change["plan_id"] == row["plan_id"] and row["key"] in change["new"]:
            follows = books.editions[row["plan_id"]]["follows_id"]
            old = next(
                one for one in books.obligations
                if one["plan_id"] == follows and one["key"] in change["old"]
            )  # fmt: skip
            return [old["id"], *forerunners(books, old)]
    return []


def _days(window: str) -> tuple[tuple[int, int], ...]:
    """03-01..03-31 as months and days."""
    halves = (one.split("-") for one in window.split("..")) if window else ()
    return tuple((int(month), int(day)) for month, day in halves)


def measurable(row: dict[str, Any]) -> bool:
    """Its records have a room, and its units can be counted."""
    kinds = {one["kind"] for one in row["rule"]["counts"]}
    return kinds <= set(FACTS) and row["rule"]["unit"] in UNITS


@dataclass
class Judge:
    """What should stand, on whatever day it is asked; it remembers what was closed."""

    county: int
    since: date
    """From the school year of this day on windows are on record."""
    closed: dict[tuple[int, str], Expected] = field(default_factory=dict)
    editions: dict[tuple[int, str], int] = field(default_factory=dict)
    left: dict[Key, Any] = field(default_factory=dict)
    """What an earlier edition asked of windows that ran when the next came: it stays on record as it stood then."""

    def duties(self) -> set[int]:
        """The obligations, of every edition, that are judged here."""
        return {row["id"] for row in tables.table("plan_obligation") if measurable(row)}

    def expected(self, day: date, *, everything: bool) -> Expected:
        """(obligation, window, unit) → (state, count, day it was met, place, bearer): of the windows that are kept
        up to date, or of every window since the beginning; of closed ones as they were closed. And the counts."""
        world = tables.read(self.county, [f"fact_{kind}" for kind in FACTS])
        books = read_books()
        self._look_at_closings(books, world, day)
        found = Expected()
        for row, year, window in self.windows(books, world, day, everything=everything):
            closed = self.closed.get((row["id"], window[0]))
            found.add(closed or self._judged(books, world, row, year, window, day))
        return found

    def is_left(self, books: Books, key: Key, ends: date, day: date) -> bool:
        """Whether an earlier edition had asked for the window, and the one of the day asks now."""
        plan, since = edition_on(books, self.county, day)
        own = next(row["plan_id"] for row in books.obligations if row["id"] == key[0])
        return own != plan and (key[1] == "standing" or ends > since)

    def windows(self, books: Books, world: Any, day: date, *, everything: bool) -> Any:
        """Each obligation with each window it asks for: the edition of today, and what the one before left over."""
        plan, since = edition_on(books, self.county, day)
        steps = [(plan, since, date.min, False)]
        year_before = date(day.year - (day.month < 9) - 1, 9, 1)
        if since > (date.min if everything else year_before) and since > self.since:
            before, _since = edition_on(books, self.county, since - timedelta(days=1))
            steps.append((before, since, since, True))
        for edition, turned, _day, earlier in steps:
            for row in books.obligations:
                if row["plan_id"] != edition or not measurable(row):
                    continue
                rule = rule_on(books, self.county, row, turned - timedelta(days=1) if earlier else day)
                yield from self._asked(world, row, rule, day, turned, earlier=earlier, everything=everything)

    def _asked(
        self, world: Any, row: Any, rule: Any, day: date, turned: date, *, earlier: bool, everything: bool
    ) -> Any:
        def asks(window: Any) -> bool:
            """What was over when the edition of today came is the one before's."""
            return (window[0] != "standing" and window[2] < turned) == earlier

        if not everything:
            for year, window in reference.kept(rule, world, day, asks):
                yield row, year, window
            return
        for start, year in sorted(world.years.items()):
            over = year["last"] < day
            if year["last"] < self.since or year["first"] > day or (over and rule.period.kind == "standing"):
                continue
            own = [one for one in reference.windows(rule, year, start) if asks(one)]
            for window in [one for one in own if one[1] <= day] or ([] if over else own[:1]):
                yield row, year, window

    def _judged(self, books: Books, world: Any, row: Any, year: Any, window: Any, day: date) -> Expected:
        key = (row["id"], window[0])
        rule = rule_on(books, self.county, row, day if window[0] == "standing" else window[1])
        told = reference.judged(rule, world, day, year, window)
        counts: Counts = defaultdict(Counter)
        for state, _count, _met_on, place, _bearer in told.values():
            counts[*key, place][state] += 1
        listed = reference.listed(rule, world, day, window, told)
        return Expected({(*key, unit): one for unit, one in listed.items()}, dict(counts), {key})

    def closed_today(self, day: date) -> None:
        """Take note of what was closed, or restated, just now: as the records of this moment say it."""
        world = tables.read(self.county, [f"fact_{kind}" for kind in FACTS])
        self._look_at_closings(read_books(), world, day)

    def _look_at_closings(self, books: Books, world: Any, day: date) -> None:
        """A window that was closed, or restated, since the last look stands as the records of then said."""
        seen: dict[tuple[int, str], int] = {}
        for row in tables.table("duties_closedduty"):
            if row["period_key"] != "standing":
                key = (row["obligation_id"], row["period_key"])
                seen[key] = seen.get(key, 0) + 1
        new = {key for key, number in seen.items() if self.editions.get(key) != number}
        self.editions = seen
        if not new:
            return
        for row, year, window in self.windows(books, world, day, everything=True):
            if (row["id"], window[0]) in new:
                self.closed[row["id"], window[0]] = self._judged(books, world, row, year, window, day)
