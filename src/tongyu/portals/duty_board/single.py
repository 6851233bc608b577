"""One duty: how it stands, why, the records behind it; and the same in short for a list of names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.duties import queries as duties
from tongyu.duties import states
from tongyu.duties.explain import Evidence, explain, number_of, records_of
from tongyu.duties.periods import STANDING
from tongyu.duties.queries import Unit
from tongyu.duties.queries.exemptions import last_lapsed
from tongyu.duties.queries.scope import county_of
from tongyu.duties.telling import bearer_of, days_note, short_reason, where_of
from tongyu.duties.writing import new_address
from tongyu.oversight.disputes import marks
from tongyu.plan import wording
from tongyu.plan.models import Obligation, Parameter
from tongyu.portals.duty_board import contesting
from tongyu.portals.duty_board.drill import Sheet
from tongyu.portals.duty_board.reach import Place, place_at
from tongyu.records.kinds import kinds
from tongyu.shell.formatting import day, short_day
from tongyu.shell.states import BY_KEY


@dataclass(frozen=True)
class RecordLink:
    """A record behind a duty; without an address where the asker may not open it."""

    href: str
    icon: str
    label: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Row:
    """One unit in the list of names."""

    id: int
    name: str
    where: str
    why: str
    state: str
    note: str
    href: str
    liftable: bool
    """Something is still asked for, or will be."""
    records: list[RecordLink]
    new_url: str
    contested: int


@dataclass(frozen=True)
class DutyPage:
    """One duty on a page of its own."""

    name: str
    clause: str
    obligation: Obligation
    says: str
    """The rule with the number by which it was judged."""
    state: str
    why: str
    facts: list[tuple[str, str]]
    records: list[RecordLink]
    new_url: str
    list_url: str
    list_label: str
    rule_url: str
    contested_url: str
    """What is contested there, when something is."""
    contest_url: str
    """The form to contest it, for the body whose figure it is."""


def rows(asker: Asker, sheet: Sheet, units: Sequence[Unit], on: date) -> list[Row]:
    """The names with state, the reason in short, the latest records and the way to record one."""
    evidence, contested = records_of(asker, units, on), marks.by_duty(units)
    inside = sheet.place.kind == "school_class"
    return [
        Row(
            id=unit.id,
            name=unit.name,
            where="" if inside else where_of(unit),
            why=short_reason(unit),
            state=unit.state,
            note=days_note(unit, on),
            href=reverse("duty_board:standing", args=[unit.id]),
            liftable=unit.state in (*states.OPEN, states.NOT_DUE),
            records=[_short_link(one) for one in evidence.get(unit.id, ())],
            new_url=new_address(asker, sheet.rule, unit),
            contested=contested.get(unit.id, 0),
        )
        for unit in units
    ]


def duty(asker: Asker, pk: int, on: date) -> DutyPage | None:
    """One duty that the asker may see, of whatever edition; or None."""
    unit = duties.unit_of(asker, pk)
    if unit is None:
        return None
    obligation = Obligation.objects.select_related("clause", "plan").get(pk=unit.obligation_id)
    number = number_of(obligation, unit, county_of(asker), on)
    told = explain(asker, unit, on)
    place = place_at(asker, unit.unit_org, on)
    return DutyPage(
        name=" ".join(filter(None, [where_of(unit), unit.name])),
        clause=obligation.clause.key,
        obligation=obligation,
        says=wording.says(obligation.rule, number.value) if number else obligation.rule["says"],
        state=unit.state,
        why=f"{told.sentence}{told.next_step}",
        facts=_facts(unit, told.hidden, number) + _lapsed(unit, on),
        records=[_full_link(one) for one in told.records],
        new_url=new_address(asker, obligation.rule, unit),
        list_url=_list_url(obligation, place),
        list_label=obligation.title,
        rule_url=f"{reverse('duty_board:obligation', args=[obligation.key])}#rule",
        contested_url=contesting.at_duty(obligation.key, unit),
        contest_url=contesting.address_of_duty(asker, unit),
    )


def span(units: Sequence[Unit]) -> str:
    """The period in which the units are judged, as the first of them tells it."""
    if not units:
        return ""
    if units[0].period_key == STANDING:
        return _("今天应有")
    return f"{day(units[0].start_on)} — {day(units[0].due_on)}"


def export_row(sheet: Sheet, unit: Unit) -> list[Any]:
    """The unit as a line of the workbook, ids included."""
    standing = unit.period_key == STANDING
    return [
        sheet.key,
        sheet.plan.obligation.title,
        str(unit.unit_org),
        unit.place,
        unit.school_name,
        unit.pupil,
        str(unit.subject) if unit.subject else "",
        str(BY_KEY[unit.state].label),
        unit.count,
        unit.needed,
        unit.met_on,
        None if standing else unit.due_on,
        short_reason(unit),
        bearer_of(unit),
    ]


def _facts(unit: Unit, hidden: int, number: Parameter | None) -> list[tuple[str, str]]:
    standing = unit.period_key == STANDING
    pairs = [
        (_("状态"), str(BY_KEY[unit.state].label)),
        (_("已有"), str(unit.count)),
        (_("应有"), str(unit.needed)),
        (_("谁定的"), _ground(number) if number else ""),
        (_("期间"), _("当前应有") if standing else f"{day(unit.start_on)} — {day(unit.due_on)}"),
        (_("期限"), "" if standing else day(unit.due_on)),
        (_("达到要求"), day(unit.met_on) if unit.met_on else ""),
        (_("责任主体"), bearer_of(unit)),
        (_("不便显示的记录"), str(hidden) if hidden else ""),
    ]
    return [(label, text) for label, text in pairs if text]


def _ground(row: Parameter) -> str:
    """本校定2次：paper，自2026年9月1日起."""
    told = {"level": wording.level(row) or _("方案"), "value": row.value, "unit": row.unit}
    told |= {"source": wording.source(row.source), "day": day(row.valid_from)}
    return _("%(level)s定%(value)s %(unit)s：%(source)s，自%(day)s起") % told


def _lapsed(unit: Unit, on: date) -> list[tuple[str, str]]:
    """That the duty was lifted before, and since when it stands again."""
    before = None if unit.state == states.EXEMPT else last_lapsed(unit, on)
    if before is None or before.until_day is None:
        return []
    told = {"reason": before.reason, "from_day": day(before.from_day), "until": day(before.until_day)}
    return [(_("曾经免除"), _("%(reason)s（自%(from_day)s起，%(until)s已恢复）") % told)]


def _list_url(obligation: Obligation, place: Place | None) -> str:
    if place is None or place.own:
        return reverse("duty_board:obligation", args=[obligation.key])
    return reverse("duty_board:place", args=[obligation.key, place.code])


def _short_link(one: Evidence) -> RecordLink:
    return RecordLink(one.source_url, kinds.get(one.kind).icon, short_day(one.occurred_on))


def _full_link(one: Evidence) -> RecordLink:
    kind = kinds.get(one.kind)
    known: Mapping[str, Any] = kind.where["category"].values if "category" in kind.where else {}
    title = f"{one.label} · {known.get(one.category, one.category)}" if one.category else one.label
    return RecordLink(one.source_url, kind.icon, one.label, title, day(one.occurred_on))
