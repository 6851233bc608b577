"""The list of obligations as an asker sees it: narrowed, grouped by clause, sorted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.roles import DepartmentStaff, OfficeStaff
from tongyu.duties import queries as duties
from tongyu.duties import states
from tongyu.duties.concerns import concerns
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import ObligationRate
from tongyu.duties.queries.rates import add
from tongyu.oversight.disputes import marks
from tongyu.plan import labels, wording
from tongyu.portals.duty_board.reach import Place
from tongyu.shell.states import LOOKS

BEARERS = {
    "school": _("学校"),
    "class_teacher": _("班主任"),
    "township": _("乡镇"),
    "department": _("部门"),
    "county": _("县和办公室"),
    "family": _("家庭"),
    "venue": _("场馆"),
}
ANY = "any-obligation"
"""Stands for a key in an address that is worked out once for many."""
COUNTY_BEARERS = {"county", "office", "leading_group"}


@dataclass(frozen=True)
class Line:
    """One obligation with its counts in the places asked for."""

    rate_of: ObligationRate
    bearer: str
    kinds: frozenset[str]
    period: str
    href: str
    contested: int = 0
    """Open disputes about it in the places asked for."""

    @property
    def key(self) -> str:
        """The obligation's stable id."""
        return self.rate_of.obligation.key

    @property
    def title(self) -> str:
        """Its short Chinese title."""
        return self.rate_of.obligation.title

    @property
    def clause(self) -> str:
        """The clause it stands under."""
        return self.rate_of.clause

    @property
    def counts(self) -> dict[str, int]:
        """State → how many units; of what cannot be measured nothing is counted."""
        return self.rate_of.counts if self.measurable else {}

    @property
    def rate(self) -> float | None:
        """The share done of what is due."""
        return self.rate_of.rate

    @property
    def measurable(self) -> bool:
        """False when its records cannot be entered yet."""
        return self.rate_of.measurable

    @property
    def roomless(self) -> bool:
        """Why it is not measurable: no room yet, rather than no roster or no terms."""
        return self.rate_of.roomless

    @property
    def encouraged(self) -> bool:
        """Shown, never scored."""
        return self.rate_of.obligation.modality == "encouraged"

    @property
    def missing(self) -> int:
        """Units whose time has run out."""
        return self.counts.get(states.MISSING, 0)

    @property
    def behind(self) -> int:
        """Units behind the pace of the school days."""
        return self.counts.get(states.BEHIND_PACE, 0)

    @property
    def exempt(self) -> int:
        """Units for which it is lifted, or that had no day to do it."""
        return self.counts.get(states.EXEMPT, 0)

    def has(self, state: str) -> bool:
        """True when some unit stands in that state."""
        return not self.measurable if state == states.UNKNOWN else self.counts.get(state, 0) > 0


