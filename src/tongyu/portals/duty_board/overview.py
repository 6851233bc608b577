"""The bodies of a jurisdiction with their rates by clause: the heat map as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from tongyu.core.access import Asker
from tongyu.directory.codes import WIDTH
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.duties import queries as duties
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import HeatRow
from tongyu.oversight.disputes import marks
from tongyu.portals.duty_board import queries
from tongyu.portals.duty_board.reach import Place
from tongyu.shell.charts import TableCell, heat_step
from tongyu.shell.formatting import percent

PER_PAGE = 40
BELOW = {
    BodyKind.COUNTY: (BodyKind.TOWNSHIP, BodyKind.SCHOOL, BodyKind.DEPARTMENT),
    BodyKind.TOWNSHIP: (BodyKind.SCHOOL,),
    BodyKind.SCHOOL: (BodyKind.SCHOOL_CLASS,),
}
"""What may be listed below a body, the usual first."""


@dataclass(frozen=True)
class PlaceLine:
    """One body under every clause."""

    name: str
    code: int
    counts: dict[str, int]
    rate: float | None
    href: str
    inside: str
    """The bodies inside this one, when there are any to list."""
    cells: list[TableCell]
    contested: int
    """Open disputes about figures in it."""


@dataclass(frozen=True)
class Choices:
    """The bodies of a select, and what they are."""

    label: Any
    bodies: list[tuple[int, str]]


@dataclass(frozen=True)
class Overview:
    """The table, and the kinds of bodies it can show."""

    clauses: list[tuple[str, str]]
    lines: list[PlaceLine]
    page: Page[Any]
    tabs: list[dict[str, Any]]
    kind: str
    label: Any


def places(
    asker: Asker, place: Place, period: BoardPeriod, kind: str, page: str, per_page: int = PER_PAGE
) -> Overview:
    """The bodies of one kind below a place, in the order of their codes."""
    offered = BELOW.get(BodyKind(place.kind), ())
    chosen = next((one for one in offered if one == kind), offered[0] if offered else None)
    heat = duties.heat(asker, period, chosen, place=place.range) if chosen else duties.Heat([])
    shown = Paginator(heat.rows, per_page).get_page(page)
    named = class_names(list(shown.object_list), period.on) if chosen == BodyKind.SCHOOL_CLASS else {}
    contested = marks.by_body(asker, period, chosen, place.range) if chosen else {}
    return Overview(
        clauses=[(clause.key, clause.heading.rstrip("。")) for clause in heat.clauses],
        lines=[_line(row, period, named, contested) for row in shown.object_list],
        page=shown,
        tabs=[_tab(one, place, period, one == chosen) for one in offered],
        kind=chosen or "",
        label=BodyKind(chosen).label if chosen else "",
    )


def choices(asker: Asker, on: date) -> Choices:
    """The bodies to which the list of obligations can be narrowed: those next below the jurisdiction."""
    offered = BELOW.get(_kind_of_range(asker), ())
    if not offered:
        return Choices("", [])
    bodies = Body.objects.standing_on(on).within(asker.lo, asker.hi).filter(kind=offered[0]).order_by("code")
    year = school_year_of(on)
    return Choices(offered[0].label, [(body.code, body.grade_name_on(year)) for body in bodies])


def address(place: Place, period_key: str, **asked: str) -> str:
    """The table's address below a place."""
    query = {"place": "" if place.own else str(place.code), "period": period_key, **asked}
    return f"{reverse('duty_board:places')}?{urlencode({k: v for k, v in query.items() if v})}"


def class_names(rows: Sequence[HeatRow], on: date) -> dict[int, str]:
    """What the classes are called on the day. One query."""
    bodies = Body.objects.filter(code__in=[row.place.code for row in rows])
    return {body.code: body.grade_name_on(school_year_of(on)) for body in bodies}


def _line(row: HeatRow, period: BoardPeriod, named: dict[int, str], contested: dict[int, int]) -> PlaceLine:
    body = row.place
    name = named.get(body.code, body.name)
    at = Place(body.code, body.hi, body.kind, name, own=False)
    cells = [
        TableCell(
            percent(cell.rate),
            queries.address(at, period.key, clause=cell.clause) if sum(cell.counts.values()) else "",
            heat_step(cell.rate),
        )
        for cell in row.cells
    ]
    inside = address(at, period.key) if BodyKind(body.kind) in BELOW else ""
    return PlaceLine(
        name,
        body.code,
        body.counts,
        body.rate,
        queries.address(at, period.key),
        inside,
        cells,
        contested.get(body.code, 0),
    )


def _tab(kind: BodyKind, place: Place, period: BoardPeriod, current: bool) -> dict[str, Any]:
    return {"label": kind.label, "href": address(place, period.key, kind=kind.value), "current": current}


def _kind_of_range(asker: Asker) -> BodyKind:
    """The kind of body whose range the asker reaches."""
    whole = asker.hi - asker.lo == WIDTH[BodyKind.COUNTY]
    return BodyKind.COUNTY if whole else BodyKind(asker.body_kind)
