"""One obligation at one place: words, rule, numbers; the places below; the names; the records."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.duties import queries as duties
from tongyu.duties import states
from tongyu.duties.concerns import concerns
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import PlaceRate, Unit
from tongyu.duties.queries.scope import county_of
from tongyu.duties.units import PEOPLE
from tongyu.oversight.disputes import marks
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan
from tongyu.portals.duty_board.queries import duty_address
from tongyu.portals.duty_board.reach import Place, next_kind
from tongyu.portals.plan_reader.asking import school_place
from tongyu.portals.plan_reader.queries import ObligationPage
from tongyu.portals.plan_reader.queries import obligation as plan_page
from tongyu.shell.states import LOOKS

PER_PAGE = 50


@dataclass(frozen=True)
class Below:
    """A body below the place, with the sum of what lies in it."""

    name: str
    counts: dict[str, int]
    rate: float | None
    href: str
    contested: int


@dataclass(frozen=True)
class Sheet:
    """Everything about one obligation at one place."""

    plan: ObligationPage
    place: Place
    period: BoardPeriod
    counts: dict[str, int]
    rate: float | None
    measurable: bool
    scored: bool
    below_label: str
    below: list[Below]
    contested: int
    """Open disputes about it in the place."""
    asking_more: int
    """How many schools of the place have a stricter number of their own."""

    @property
    def key(self) -> str:
        """The obligation's stable id."""
        return self.plan.obligation.key

    @property
    def rule(self) -> dict[str, Any]:
        """The compiled rule."""
        return self.plan.obligation.rule

    @property
    def below_title(self) -> str:
        """各乡镇, 各学校, 各班级."""
        return _("各%(bodies)s") % {"bodies": self.below_label}

    @property
    def why_unknown(self) -> str:
        """Why it cannot be measured: the record kind has no room, or the units no register."""
        roomless = "、".join(one.label for one in self.plan.obligation.counted if not one.has_room)
        if roomless:
            return _("%(kinds)s：这类记录的工作台尚未建成，不需要您填报，也不计入完成率。") % {
                "kinds": roomless
            }
        return _("对象的名册或学期日期还没有设定，不需要您填报，也不计入完成率。")

    @property
    def only_done(self) -> bool:
        """True when those are listed who did it, and no others: nobody owes it (decision 0021)."""
        return not self.scored and self.rule["unit"] in PEOPLE

    @property
    def total(self) -> int:
        """How many units there are in the place."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Names:
    """The units of the place by name, one page of them."""

    units: list[Unit]
    page: Page[int]
    states: list[tuple[str, Any, int]]
    state: str


def sheet(asker: Asker, plan: Plan, key: str, place: Place, period: BoardPeriod) -> Sheet | None:
    """The obligation at the place, or None when it does not concern the asker."""
    inside = school_place(place.kind, place.code)
    page = plan_page(plan, county_of(asker), key, period.on, inside)
    if page is None or not concerns(asker, page.obligation.rule):
        return None
    counts = duties.obligation_counts(asker, period, page.obligation.row.pk, place=place.range)
    scored = page.obligation.row.modality == "required" and page.obligation.minimum.value >= 1
    kind = next_kind(place, page.obligation.rule["unit"]) if counts is not None else None
    below = _below(asker, page, place, period, kind, scored) if kind else []
    return Sheet(
        plan=page,
        place=place,
        period=period,
        counts=counts or {},
        rate=states.rate(counts) if counts and scored else None,
        measurable=counts is not None,
        scored=scored,
        below_label=str(BodyKind(kind).label) if kind else "",
        below=below,
        contested=marks.by_obligation(asker, period, place.range).get(page.obligation.row.pk, 0),
        asking_more=0 if inside else _asking_more(asker, page, place, period),
    )


def _asking_more(asker: Asker, page: ObligationPage, place: Place, period: BoardPeriod) -> int:
    key = page.obligation.rule["minimum"]
    schools = plans.schools_asking_more(page.plan, county_of(asker), period.on, key)
    return sum(place.code <= school < place.hi for school in schools)


def names(asker: Asker, sheet: Sheet, state: str, page: str) -> Names:
    """The units by name, the worst first; those of one state when asked."""
    present = [(look.key, look.label, sheet.counts[look.key]) for look in LOOKS if sheet.counts.get(look.key)]
    if sheet.only_done:
        present, state = [one for one in present if one[0] == states.MET], states.MET
    state = state if state in {key for key, _label, _count in present} else ""
    total = sheet.counts[state] if state else 0 if sheet.only_done else sheet.total
    shown = Paginator(range(total), PER_PAGE).get_page(page)
    units = duties.standings_of(
        asker,
        sheet.plan.obligation.row.pk,
        sheet.period,
        place=sheet.place.range,
        state=state,
        limit=PER_PAGE,
        offset=(shown.number - 1) * PER_PAGE,
    )
    return Names(units, shown, present, state)


def picks(sheet: Sheet, shown: Names, period_key: str) -> list[dict[str, Any]]:
    """The states to choose from, all first."""
    every: list[dict[str, Any]] = [{"label": _("全部"), "count": sheet.total, "state": ""}]
    every = [] if sheet.only_done else every
    every += [{"label": label, "count": count, "state": key} for key, label, count in shown.states]
    for pick in every:
        pick["href"] = duty_address(sheet.key, sheet.place, period_key, state=pick["state"])
        pick["current"] = pick["state"] == shown.state
    return every


def _below(
    asker: Asker, page: ObligationPage, place: Place, period: BoardPeriod, kind: BodyKind, scored: bool
) -> list[Below]:
    rows = duties.place_rates(asker, period, kind, place=place.range, obligation=page.obligation.row.pk)
    found = [
        (row, Place(row.code, row.hi, kind, row.name, False)) for row in rows if sum(row.counts.values())
    ]
    found.sort(key=lambda pair: _worst_first(pair[0]))
    contested = marks.by_body(asker, period, kind, place.range, page.obligation.row.pk)
    named = {}
    if kind == BodyKind.SCHOOL_CLASS:
        bodies = Body.objects.filter(code__in=[row.code for row, _at in found])
        named = {body.code: body.grade_name_on(school_year_of(period.on)) for body in bodies}
    return [
        Below(
            named.get(row.code, row.name),
            row.counts,
            row.rate if scored else None,
            duty_address(page.obligation.key, at, period.key),
            contested.get(row.code, 0),
        )
        for row, at in found
    ]


def _worst_first(row: PlaceRate) -> tuple[Any, ...]:
    return (
        row.rate is None,
        row.rate or 0,
        -row.counts[states.MISSING],
        -row.counts[states.BEHIND_PACE],
        row.code,
    )
