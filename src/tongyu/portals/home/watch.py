"""What needs a look: what lags, what falls due soon, and how the rate moved."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.duties import queries, states
from tongyu.duties.periods import BoardPeriod
from tongyu.portals.home.board import SOON_DAYS, Tile
from tongyu.shell import charts
from tongyu.shell.formatting import count

WEEKS = 12


@dataclass(frozen=True)
class Watched:
    """One obligation that lags at one body; opens the names."""

    who: str
    what: str
    state: str
    note: str
    href: str


def watched(asker: Asker, period: BoardPeriod, keys: dict[int, str], limit: int) -> list[Watched]:
    """Where most is missing or behind. `keys` are the obligations' keys by row number."""
    return [
        Watched(
            who=one.body_name,
            what=f"{one.title} · {one.clause}",
            state=states.MISSING if one.missing else states.BEHIND_PACE,
            note=count(one.missing or one.behind_pace),
            href=reverse("duty_board:place", args=[keys[one.obligation_id], one.body])
            + f"?period={period.key}",
        )
        for one in queries.attention(asker, period, limit)
    ]


def soon_tile(asker: Asker, on: date) -> Tile:
    """What is still open and falls due within two weeks."""
    soon = queries.due_soon(asker, on, SOON_DAYS)
    first = soon[0] if soon else None
    return Tile(
        label=_("%(n)d 天内到期") % {"n": SOON_DAYS},
        value=count(sum(one.open for one in soon)),
        unit=_("项"),
        note=_("最早：%(title)s，%(day)s") % {"title": first.title, "day": f"{first.due_on:%m-%d}"}
        if first
        else _("这两周没有到期的责任"),
    )


def last_week(asker: Asker, on: date) -> float | None:
    """The rate about a week ago, when a point of it was kept."""
    days = queries.trend(asker, on - timedelta(days=10), on - timedelta(days=5))
    return days[-1].rate if days else None


def trend_chart(asker: Asker, on: date) -> charts.Chart | None:
    """The rate over the past weeks; nothing before two points are there."""
    days = queries.trend(asker, on - timedelta(weeks=WEEKS), on)
    if len(days) < 2:
        return None
    return charts.line_chart(
        "trend",
        _("完成率走势"),
        columns=[f"{one.day:%m-%d}" for one in days],
        series=[(_("责任完成率"), [one.rate for one in days])],
    )
