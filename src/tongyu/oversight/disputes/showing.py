"""A dispute in words: its figure then and now, the names and records as far as the asker may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import OfficeStaff
from tongyu.duties.queries import units_among
from tongyu.oversight import figures, pages
from tongyu.oversight.disputes import proof, queries
from tongyu.oversight.disputes.models import Dispute, DisputeState, OpenDispute
from tongyu.oversight.disputes.rules import CONTEST
from tongyu.records.kinds import kinds
from tongyu.shell.formatting import day, short_day
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.shell.states import BY_KEY

ASKABLE = (BodyKind.SCHOOL, BodyKind.TOWNSHIP, BodyKind.DEPARTMENT)


@dataclass(frozen=True)
class RecordLine:
    """One record of the proof."""

    title: str
    text: str
    icon: str
    href: str


@dataclass(frozen=True)
class UnitLine:
    """One duty of the figure: whose, how it stood, how it stands."""

    name: str
    was: str
    now: str
    href: str


@dataclass(frozen=True)
class Told:
    """Everything on the page of a dispute that is not a plain field."""

    figure: str
    asked: str
    href: str
    was: str
    now: str
    differs: bool
    ticked: list[UnitLine]
    changed: list[UnitLine]
    records: list[RecordLine]
    gone: list[RecordLine]
    asked_org: str
    records_title: str


@dataclass(frozen=True)
class OpenRow:
    """An open dispute at a figure, as everybody may see it."""

    who: str
    since: date
    where: str
    line: str
    href: str


def shelves(asker: Asker) -> dict[str, Any]:
    """The lists of the asker, the first one first."""
    if asker.role is OfficeStaff:
        return {queries.ANSWER: _("待答复"), queries.CLOSED: _("已办结")}
    return {
        queries.MINE: _("本单位提出的"),
        queries.ANSWER: _("请本单位说明的"),
        queries.ALL: _("范围内待答复的"),
        queries.CLOSED: _("已办结"),
    }


def listing(asker: Asker, shelf: str) -> Listing:
    """The columns of a list."""
    names = PlaceNames(clock.today(), asker.body_code)
    columns = [
        Column(_("哪个数字"), lambda row: figure_name(row, names), phone="title", href=_href),
        Column(_("提出单位"), lambda row: names(row.org)),
        Column(_("哪里不对"), "line"),
        Column(_("提出日期"), "opened_at", kind="day", sort="opened_at"),
        Column(_("状态"), _state_word),
        Column(_("答复"), "answer"),
    ]
    texts = {
        queries.MINE: _("对本单位的数字有不同意见时，在责任清单的数字旁点“提出异议”。"),
        queries.ANSWER: _("有单位提出异议时，会列在这里。"),
    }
    return Listing(
        columns=columns,
        filters=[Filter("duty", _("责任事项"), lambda: _duties(queries.shelf(asker, shelf)), _of_duty)],
        search=["line", "obligation__title"],
        search_label=_("责任事项或内容"),
        order=["-opened_at", "id"],
        empty_title=_("没有待办的异议") if shelf == queries.ANSWER else _("还没有异议"),
        empty_text=texts.get(shelf, ""),
        empty_icon="message-question",
    )


def figure_name(row: Any, names: PlaceNames) -> str:
    """家访 · 太极镇中心小学三年级2班, and the pupil where the asker may see the name."""
    parts = [row.obligation.title, names(row.place)]
    if row.subject:
        parts.append(row.pupil or _("一名学生"))
    return " · ".join(parts)


def open_rows(asker: Asker, rows: Sequence[OpenDispute]) -> list[OpenRow]:
    """The open disputes at a figure; words and link for those whom they concern."""
    names = PlaceNames(clock.today(), asker.body_code)
    known = {row.pk: row for row in queries.visible(asker).filter(pk__in=[row.pk for row in rows])}
    return [
        OpenRow(
            names(row.asker),
            row.since,
            names(row.place),
            known[row.pk].line if row.pk in known else "",
            _href(row) if row.pk in known else "",
        )
        for row in rows
    ]


def told(asker: Asker, row: Any) -> Told:
    """The page of one dispute. The comparison is made anew while it is open; afterwards what was kept is shown."""
    on = clock.today()
    names = PlaceNames(on, asker.body_code)
    found = proof.compare(asker, row, on) if row.is_open else None
    kept: Mapping[str, Any] = found.as_json() if found else row.proof
    ticked = {one["standing"]: one for one in row.units}
    changed = [one for one in kept.get("changed", ()) if one["standing"] not in ticked]
    units = {
        unit.id: unit
        for unit in units_among(asker, row.obligation_id, [*ticked, *(one["standing"] for one in changed)])
    }
    then = {one["standing"]: one["state"] for one in kept.get("changed", ())}

    def line(standing: int, was: str, now: str) -> UnitLine | None:
        unit = units.get(standing)
        if unit is None:
            return None
        current = now or (unit.state if row.is_open else "")
        return UnitLine(unit.name, _word(was), _word(current), pages.of_duty(standing))

    listed = [line(pk, one["state"], then.get(pk, "")) for pk, one in ticked.items()]
    moved = [line(one["standing"], one["was"], one["state"]) for one in changed]
    single = row.bearer is not None
    unit = None
    if single and (asker.reaches(row.place) or asker.reaches(row.bearer)):
        unit = figures.duty_now(row.obligation_id, row.period_key, row.place, row.subject)
    gone_away = asker.reaches(row.place) and row.subject is not None and row.pupil is None
    return Told(
        figure=figure_name(row, names),
        asked=names(row.org),
        href=_figure_href(row, unit.id if unit else None),
        was=_figure_text(row.was, single),
        now=_now(row, kept, found, single, gone_away),
        differs=(bool(found and found.differs) and not gone_away) or row.state == DisputeState.CORRECTED,
        ticked=[one for one in listed if one],
        changed=[one for one in moved if one] if not single else [],
        records=[_record(one) for one in kept.get("records", ()) if proof.may_read(asker, one)],
        gone=[_record(one) for one in kept.get("gone", ()) if proof.may_read(asker, one)],
        asked_org=names(row.asked_org) if row.asked_org else "",
        records_title=_("现在依据的记录") if row.is_open else _("答复依据的记录"),
    )


def bodies_to_ask(asker: Asker, row: Dispute) -> list[tuple[int, str]]:
    """Who may know more: the bodies that made the records; without records every school, township, department."""
    found = proof.compare(asker, row, clock.today())
    makers = [code for code in proof.makers(found, row.was.get("records", ())) if code != row.org]
    bodies = Body.objects.standing_on(clock.today()).within(asker.lo, asker.hi).exclude(code=row.org)
    rows = bodies.filter(code__in=makers) if makers else bodies.filter(kind__in=ASKABLE)
    names = PlaceNames(clock.today(), asker.body_code)
    return [(code, names(code)) for code in rows.order_by("code").values_list("code", flat=True)]


def may_contest(asker: Asker, figure: Any) -> bool:
    """For the boards: whether the button stands beside this figure."""
    return CONTEST.allows(asker, figure)


def _figure_text(shown: Mapping[str, Any], single: bool) -> str:
    counts = shown.get("counts", {})
    if not single:
        return figures.told(counts)
    state = next(iter(counts), "")
    return _("%(state)s，已有 %(count)d / %(needed)d") % {
        "state": _word(state),
        "count": shown.get("count", 0),
        "needed": shown.get("needed", 0),
    }


def _now(row: Any, kept: Mapping[str, Any], found: proof.Proof | None, single: bool, gone_away: bool) -> str:
    """The figure now; of a pupil who has moved it concerns the new school and no longer whoever contested it."""
    if gone_away and row.is_open:
        return _("该生已不在本单位，现在的数字由新单位查看")
    return _figure_text(kept["now"], single) if kept.get("now") else _now_gone(row, found)


def _now_gone(row: Dispute, found: proof.Proof | None) -> str:
    if found is None and row.state == DisputeState.WITHDRAWN:
        return ""
    return _("这个数字已经不存在了")


def _figure_href(row: Any, standing: int | None) -> str:
    if row.bearer is None:
        return pages.of_rate(row.obligation.key, row.place)
    return pages.of_duty(standing) if standing else ""


def _record(one: Mapping[str, Any]) -> RecordLine:
    kind = kinds.get(one["kind"]) if one["kind"] in kinds else None
    known: Mapping[str, Any] = kind.where["category"].values if kind and "category" in kind.where else {}
    category = known.get(one["category"], one["category"])
    title = f"{one['label']} · {category}" if one["category"] else one["label"]
    return RecordLine(
        title, day(date.fromisoformat(one["occurred_on"])), kind.icon if kind else "file", one["source_url"]
    )


def _word(state: str) -> str:
    return str(BY_KEY[state].label) if state in BY_KEY else ""


def _href(row: Any) -> str:
    return reverse("disputes:detail", args=[row.pk])


def _state_word(row: Any) -> str:
    if row.is_open and row.asked_org and not row.statement:
        return _("等对方说明")
    if row.closed_at:
        return f"{row.get_state_display()} {short_day(row.closed_at)}"
    return str(row.get_state_display())


def _duties(rows: QuerySet[Dispute]) -> list[tuple[int, str]]:
    found = rows.order_by("obligation__order").values_list("obligation_id", "obligation__title").distinct()
    return list(found)


def _of_duty(rows: QuerySet[Dispute], value: str) -> QuerySet[Dispute]:
    return rows.filter(obligation_id=int(value))
