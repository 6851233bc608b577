"""Notices in words: the list, the page of one, what lags and may be chosen, the card of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory.codes import WIDTH
from tongyu.directory.kinds import BodyKind
from tongyu.directory.naming import PlaceNames
from tongyu.duties import engine as engines
from tongyu.duties import states
from tongyu.duties.explain import records_of
from tongyu.duties.models import Standing
from tongyu.duties.queries import Unit
from tongyu.duties.queries.scope import county_of
from tongyu.duties.telling import days_note, short_reason, where_of
from tongyu.duties.writing import new_address
from tongyu.oversight import pages
from tongyu.oversight.supervision import queries
from tongyu.oversight.supervision.models import Ending, NoticeItem, WordKind
from tongyu.records.kinds import kinds
from tongyu.shell.formatting import day, short_day
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.shell.rows import Line

OPEN_STATES = {
    "open": gettext_lazy("办理中"),
    "answered": gettext_lazy("已有新记录"),
    "late": gettext_lazy("已逾期"),
}
SCHOOL = WIDTH[BodyKind.SCHOOL]
BODY_FILTER = "body"


@dataclass(frozen=True)
class Name:
    """One open duty with the way to record it."""

    name: str
    where: str
    why: str
    state: str
    note: str
    href: str
    new_url: str


@dataclass(frozen=True)
class Record:
    """A record entered since the notice."""

    label: str
    day: str
    name: str
    icon: str
    href: str


@dataclass(frozen=True)
class Part:
    """One item on the page of its notice."""

    item: Any
    title: str
    clause: str
    state: str
    tone: str
    lag: int
    href: str
    why: str
    """Why they lag, when it is the same for all; then the names come without."""
    pace: str
    """How many more bring it back to its pace."""
    names: list[Name]
    more: int
    records: list[Record]
    steps: list[tuple[str, str]]


def state_of(item: Any, on: date) -> tuple[str, str]:
    """The state of an item in a word, and its tone. What lags no more is done, before the job has noted it."""
    if item.ending:
        tone = "green" if item.ending == Ending.CLEARED else "stone"
        return str(Ending(item.ending).label), tone
    if not item.lag:
        return str(Ending.CLEARED.label), "green"
    if item.notice.deadline < on:
        return _("逾期 %(n)d 天") % {"n": (on - item.notice.deadline).days}, "red"
    if item.answered_on:
        return _("已有新记录"), "blue"
    return _("办理中"), "amber"


def listing(asker: Asker, on: date) -> Listing:
    """What was due, sent, answered, closed."""
    names = PlaceNames(on, asker.body_code)
    columns = [
        Column(_("单位"), lambda row: names(row.bearer), phone="title", href=_href),
        Column(_("责任事项"), "obligation.title"),
        Column(_("状态"), lambda row: state_of(row, on)[0]),
        Column(_("送达日期"), "notice.begins_on", kind="day", sort="notice__begins_on"),
        Column(_("期限"), "notice.deadline", kind="day", sort="notice__deadline"),
        Column(_("送达时滞后"), "lagged", kind="count"),
        Column(_("现在滞后"), lambda row: 0 if row.closed_on else row.lag, kind="count"),
        Column(_("开始有记录"), "answered_on", kind="day", sort="answered_on"),
        Column(_("转责任单位"), "accountable_on", kind="day"),
        Column(_("转督办部门"), "supervisor_on", kind="day"),
        Column(_("办结日期"), "closed_on", kind="day", sort="closed_on"),
    ]
    every = queries.visible(asker, on)
    return Listing(
        columns=columns,
        filters=[
            Filter(BODY_FILTER, _("单位"), lambda: _bodies(every, names), _in_body),
            Filter("duty", _("责任事项"), lambda: _duties(every), _of_duty),
            Filter("state", _("状态"), _states(), lambda rows, key: queries.in_state(rows, key, on)),
        ],
        order=["-notice__begins_on", "notice__deadline", "bearer", "id"],
        empty_title=_("还没有督办"),
        empty_text=_("办公室督办滞后的责任时，会列在这里：什么时候送达、什么时候有记录、什么时候办结。"),
        empty_icon="clock-exclamation",
    )


def parts(asker: Asker, items: Sequence[Any], on: date) -> list[Part]:
    """The items of a notice with their open duties and new records. A few queries for each."""
    names = PlaceNames(on, asker.body_code)
    return [_part(asker, item, names, on) for item in items]


def lines(asker: Asker, on: date) -> list[Line]:
    """今天要处理的事: the own body's latest digest, as far as it is still true."""
    names = PlaceNames(on, asker.body_code)
    return [_line(one, asker, names) for one in queries.digest_of(asker, on)]


