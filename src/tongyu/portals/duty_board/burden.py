"""The burden meter: fields and minutes per role and month, by the duty that asks for them. For the office."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.core.audit import note
from tongyu.directory.roles import ROLE_BY_KEY
from tongyu.duties.queries.burden import FEWEST, KindBurden, burden, holders, of_month
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plans
from tongyu.portals.duty_board.rules import BURDEN
from tongyu.shell.export import workbook

MONTHS = 6
WEEKS = 52 / 12


@dataclass(frozen=True)
class RoleLine:
    """What one role wrote in the month."""

    name: str
    records: int
    fields: int
    minutes: float
    weekly: float | None
    """Estimated minutes a week for one holder of the role; None where too few hold it."""


@dataclass(frozen=True)
class DutyLine:
    """What one duty asks to be written, or what none asks for."""

    clause: str
    title: str
    href: str
    what: str
    fields: str
    records: int
    minutes: float


@require_GET
@requires(BURDEN)
def shown(request: Any) -> HttpResponse:
    """One month, by role and by duty; the months before for comparison."""
    today = clock.today()
    months = months_before(today)
    asked = request.GET.get("month", "")
    month = next((one for one in months if f"{one:%Y-%m}" == asked), months[0])
    found = burden(
        request.asker, plans.active(county_of(request.asker), today), months[-1], _next(months[0]), today
    )
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found, months)
    context = {
        "months": [(f"{one:%Y-%m}", _("%(y)d年%(m)d月") % {"y": one.year, "m": one.month}) for one in months],
        "month": f"{month:%Y-%m}",
        "minutes": sum(one.minutes(of_month(one.records, month)) for one in found),
        "records": sum(of_month(one.records, month) for one in found),
        "unasked": sum(of_month(one.unasked, month) for one in found),
        "trend": _trend(found, months),
        "roles": role_lines(found, month, holders(request.asker, today)),
        "duties": _duties(found, month),
        "nobody": _unasked(found, month),
        "forms": [(one.kind.label, one.asked) for one in found],
        "fewest": FEWEST,
    }
    return render(request, "duty_board/burden.html", context)


def months_before(today: date) -> list[date]:
    """The first days of this month and those before it, the latest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def role_lines(found: list[KindBurden], month: date, people: dict[str, int]) -> list[RoleLine]:
    """Each role that wrote something in the month, the most minutes first."""
    roles = {role for one in found for when, role in one.records if when == month}
    lines = []
    for role in roles:
        counts = [(one, of_month(one.records, month, [role])) for one in found]
        minutes = sum(one.minutes(records) for one, records in counts)
        held = people.get(role, 0)
        lines.append(
            RoleLine(
                name=_role(role),
                records=sum(records for _one, records in counts),
                fields=sum(records * one.asked.fields for one, records in counts),
                minutes=minutes,
                weekly=minutes / held / WEEKS if held >= FEWEST else None,
            )
        )
    return sorted(lines, key=lambda line: (-line.minutes, line.name))


def month_minutes(asker: Asker, today: date) -> tuple[float, list[RoleLine]]:
    """The estimate of the running month, in all and by role: for the card on the office's board."""
    month = today.replace(day=1)
    found = burden(asker, None, month, _next(month), today)
    minutes = sum(one.minutes(of_month(one.records, month)) for one in found)
    return minutes, role_lines(found, month, holders(asker, today))


def _role(key: str) -> str:
    return str(ROLE_BY_KEY[key].name) if key in ROLE_BY_KEY else _("其他")


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _trend(found: list[KindBurden], months: list[date]) -> list[tuple[str, int, float]]:
    return [
        (
            f"{month:%Y-%m}",
            sum(of_month(one.records, month) for one in found),
            sum(one.minutes(of_month(one.records, month)) for one in found),
        )
        for month in months
    ]


def _duties(found: list[KindBurden], month: date) -> list[DutyLine]:
    """Each duty that asks for records of these kinds, in the order of the plan."""
    lines: dict[str, tuple[int, list[tuple[KindBurden, int]]]] = {}
    for one in found:
        for rule, counted in zip(one.rules, one.by_rule, strict=True):
            lines.setdefault(rule.id, (rule.pk, []))[1].append((one, of_month(counted, month)))
    rules = {rule.id: rule for one in found for rule in one.rules}
    return [
        DutyLine(
            clause=rules[key].clause,
            title=rules[key].title,
            href=reverse("duty_board:obligation", args=[key]),
            what="、".join(str(one.kind.label) for one, _records in parts),
            fields="、".join(str(one.asked.fields) for one, _records in parts),
            records=sum(records for _one, records in parts),
            minutes=sum(one.minutes(records) for one, records in parts),
        )
        for key, (_pk, parts) in sorted(lines.items(), key=lambda item: item[1][0])
    ]


def _unasked(found: list[KindBurden], month: date) -> list[DutyLine]:
    """Records that no duty of the plan asks for, by kind."""
    counts = [(one, of_month(one.unasked, month)) for one in found]
    return [
        DutyLine("", str(one.kind.label), "", str(one.kind.label), str(one.asked.fields), n, one.minutes(n))
        for one, n in counts
        if n
    ]


def _workbook(request: Any, found: list[KindBurden], months: list[date]) -> HttpResponse:
    """All months: by role, kind and duty. Counts only."""
    heads = [
        _("月份"), _("职务"), _("记录"), _("条款"), _("责任事项"), _("每张表的栏目"), _("记录数"), _("估计分钟"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for month in months:
        for one in found:
            asked = [
                (rule.clause, rule.title, counted)
                for rule, counted in zip(one.rules, one.by_rule, strict=True)
            ]
            for clause, title, counted in [
                *asked,
                ("", _("方案没有要求"), one.unasked),
                ("", _("合计"), one.records),
            ]:
                for (when, role), number in sorted(counted.items()):
                    if when == month and number:
                        minutes = round(one.minutes(number), 1)
                        label = str(one.kind.label)
                        rows.append(
                            [
                                f"{month:%Y-%m}",
                                _role(role),
                                label,
                                clause,
                                title,
                                one.asked.fields,
                                number,
                                minutes,
                            ]
                        )
    note("export", "burden", org=request.asker.body_code, detail={"rows": len(rows)})
    return workbook(_("填报负担"), heads, rows)
