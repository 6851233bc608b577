"""What the pages of a closing show, in the words of its readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.audit import note
from tongyu.core.models import JobProgress, JobState
from tongyu.directory.naming import PlaceNames
from tongyu.duties import states
from tongyu.duties.closing import actions, queries
from tongyu.duties.closing.causes import Cause, causes_of
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import ClosedDuty, Closing
from tongyu.duties.closing.queries import Change
from tongyu.duties.rules import CLOSE
from tongyu.plan.rules import build
from tongyu.records.making import made_in_job
from tongyu.shell import results
from tongyu.shell.export import workbook
from tongyu.shell.formatting import day
from tongyu.shell.states import BY_KEY

SHORT = 12
"""So many digits of a hash are shown; the whole one stands in the title."""
TONES = {queries.RUNNING: "pale", queries.SETTLED: "amber", queries.CLOSED: "green", queries.RESTATED: "blue"}
TASKS = (actions.CLOSING, actions.RESTATING, actions.COMPARING)
PER_PAGE = 100
EXPORTED = 20_000


@dataclass(frozen=True)
class DutyLine:
    """One closed duty of the certificate."""

    clause: str
    title: str
    window: str
    rule: str
    counts: dict[str, int]
    rate: float | None
    numbers: str
    hash: str


@dataclass(frozen=True)
class ChangeLine:
    """One unit before and after, and why."""

    who: str
    where: str
    what: str
    before: str
    before_state: str
    after: str
    after_state: str
    causes: list[Cause]


def job_of(asker: Asker) -> JobProgress | None:
    """The asker's latest closing job that is running or has ended within this day."""
    mine = JobProgress.objects.filter(kind__in=TASKS, asked_by=str(asker.account_id))
    found = mine.order_by("-queued_at").first()
    if found is None or (found.state == JobState.DONE and found.kind != actions.COMPARING):
        return None
    old = found.finished_at is not None and (clock.now() - found.finished_at).total_seconds() > 600
    return None if old else found


def short(text: str) -> str:
    """The beginning of a hash."""
    return text[:SHORT]


def duty_lines(rows: Sequence[ClosedDuty]) -> list[DutyLine]:
    """The duties of a certificate; what could not be measured is left to the count above them."""
    return [_duty_line(row) for row in rows if not row.rule["why_not"]]


def change_page(request: Any, closing: Closing, since: Closing) -> Page[Any]:
    """One page of the changes of a restatement, or since a closing, in the asker's range; its objects are lines."""
    found: Any = queries.Changes(closing)  # Django's stubs ask for a length, its code for a count
    page: Page[Any] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = change_lines(request.asker, closing, since, list(page.object_list))
    return page


def change_lines(asker: Asker, closing: Closing, since: Closing, found: Sequence[Change]) -> list[ChangeLine]:
    """The changes in words, with what brought them about."""
    causes = causes_of(since, found)
    names = PlaceNames(closing.end_on - timedelta(days=1), asker.body_code)
    return [_change_line(one, causes[one.id], names) for one in found]


def changes_file(request: Any, closing: Closing, since: Closing) -> HttpResponse:
    """All changes of the asker's range as a workbook; a long one is made in a job."""
    found = queries.Changes(closing)
    name = _("%(period)s更正%(n)d") if closing.edition else _("%(period)s结账后的变化")
    name %= {"period": label_of(closing.period_key), "n": closing.edition}
    number = min(found.count(), EXPORTED)
    if later := made_in_job(request, number, name):
        return later
    lines = change_lines(request.asker, closing, since, found[:EXPORTED])
    heads = [_("对象"), _("单位"), _("责任事项"), _("更正前"), _("更正后"), _("因为")]
    rows = [
        [one.who, one.where, one.what, one.before, one.after, "；".join(cause.text for cause in one.causes)]
        for one in lines
    ]
    detail = {"rows": len(rows), "edition": closing.edition}
    note("export", "duties_closing", str(closing.pk), request.asker.body_code, detail)
    return workbook(name, heads, rows)


def _duty_line(row: ClosedDuty) -> DutyLine:
    compiled, numbers = row.rule["compiled"], row.rule["parameters"]
    rule = build(compiled, numbers)
    needed = f"{rule.minimum}" if rule.countable else _("鼓励")
    return DutyLine(
        clause=compiled["clause"],
        title=compiled["title"],
        window=_window(row),
        rule=short(row.rule_hash),
        counts={state: number for state, number in row.counts.items() if number},
        rate=states.rate(row.counts) if rule.countable else None,
        numbers=needed,
        hash=row.standings_hash,
    )


def _window(row: ClosedDuty) -> str:
    if row.period_key == "standing":
        return _("期末应有")
    start, end = (date.fromisoformat(row.period[name]) for name in ("start", "end"))
    return f"{start:%Y-%m-%d} — {end - timedelta(days=1):%Y-%m-%d}"


def _change_line(one: Change, causes: list[Cause], names: PlaceNames) -> ChangeLine:
    place = names(one.org)
    gone = _("不再是对象")
    return ChangeLine(
        who=one.pupil or (_("已转出的学生") if one.subject else place),
        where=place if one.subject else "",
        what=f"{one.clause} {one.title}",
        before=_said(one.before, one.count_before) if one.before else _("原来不是对象"),
        before_state=one.before or "",
        after=gone if one.gone else _said(one.after, one.count_after),
        after_state="" if one.gone else one.after,
        causes=causes,
    )


def _said(state: str, number: int | None) -> str:
    times = _("%(n)d 次") % {"n": number or 0}
    return f"{BY_KEY[state].label} · {times}"


def facts(closing: Closing, rows: Sequence[ClosedDuty]) -> list[tuple[str, str, str]]:
    """The certificate's facts: label, text, and the whole text where the shown one is shortened."""
    basis: dict[str, Any] = closing.basis
    parameters = {key: value for row in rows for key, value in row.rule["parameters"].items()}
    seal = basis["audit"]
    pairs = [
        (_("公布人") if closing.edition else _("结账人"), closing.by_name, ""),
        (_("公布日期") if closing.edition else _("结账日期"), day(closing.closed_on), ""),
        (_("结清日期"), day(closing.settled_on), ""),
        (_("方案"), "、".join(plan["number"] for plan in basis["plans"]), ""),
        (_("数值"), _("%(n)d 个，随规则一并保存") % {"n": len(parameters)}, ""),
        (_("程序版本"), basis["engine"], ""),
        (
            _("冻结"),
            _("%(duties)d 项责任，%(n)d 个履责项")
            % {"duties": len({row.obligation_id for row in rows}), "n": closing.standings},
            "",
        ),
        (_("结账序号"), str(closing.number), ""),
        (_("本次指纹"), short(closing.hash), closing.hash),
        (_("上次指纹"), short(closing.before) if closing.number > 1 else _("首次结账"), closing.before),
        (
            _("审计封条"),
            f"{seal['seal']} · {short(seal['hash'])}" if seal["seal"] else _("尚无"),
            seal["hash"],
        ),
    ]
    if closing.edition:
        pairs.insert(0, (_("更正原因"), closing.reason, ""))
        pairs.insert(1, (_("更正"), _("%(n)d 项") % {"n": closing.changed}, ""))
    return pairs


def _results(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, results.Result]:
    """The periods, where what these jobs did is to be seen."""
    here = results.Result(reverse("closing:periods"), gettext_lazy("查看"))
    return {one.pk: here for one in found if one.finished and CLOSE.allows(asker)}


for _task in TASKS:
    results.register(_task, _results)
