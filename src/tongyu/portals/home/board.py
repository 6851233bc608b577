"""The desk boards of office, department, township and school: tiles, clauses, attention, places, heat, trend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.duties import queries, states
from tongyu.duties.concerns import concerns
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import ObligationRate
from tongyu.portals.duty_board.burden import month_minutes
from tongyu.shell import charts
from tongyu.shell.formatting import count, percent

ATTENTION_SHOWN, SOON_DAYS = 9, 14


@dataclass(frozen=True)
class Tile:
    """One figure at the top."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    href: str = ""
    counts: dict[str, int] | None = None
    trend: str = ""
    trend_tone: str = "green"


@dataclass(frozen=True)
class Line:
    """A clause or a place with its bar; opens the obligations behind it."""

    key: str
    heading: str
    counts: dict[str, int]
    rate: float | None
    href: str
    note: str = ""


def choose_period(asker: Asker, on: date, wanted: str) -> tuple[BoardPeriod, list[BoardPeriod]]:
    """The period asked for, or the running one; and all that may be chosen."""
    offered = queries.periods_of_year(asker, on)
    chosen = next((period for period in offered if period.key == wanted), offered[0])
    return chosen, offered


def rates_of(asker: Asker, period: BoardPeriod) -> list[ObligationRate]:
    """Every obligation that the asker owes, answers for or supervises; asked once, read several ways."""
    return [one for one in queries.obligation_rates(asker, period) if concerns(asker, one.obligation.rule)]


def keys(rates: Iterable[ObligationRate]) -> dict[int, str]:
    """The obligations' keys by row number, for addresses."""
    return {one.obligation.pk: one.obligation.key for one in rates}


def clause_lines(rates: Iterable[ObligationRate], period: BoardPeriod) -> list[Line]:
    """The clauses with their rates, in the order of the paper."""
    return [
        Line(
            one.clause.key,
            one.clause.heading.rstrip("。"),
            shown(one.counts),
            one.rate,
            _obligations(period, clause=one.clause.key),
            _("%(n)d 项暂不能衡量") % {"n": one.unmeasurable}
            if one.rate is None and one.unmeasurable
            else "",
        )
        for one in queries.by_clause(rates)
    ]


def shown(counts: dict[str, int]) -> dict[str, int]:
    """The states a bar draws: not the unknown ones, which are no share of anything."""
    return {state: number for state, number in counts.items() if number and state != states.UNKNOWN}


def overall_tile(lines: list[Line], last_week: float | None) -> Tile:
    """The share done of everything due, with the change against the week before."""
    total = queries.add(line.counts for line in lines)
    rate = states.rate(total)
    change = round(100 * (rate - last_week), 1) if rate is not None and last_week is not None else 0.0
    done = total[states.MET] + total[states.MET_LATE]
    return Tile(
        label=_("责任完成率"),
        value=percent(rate, 1),
        note=_("已完成 %(done)s · 进行中 %(running)s · 滞后 %(behind)s · 未落实 %(missing)s")
        % {
            "done": count(done),
            "running": count(total[states.IN_PROGRESS]),
            "behind": count(total[states.BEHIND_PACE]),
            "missing": count(total[states.MISSING]),
        },
        counts=shown(total),
        trend=_("较上周 %(change)+.1f") % {"change": change} if change else "",
        trend_tone="green" if change >= 0 else "red",
    )


def measured_tile(rates: Sequence[ObligationRate], period: BoardPeriod) -> Tile:
    """How much of the plan can be seen at all."""
    blind = sum(not one.measurable for one in rates)
    return Tile(
        label=_("可以衡量的责任事项"),
        value=str(len(rates) - blind),
        unit=_("/ %(all)d 项") % {"all": len(rates)},
        note=_("%(n)d 项暂不能衡量，不计入完成率") % {"n": blind} if blind else "",
        href=_obligations(period),
    )


def burden_tile(asker: Asker, on: date) -> Tile:
    """The minutes that this month's records took to write, by estimate, and where most of them lie."""
    minutes, lines = month_minutes(asker, on)
    most = next((line for line in lines if line.weekly is not None), None)
    return Tile(
        label=_("本月填写用时（估计）"),
        value=count(round(minutes)),
        unit=_("分钟"),
        note=_("%(role)s平均每人每周 %(m).1f 分钟") % {"role": most.name, "m": most.weekly} if most else "",
        href=reverse("duty_board:burden"),
    )


def pupil_tile(rates: Iterable[ObligationRate]) -> Tile | None:
    """The duty to each pupil that weighs most: class teachers' home visits."""
    ones = [
        one for one in rates if one.scored and one.measurable and one.obligation.rule["unit"] == "student"
    ]
    if not ones:
        return None
    one = max(ones, key=lambda each: sum(each.counts.values()))
    done = sum(one.counts[state] for state in states.DONE)
    due = sum(one.counts[state] for state in states.DUE)
    behind = one.counts[states.BEHIND_PACE]
    return Tile(
        label=one.obligation.title,
        value=count(done),
        unit=_("/ %(due)s 人") % {"due": count(due)},
        note=_("所在班级落后于上课日进度的有 %(n)s 人") % {"n": count(behind)}
        if behind
        else _("各班都不落后于上课日进度"),
        counts=shown(one.counts),
        href=reverse("duty_board:obligation", args=[one.obligation.key]),
    )


def place_lines(asker: Asker, period: BoardPeriod, kind: BodyKind) -> list[Line]:
    """The bodies below the asker: schools with the lowest rate first, classes in their own order.

    Classes are not ranked: behind a class stands one teacher.
    """
    rates = queries.place_rates(asker, period, kind)
    if kind is not BodyKind.SCHOOL_CLASS:
        rates = sorted(rates, key=lambda one: (one.rate is None, one.rate or 0.0, one.code))
    return [
        Line(str(one.code), one.name, shown(one.counts), one.rate, _obligations(period, place=one.code))
        for one in rates
    ]


def heat_chart(asker: Asker, period: BoardPeriod) -> charts.Chart | None:
    """Township × clause; each cell opens the obligations of that township under that clause.

    Clauses of which no township has anything to measure are left out.
    """
    heat = queries.township_heat(asker, period)
    kept = [n for n in range(len(heat.clauses)) if any(row.cells[n].rate is not None for row in heat.rows)]
    if not kept:
        return None
    rows = [(row.place, [row.cells[n] for n in kept]) for row in heat.rows]
    return charts.heat_map(
        "heat",
        _("乡镇 × 条款"),
        rows=[place.name for place, _cells in rows],
        columns=[heat.clauses[n].key for n in kept],
        shares=[[cell.rate for cell in cells] for _place, cells in rows],
        links=[
            [_obligations(period, clause=cell.clause, place=place.code) for cell in cells]
            for place, cells in rows
        ],
    )


def _obligations(period: BoardPeriod, **narrowed: Any) -> str:
    return f"{_obligations_page()}?{urlencode({'period': period.key, **narrowed})}"


@cache
def _obligations_page() -> str:
    """Looked up once: a heat map has a link in each of its cells."""
    return reverse("duty_board:obligations")
