"""The boards as workbooks, with ids, so that a later upload finds its row."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core.access import Asker, requires
from tongyu.core.audit import note
from tongyu.duties import queries as duties
from tongyu.duties import states
from tongyu.duties.closing.queries import mark
from tongyu.duties.periods import BoardPeriod
from tongyu.oversight.disputes import marks
from tongyu.portals.duty_board import overview, queries, single
from tongyu.portals.duty_board.asking import where
from tongyu.portals.duty_board.drill import Sheet
from tongyu.portals.duty_board.rules import SEE
from tongyu.records.making import made_in_job
from tongyu.shell.export import workbook
from tongyu.shell.states import BY_KEY

STATES = [BY_KEY[key].label for key in states.STATES]
NAMES_LIMIT = 40_000
CHUNK = 2_000


@require_GET
@requires(SEE)
def obligations(request: Any) -> HttpResponse:
    """The list of obligations as narrowed, one row each."""
    place, period, _offered = where(request)
    board = queries.obligations(request.asker, place, period, queries.narrowing_of(request.GET))
    heads = [_("编号"), _("条款"), _("责任事项"), _("必须或鼓励"), _("责任主体"), _("时段"), _("原文")]
    heads += [_("能否衡量"), _("完成率"), *STATES, _("有异议")]
    rows = (
        [
            line.key,
            line.clause,
            line.title,
            line.rate_of.obligation.get_modality_display(),
            line.bearer,
            line.period,
            line.rate_of.obligation.rule["words"],
            line.measurable,
            _share(line.rate),
            *(line.counts.get(state, 0) for state in states.STATES),
            line.contested,
        ]
        for line in board.lines
    )
    return workbook(
        _("责任清单 %(place)s %(period)s") % {"place": place.name, "period": period.label}
        + closed_words(request.asker, period),
        heads,
        rows,
    )


def places(request: Any) -> HttpResponse:
    """Every body of the chosen kind, with its rate under each clause."""
    place, period, _offered = where(request)
    closed = closed_words(request.asker, period)
    found = overview.places(request.asker, place, period, request.GET.get("kind", ""), "", per_page=10_000)
    heads = [
        _("组织代码"),
        found.label or _("单位"),
        _("完成率"),
        *STATES,
        *(key for key, _heading in found.clauses),
        _("有异议"),
    ]
    rows = (
        [
            str(line.code),
            line.name,
            _share(line.rate),
            *(line.counts[state] for state in states.STATES),
            *(cell.text for cell in line.cells),
            line.contested,
        ]
        for line in found.lines
    )
    return workbook(_("各单位履责情况 %(place)s") % {"place": place.name} + closed, heads, rows)


def names(request: Any, sheet: Sheet) -> HttpResponse:
    """The units of one obligation at one place, those of one state when asked. Leaves a note in the audit.

    A county's list is made in a job.
    """
    state = request.GET.get("state", "")
    state = state if state in states.STATES else ""
    name = f"{sheet.plan.obligation.title} {sheet.place.name}"
    if later := made_in_job(request, sheet.counts.get(state, 0) if state else sheet.total, name):
        return later
    heads = [
        _("编号"),
        _("责任事项"),
        _("组织代码"),
        _("单位"),
        _("学校"),
        _("学生"),
        _("学生编号"),
        _("状态"),
    ]
    heads += [_("已有"), _("应有"), _("完成日期"), _("期限"), _("原因"), _("责任主体"), _("有异议")]
    rows = []
    for offset in range(0, NAMES_LIMIT, CHUNK):
        units = duties.standings_of(
            request.asker,
            sheet.plan.obligation.row.pk,
            sheet.period,
            place=sheet.place.range,
            state=state,
            limit=CHUNK,
            offset=offset,
        )
        contested = marks.by_duty(units)
        rows += [[*single.export_row(sheet, unit), contested.get(unit.id, 0)] for unit in units]
        if len(units) < CHUNK:
            break
    note("export", "duties_standing", sheet.key, sheet.place.code, {"rows": len(rows), "state": state})
    return workbook(name + closed_words(request.asker, sheet.period), heads, rows)


def closed_words(asker: Asker, period: BoardPeriod) -> str:
    """What a file's name says of a closed period; nothing while it is open."""
    closed = mark(asker, period.key)
    if closed is None:
        return ""
    day = (closed.restated_on or closed.closing.closed_on).isoformat()
    word = _("更正") if closed.restatements else _("已结账")
    return f" {word} {day}"


def _share(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
