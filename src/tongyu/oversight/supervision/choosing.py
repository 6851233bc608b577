"""What the office may choose from, and what its choice would send."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import PlaceNames
from tongyu.duties.queries.scope import county_of
from tongyu.oversight.disputes import marks
from tongyu.oversight.supervision import actions, lagging
from tongyu.oversight.supervision.lagging import Lag
from tongyu.oversight.supervision.models import NoticeItem
from tongyu.oversight.supervision.steps import DEADLINES
from tongyu.plan.models import Obligation
from tongyu.shell.formatting import short_day

MOST = 200
"""So many lines can be ticked at once; a page shows fewer."""
DIGITS = 17


@dataclass(frozen=True)
class Row:
    """One line to tick: an obligation at a body."""

    pick: str
    title: str
    clause: str
    body: str
    missing: int
    behind: int
    bearers: int
    running: int
    """How many of its bearers are under a notice about it already."""


@dataclass(frozen=True)
class DraftLine:
    """One duty in a notice that would be sent."""

    title: str
    who: str
    missing: int
    behind: int
    contested: int


@dataclass(frozen=True)
class DraftShown:
    """A notice that would be sent."""

    name: str
    lines: list[DraftLine]


@dataclass(frozen=True)
class Offered:
    """The list of what lags, narrowed."""

    rows: list[Row]
    duties: list[tuple[int, str]]
    townships: list[tuple[int, str]]


def offered(asker: Asker, on: date, duty: str, place: str) -> Offered:
    """What lags in the county by obligation and body, the most missing first. A fixed number of queries."""
    county = county_of(asker)
    windows = lagging.open_windows(county, on)
    every = lagging.by_body(windows, asker.lo, asker.hi)
    titles = _titles({lag.obligation for lag in every})
    names = PlaceNames(on, asker.body_code)
    places = Body.objects.standing_on(on).within(asker.lo, asker.hi).filter(kind=BodyKind.TOWNSHIP)
    townships = list(places.order_by("code").values_list("code", "name"))
    chosen, lo, hi = _number(duty), *_range(_number(place))
    running = _running()
    kept = [
        lag
        for lag in every
        if (chosen is None or lag.obligation == chosen) and (lo is None or lo <= lag.body < hi)
    ]
    rows = [
        Row(
            f"{lag.obligation}-{lag.body}",
            titles[lag.obligation].title,
            titles[lag.obligation].clause.key,
            names(lag.body),
            lag.missing,
            lag.behind,
            lag.bearers,
            running.get((lag.obligation, lag.period_key, _group(lag.body)), 0),
        )
        for lag in kept
    ]
    duties = sorted(((one.pk, one.title) for one in titles.values()), key=lambda pair: titles[pair[0]].order)
    return Offered(rows, duties, townships)


def picks_of(sent: Iterable[str]) -> list[tuple[int, int]]:
    """(obligation, body) pairs as the address or the form has them; odd ones are left out."""
    found = []
    for text in list(sent)[:MOST]:
        first, _dash, second = text.partition("-")
        obligation, body = _number(first), _number(second)
        if obligation is not None and body is not None and obligation < 2**15:
            found.append((obligation, body))
    return list(dict.fromkeys(found))


def shown(asker: Asker, plan: actions.Plan, on: date) -> list[DraftShown]:
    """The notices in words: to whom, about what, and what of it is contested."""
    names = PlaceNames(on, asker.body_code)
    lags = [lag for draft in plan.drafts for lag in draft.lags]
    titles = _titles({lag.obligation for lag in lags})
    contested = marks.contested((lag.obligation, lag.period_key, lag.body) for lag in lags)
    return [
        DraftShown(
            names(draft.org), [_draft_line(lag, draft.org, titles, names, contested) for lag in draft.lags]
        )
        for draft in plan.drafts
    ]


def deadlines(asker: Asker, on: date) -> list[tuple[int, str]]:
    """How many school days, each with the day on which it ends; none where the calendar does not reach."""
    found = []
    for number in DEADLINES:
        try:
            _begins, last = actions.days_of(asker, number, on)
        except ValidationError:
            continue
        found.append((number, _("%(n)d 个上课日（%(day)s）") % {"n": number, "day": short_day(last)}))
    return found


def _draft_line(
    lag: Lag, org: int, titles: dict[int, Any], names: PlaceNames, contested: dict[Any, int]
) -> DraftLine:
    who = "" if lag.body == org else names(lag.body)
    key = (lag.obligation, lag.period_key, lag.body)
    return DraftLine(titles[lag.obligation].title, who, lag.missing, lag.behind, contested.get(key, 0))


def _titles(asked: set[int]) -> dict[int, Obligation]:
    return Obligation.objects.select_related("clause").in_bulk(asked)


def _running() -> dict[tuple[int, str, int], int]:
    rows = NoticeItem.objects.filter(closed_on=None).values_list("obligation_id", "period_key", "bearer")
    found: dict[tuple[int, str, int], int] = {}
    for obligation, key, bearer in rows:
        group = (obligation, key, _group(bearer))
        found[group] = found.get(group, 0) + 1
    return found


def _group(code: int) -> int:
    return codes.containing(code, BodyKind.SCHOOL)


def _range(code: int | None) -> tuple[int | None, int]:
    if code is None:
        return None, 0
    width = BodyKind.TOWNSHIP if code % codes.WIDTH[BodyKind.TOWNSHIP] == 0 else BodyKind.SCHOOL
    return code, codes.upper(code, width)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