@dataclass(frozen=True)
class Group:
    """The lines of one clause."""

    clause: str
    heading: str
    lines: list[Line]
    counts: dict[str, int]
    rate: float | None


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for; odd values ask for nothing."""

    clause: str = ""
    bearer: str = ""
    state: str = ""
    modality: str = ""
    sort: str = ""

    @property
    def any(self) -> bool:
        """True when something is left out."""
        return bool(self.clause or self.bearer or self.state or self.modality)

    def keeps(self, line: Line) -> bool:
        """True when the line is not left out."""
        return (
            (not self.clause or line.clause == self.clause)
            and (not self.bearer or self.bearer in line.kinds)
            and (not self.state or line.has(self.state))
            and (not self.modality or line.rate_of.obligation.modality == self.modality)
        )


SORTS: dict[str, tuple[Any, Callable[[Line], Any]]] = {
    "rate": (_("完成率从低到高"), lambda line: (line.rate is None, line.rate or 0)),
    "missing": (_("未落实最多"), lambda line: -line.missing),
    "behind": (_("滞后最多"), lambda line: -line.behind),
}


@dataclass(frozen=True)
class Board:
    """The list and what stands above it."""

    lines: list[Line]
    groups: list[Group]
    later: list[Line]
    """What cannot be measured yet, folded away for those who have work to do."""
    counts: dict[str, int]
    rate: float | None
    required: int
    encouraged: int
    unmeasurable: int
    clauses: list[tuple[str, str]] = field(default_factory=list)
    bearers: list[tuple[str, Any]] = field(default_factory=list)
    states: list[tuple[str, Any]] = field(default_factory=list)


def obligations(asker: Asker, place: Place, period: BoardPeriod, narrowing: Narrowing) -> Board:
    """The obligations that concern the asker, as they stand in the place. A fixed number of queries."""
    pattern = duty_address(ANY, place, period.key)
    contested = marks.by_obligation(asker, period, place.range)
    every = [
        _line(one, pattern, contested)
        for one in duties.obligation_rates(asker, period, place=place.range)
        if concerns(asker, one.obligation.rule)
    ]
    kept = [line for line in every if narrowing.keeps(line)]
    headings = {line.clause: line.rate_of.obligation.clause.heading.rstrip("。") for line in every}
    later = [line for line in kept if not line.measurable] if _folds(asker, narrowing) else []
    shown = [line for line in kept if line.measurable or not later]
    if narrowing.sort in SORTS:
        shown.sort(key=SORTS[narrowing.sort][1])
        groups = [_group("", "", shown)] if shown else []
    else:
        named = dict.fromkeys(line.clause for line in shown)
        groups = [_group(key, headings[key], [line for line in shown if line.clause == key]) for key in named]
    counts, rate = _total(kept)
    present = {kind for line in every for kind in line.kinds}
    return Board(
        lines=kept,
        groups=groups,
        later=later,
        counts=counts,
        rate=rate,
        required=sum(not line.encouraged for line in kept),
        encouraged=sum(line.encouraged for line in kept),
        unmeasurable=sum(not line.measurable for line in kept),
        clauses=list(headings.items()),
        bearers=[(key, label) for key, label in BEARERS.items() if key in present],
        states=[(look.key, look.label) for look in LOOKS if any(line.has(look.key) for line in every)],
    )


def address(place: Place, period_key: str, **asked: str) -> str:
    """The list's address, narrowed to the place unless it is the asker's own."""
    query = {"place": "" if place.own else str(place.code), "period": period_key, **asked}
    return f"{reverse('duty_board:obligations')}?{urlencode({k: v for k, v in query.items() if v})}"


def duty_address(key: str, place: Place, period_key: str, **asked: str) -> str:
    """The address of one obligation, at the place unless it is the asker's own."""
    query = urlencode({k: v for k, v in {"period": period_key, **asked}.items() if v})
    path = (
        reverse("duty_board:obligation", args=[key])
        if place.own
        else reverse("duty_board:place", args=[key, place.code])
    )
    return f"{path}?{query}" if query else path


def _line(one: ObligationRate, pattern: str, contested: Mapping[int, int]) -> Line:
    rule = one.obligation.rule
    kinds = frozenset("county" if who in COUNTY_BEARERS else who.partition(":")[0] for who in rule["bearer"])
    return Line(
        one,
        wording.parties(rule["bearer"]),
        kinds,
        str(labels.PERIODS[rule["period"]]),
        pattern.replace(ANY, one.obligation.key),
        contested.get(one.obligation.pk, 0),
    )


def _folds(asker: Asker, narrowing: Narrowing) -> bool:
    return asker.role not in (OfficeStaff, DepartmentStaff) and narrowing.state != states.UNKNOWN


def _total(lines: Sequence[Line]) -> tuple[dict[str, int], float | None]:
    counts = add(line.counts for line in lines if line.rate_of.scored)
    return counts, states.rate(counts)


def _group(clause: str, heading: str, lines: list[Line]) -> Group:
    return Group(clause, heading, lines, *_total(lines))


def narrowing_of(asked: Mapping[str, str]) -> Narrowing:
    """What the address asks for."""
    return Narrowing(
        **{name: asked.get(name, "") for name in ("clause", "bearer", "state", "modality", "sort")}
    )


def chosen_period(periods: Sequence[BoardPeriod], key: str) -> BoardPeriod:
    """The period of that key, or the latest."""
    return next((period for period in periods if period.key == key), periods[0])


def periods_of(asker: Asker, on: date) -> list[BoardPeriod]:
    """The periods that a board can show."""
    return duties.periods_of_year(asker, on)