def _line(one: queries.Told, asker: Asker, names: PlaceNames) -> Line:
    who = "" if one.bearer == asker.body_code else names(one.bearer)
    left = _("还有 %(n)d 项 · 期限%(day)s") % {"n": one.missing + one.behind, "day": short_day(one.due_on)}
    text = " · ".join(part for part in (str(WordKind(one.kind).label), who, left) if part)
    href = (
        reverse("supervision:notice", args=[one.notice])
        if one.notice
        else pages.of_rate(one.key, asker.body_code)
    )
    state = states.MISSING if one.missing else states.BEHIND_PACE
    return Line(one.title, href, text, state=state)


def _part(asker: Asker, item: Any, names: PlaceNames, on: date) -> Part:
    state, tone = state_of(item, on)
    opened = [] if item.closed_on else queries.open_units(item)
    rule = item.obligation.rule
    reasons = {short_reason(unit) for unit in opened}
    why = reasons.pop() if len(opened) > 1 and len(reasons) == 1 else ""
    behind = any(unit.state == states.BEHIND_PACE for unit in opened)
    moved = queries.moved_units(item, item.notice.sent_at)
    steps = [(_("送达"), names(item.org), item.notice.begins_on)]
    steps += [(_("转责任单位"), names(code), item.accountable_on) for code in item.accountables]
    steps.append((_("转督办部门"), names(item.supervisor) if item.supervisor else "", item.supervisor_on))
    return Part(
        item=item,
        title=item.obligation.title,
        clause=item.obligation.clause.key,
        state=state,
        tone=tone,
        lag=0 if item.closed_on else item.lag,
        href=pages.of_rate(item.obligation.key, item.bearer),
        why=why,
        pace=_pace(asker, item, on) if behind else "",
        names=[_name(asker, rule, unit, on, shown=not why) for unit in opened],
        more=max(0, item.lag - len(opened)) if not item.closed_on else 0,
        records=_records(asker, moved, item, on),
        steps=[(f"{label} {who}", day(when)) for label, who, when in steps if when],
    )


def _pace(asker: Asker, item: Any, on: date) -> str:
    """How far an evenly paced duty should be today, as the engine judges it: not everything has to be done at once."""
    engine = engines.current(county_of(asker), on)
    rule = next((one for one in engine.rules if one.pk == item.obligation_id), None)
    if rule is None or rule.pace != "even":
        return ""
    period = next((one for one in engine.periods_of(rule) if one.key == item.period_key), None)
    rows = Standing.objects.filter(
        obligation_id=item.obligation_id, period_key=item.period_key, bearer_org=item.bearer
    ).exclude(state=states.EXEMPT)
    sums = rows.aggregate(asked=Sum("needed"), done=Sum(Least("count", "needed")))
    if period is None or not sums["asked"]:
        return ""
    expected = sums["asked"] * period.elapsed(on) // max(period.school_days, 1)
    told = {"expected": expected, "done": sums["done"], "more": max(1, expected - sums["done"])}
    return _("按进度到今天应完成 %(expected)d，已完成 %(done)d；再做 %(more)d 项就不再滞后。") % told


def _name(asker: Asker, rule: dict[str, Any], unit: Unit, on: date, *, shown: bool) -> Name:
    return Name(
        unit.name,
        "" if asker.body_code in (unit.unit_org, unit.unit_org - unit.unit_org % SCHOOL) else where_of(unit),
        short_reason(unit) if shown else "",
        unit.state,
        days_note(unit, on),
        pages.of_duty(unit.id),
        new_address(asker, rule, unit),
    )


def _records(asker: Asker, moved: Sequence[Unit], item: Any, on: date) -> list[Record]:
    found = records_of(asker, moved, on, since=item.notice.sent_at) if moved else {}
    seen: dict[Any, Record] = {}
    for unit in moved:
        for one in found.get(unit.id, ()):
            name = unit.name if unit.subject or unit.unit_org != item.bearer else ""
            record = Record(
                one.label, short_day(one.occurred_on), name, kinds.get(one.kind).icon, one.source_url
            )
            seen.setdefault((one.id, name), record)
    return list(seen.values())[: queries.NAMES]


def _href(row: NoticeItem) -> str:
    return reverse("supervision:notice", args=[row.notice_id])


def _states() -> list[tuple[str, Any]]:
    return [*OPEN_STATES.items(), *((one.value, one.label) for one in Ending)]


def _bodies(rows: QuerySet[NoticeItem], names: PlaceNames) -> list[tuple[int, str]]:
    schools = {code - code % SCHOOL for code in rows.values_list("bearer", flat=True).distinct()}
    return [(code, names(code)) for code in sorted(schools)]


def _in_body(rows: QuerySet[NoticeItem], value: str) -> QuerySet[NoticeItem]:
    return rows.filter(bearer__gte=int(value), bearer__lt=int(value) + SCHOOL)


def _duties(rows: QuerySet[NoticeItem]) -> list[tuple[int, str]]:
    named = rows.order_by("obligation__order").values_list("obligation_id", "obligation__title")
    return list(dict.fromkeys(named))


def _of_duty(rows: QuerySet[NoticeItem], value: str) -> QuerySet[NoticeItem]:
    return rows.filter(obligation_id=int(value))
