"""Charts as data: what the browser draws, and the table that says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tongyu.shell import formatting

STEPS = (0.35, 0.5, 0.65, 0.8, 0.95)


@dataclass(frozen=True)
class TableCell:
    """One figure of the table."""

    text: str
    href: str = ""
    css: str = ""


@dataclass(frozen=True)
class TableLine:
    """One line of the table."""

    name: Any
    cells: list[TableCell]


@dataclass(frozen=True)
class Chart:
    """Drawn by `{% chart … %}`; `open` shows the table at once instead of behind 用表格看数据."""

    id: str
    title: Any
    data: dict[str, Any]
    columns: Sequence[Any]
    table: list[TableLine] = field(default_factory=list)
    css: str = ""
    open: bool = False


def heat_step(share: float | None) -> str:
    """The class of a cell's ground: five steps and full; hatched where there is nothing to measure."""
    if share is None:
        return "heat-none"
    return f"heat-{sum(share >= step for step in STEPS)}"


def heat_map(
    chart_id: str,
    title: Any,
    rows: Sequence[Any],
    columns: Sequence[Any],
    shares: Sequence[Sequence[float | None]],
    links: Sequence[Sequence[str]] = (),
) -> Chart:
    """Shares (0–1, None: not measurable) by row and column; each cell may open a page."""
    cells = [
        [y, x, None if value is None else int(formatting.percent(value)[:-1]), links[x][y] if links else ""]
        for x, line in enumerate(shares)
        for y, value in enumerate(line)
    ]
    table = [
        TableLine(
            name,
            [
                TableCell(formatting.percent(value), links[x][y] if links else "", heat_step(value))
                for y, value in enumerate(shares[x])
            ],
        )
        for x, name in enumerate(rows)
    ]
    data = {
        "kind": "heat",
        "rows": [str(r) for r in rows],
        "columns": [str(c) for c in columns],
        "cells": cells,
    }
    return Chart(chart_id, title, data, columns, table, css="chart-wide")


def line_chart(
    chart_id: str,
    title: Any,
    columns: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[float | None]]],
    percent: bool = True,
) -> Chart:
    """One or more lines over the columns (weeks, months)."""
    return _series("line", chart_id, title, columns, series, percent)


def bar_chart(
    chart_id: str,
    title: Any,
    columns: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[float | None]]],
    percent: bool = False,
) -> Chart:
    """Bars over the columns."""
    return _series("bar", chart_id, title, columns, series, percent)


def _series(
    kind: str,
    chart_id: str,
    title: Any,
    columns: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[float | None]]],
    percent: bool,
) -> Chart:
    scale = 100 if percent else 1
    lines = [
        {"name": str(name), "values": [None if v is None else round(scale * v, 1) for v in values]}
        for name, values in series
    ]
    draw = (lambda v: formatting.percent(v)) if percent else formatting.count
    table = [TableLine(name, [TableCell(draw(v)) for v in values]) for name, values in series]
    data = {"kind": kind, "columns": [str(c) for c in columns], "series": lines, "percent": percent}
    return Chart(chart_id, title, data, columns, table, css="chart-sm")
