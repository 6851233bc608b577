"""What needs a look: what lags, what falls due soon, and how the rate moved."""

from collections import Counter
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
from tongyu.shell.states import BY_KEY

WEEKS = 12
AT_MOST = 2


@dataclass(frozen=True)
class Watched:
    """One obligation that lags at one body; opens the names."""

    who: str
    what: str
    state: str
    note: str
    href: str


def watched(asker: Asker, period: BoardPeriod, keys: dict[int, str], limit: int) -> list[Watched]:
    """Where most is missing or behind, of one obligation at most twice. `keys`: obligations' keys by row number."""
    found: list[Watched] = []
    seen: Counter[int] = Counter()
    for one in queries.attention(asker, period, limit * 10):
        if one.obligation_id not in keys:
            continue
        seen[one.obligation_id] += 1
        if seen[one.obligation_id] <= AT_MOST:
            found.append(_watched(asker, period, keys[one.obligation_id], one))
    return found[:limit]


def _watched(asker: Asker, period: BoardPeriod, key: str, one: queries.Attention) -> Watched:
    own = one.body == asker.body_code
    state = states.MISSING if one.missing else states.BEHIND_PACE
    return Watched(
        who=one.title if own else one.body_name,
        what=_("方案 %(clause)s") % {"clause": one.clause} if own else f"{one.title} · {one.clause}",
        state=state,
        note=f"{BY_KEY[state].label} {count(one.missing or one.behind_pace)}",
        href=f"{reverse('duty_board:place', args=[key, one.body])}?period={period.key}&state={state}",
    )


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
