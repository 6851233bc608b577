"""From a number to a new one: fill in, try it on live data, look who would change, set it; end it again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.core.models import JobProgress
from tongyu.directory.codes import upper
from tongyu.directory.kinds import BodyKind
from tongyu.directory.naming import PlaceNames
from tongyu.duties import setting
from tongyu.duties.models import DryRun, DryRunChange
from tongyu.duties.queries.scope import county_of
from tongyu.plan import numbers
from tongyu.plan.models import LocalNumber
from tongyu.plan.rights import SET_NUMBERS
from tongyu.portals.local_numbers import queries
from tongyu.portals.local_numbers.forms import EndNumberForm, SetForm, TryForm
from tongyu.portals.plan_reader.asking import place_of, plan_of
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt
from tongyu.shell.formatting import day
from tongyu.shell.listing import Column, Filter, Listing


@require_http_methods(["GET", "POST"])
@requires(SET_NUMBERS)
def try_out(request: Any, key: str) -> HttpResponse:
    """What the number should be, and from when; sending it begins a trial and changes nothing."""
    by, today = request.asker, clock.today()
    page = queries.page(plan_of(by), county_of(by), key, today, place_of(by), PlaceNames(today, by.body_code))
    if page is None or not page.settable:
        raise Http404(_("方案里没有这个数值，或者它不由本校定"))
    initial = {"valid_from": setting.next_start(county_of(by), today)}
    form = TryForm(
        request.POST if request.method == "POST" else None,
        known=page.known,
        may=page.school_may or page.known.may,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = attempt(form, lambda: setting.ask_dry_run(by=by, key=key, **data))
        if row is not None:
            return redirect("local_numbers:run", row.pk)
    return render(
        request,
        "local_numbers/try.html",
        {"form": form, "page": page, "of_school": place_of(by) is not None},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(SET_NUMBERS)
def run(request: Any, pk: UUID) -> HttpResponse:
    """How far the trial is; then who would change, and the form that sets the number."""
    row = get_object_or_404(queries.runs(request.asker), pk=pk)
    of_school = place_of(request.asker) is not None
    form = SetForm(request.POST if request.method == "POST" else None, of_school=of_school)
    if request.method == "POST" and form.is_valid():
        number = attempt(form, lambda: setting.set_parameter(by=request.asker, run=pk, paper=form.told()))
        if number is not None:
            messages.success(request, _said(number))
            return redirect("local_numbers:number", row.key)
    context = _told(request.asker, row) | {"form": form, "job": _job(row)}
    return render(request, "local_numbers/run.html", context, status=422 if form.errors else 200)


@require_GET
@requires(SET_NUMBERS)
def progress(request: Any, pk: UUID) -> HttpResponse:
    """How far the trial is; when it is through, the page is loaded again."""
    row = get_object_or_404(queries.runs(request.asker), pk=pk)
    job = _job(row)
    response = render(request, "local_numbers/progress.html", {"row": row, "job": job})
    if row.ran_at or (job and job.finished):
        response["HX-Refresh"] = "true"
    return response


@require_GET
@requires(SET_NUMBERS)
def changes(request: Any, pk: UUID) -> HttpResponse:
    """Who would stand otherwise, by name; as a workbook too."""
    row = get_object_or_404(queries.runs(request.asker), pk=pk)
    listing, rows = _listing(request.asker, row), queries.changes(row)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="duties_dryrun", name=_("试算名单"))
    context = {"row": row, "page": listing.page(request, rows)}
    return render(request, "local_numbers/changes.html", context | _told(request.asker, row))


@require_http_methods(["GET", "POST"])
@requires(SET_NUMBERS)
def end(request: Any, pk: UUID) -> HttpResponse:
    """Withdraw a number that has not begun, or end one that has."""
    row = get_object_or_404(queries.own_numbers(request.asker), pk=pk)
    today = clock.today()
    begun = row.valid_from <= today
    form = EndNumberForm(
        request.POST if request.method == "POST" else None,
        initial={"until_day": today if begun else row.valid_from},
    )
    back = reverse("local_numbers:number", args=[row.key])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ended = attempt(form, lambda: setting.end_parameter(by=request.asker, number=pk, **data))
        if ended is not None:
            messages.success(
                request, _("已保存。") if ended.of_school else _("已保存。全县正在重算，稍后看得到。")
            )
            return redirect(back)
    context = {
        "title": _("终止这个数？") if begun else _("撤回这个数？"),
        "text": _told_number(row),
        "form": form,
        "button": _("终止") if begun else _("撤回"),
        "danger": True,
        "back": back,
    }
    return render(request, "shell/confirm_page.html", context, status=422 if form.errors else 200)


def _said(number: LocalNumber) -> str:
    told = {"day": day(number.valid_from)}
    if number.of_school:
        return _("已定下，自%(day)s起本校按它算。") % told
    return _("已定下，自%(day)s起用。全县正在重算，稍后看得到。") % told


def _told_number(row: LocalNumber) -> str:
    told = {"value": row.value, "day": day(row.valid_from), "paper": row.paper, "reason": row.reason}
    return _("%(value)s，自%(day)s起，%(paper)s，%(reason)s") % told


def _told(by: Asker, row: DryRun) -> dict[str, Any]:
    """The trial in the words of the page."""
    known = numbers.definition(row.plan, row.key, row.valid_from)
    names = PlaceNames(clock.today(), by.body_code)
    turns = queries.turns(row)
    return {
        "row": row,
        "known": known,
        "number": LocalNumber.objects.filter(pk=row.pk).first(),
        "turns": turns,
        "at_once": sum(turn.count for turn in turns if turn.at_once),
        "later": sum(turn.count for turn in turns if not turn.at_once),
        "places": queries.places(row, names),
        "of_school": place_of(by) is not None,
    }


def _job(row: DryRun) -> JobProgress | None:
    return JobProgress.objects.filter(pk=row.job_id).first() if row.job_id else None


def _listing(by: Asker, row: DryRun) -> Listing:
    names = PlaceNames(clock.today(), by.body_code)
    columns = [
        Column(_("谁"), lambda one: one.name or names(one.org), phone="title"),
        Column(_("单位"), lambda one: names(one.org), sort="org"),
        Column(_("责任事项"), "obligation.title"),
        Column(_("原来"), lambda one: queries.state(one.was)),
        Column(_("按新的数"), lambda one: queries.state(one.becomes)),
        Column(_("何时"), lambda one: _("本期就变") if one.at_once else _("本期不变，只作参考")),
    ]
    townships = [(str(code), name) for code, name, _number in queries.places(row, names)]
    duties = {str(one["obligation"]) for one in row.summary.get("counts", ())}
    titles = [(key, title) for key, title in _titles(row) if key in duties]
    return Listing(
        columns=columns,
        filters=[
            Filter("township", _("乡镇"), townships, _in_township),
            Filter("obligation", _("责任事项"), titles, lambda rows, key: rows.filter(obligation=key)),
        ],
        search=lambda rows, words: rows.filter(name__startswith=words),
        search_label=_("学生姓名"),
        order=["org", "obligation__order", "id"],
        export_limit=60_000,
        empty_title=_("没有谁会变"),
        empty_text=_("按新的数，现在的履责状态都不变；名单只保留一天。"),
        empty_icon="circle-check",
    )


def _titles(row: DryRun) -> list[tuple[str, str]]:
    rows = row.plan.obligations.order_by("order").values_list("pk", "title")
    return [(str(pk), title) for pk, title in rows]


def _in_township(rows: QuerySet[DryRunChange], code: str) -> QuerySet[DryRunChange]:
    return rows.filter(org__gte=int(code), org__lt=upper(int(code), BodyKind.TOWNSHIP))
