"""The office's pages: which schools are ready, the preview of the whole county, run, result, undo."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.core.models import JobProgress
from tongyu.directory.calendar import school_year_name
from tongyu.directory.models import RollOver, RollOverState
from tongyu.directory.rollover import actions
from tongyu.directory.rollover.preview import make_preview
from tongyu.directory.rollover.undoing import what_rests_on
from tongyu.directory.rollover.writing import whole_county
from tongyu.directory.rules import PREPARE_ROLL_OVER, RUN_ROLL_OVER
from tongyu.portals.rollover import showing
from tongyu.portals.rollover.asking import latest, standing
from tongyu.shell import results

BUSY = {RollOverState.RUNNING, RollOverState.UNDOING}


@require_GET
@requires(PREPARE_ROLL_OVER)
def home(request: Any) -> HttpResponse:
    """The year that is prepared now: the office's overview, or the school's own page."""
    year = actions.year_to_roll(clock.today())
    if RUN_ROLL_OVER.allows(request.asker):
        return redirect("rollover:overview", year)
    return redirect("rollover:school", year, request.asker.body_code)


@require_GET
@requires(RUN_ROLL_OVER)
def overview(request: Any, year: int) -> HttpResponse:
    """Every school: whether it is ready, and how many pupils go which way; or how the roll-over went."""
    row = latest(request.asker, year)
    context: dict[str, Any] = {"year": year, "label": school_year_name(year), "row": row}
    if row is None or row.state == RollOverState.UNDONE:
        may = year == actions.year_to_roll(clock.today())
        return render(request, "rollover/begin.html", context | {"may_begin": may})
    if not row.open:
        return render(request, "rollover/result.html", context | _result(row, request.asker.body_code))
    found = make_preview(row, *whole_county(row))
    context |= showing.overview(row, found, request.GET.get("show", ""), request.asker.body_code)
    return render(request, "rollover/overview.html", context)


@require_POST
@requires(RUN_ROLL_OVER)
def begin(request: Any, year: int) -> HttpResponse:
    """Begin to prepare; schools can say what becomes of their pupils from now on."""
    latest(request.asker, year)
    try:
        actions.open_roll_over(by=request.asker, start_year=year)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已开始准备。各学校现在可以登记留级、转学、离校的学生。"))
    return redirect("rollover:overview", year)


@require_http_methods(["GET", "POST"])
@requires(RUN_ROLL_OVER)
def preview(request: Any, year: int) -> HttpResponse:
    """Everything that would happen, and what stands in the way; run from here."""
    row = standing(request.asker, year)
    if request.method == "POST":
        try:
            actions.preview_roll_over(by=request.asker, roll_over=row)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("rollover:overview", year)
        return redirect("rollover:preview", year)
    if not row.open:
        return redirect("rollover:overview", year)
    found = make_preview(row, *whole_county(row))
    context = {
        "year": year,
        "label": school_year_name(year),
        "row": row,
        "due": clock.today() >= row.day,
        "seen": row.state == RollOverState.PREVIEWED and row.summary.get("mark") == found.mark,
        **showing.preview(row, found, request.asker.body_code),
    }
    return render(request, "rollover/preview.html", context)


@require_POST
@requires(RUN_ROLL_OVER)
def run(request: Any, year: int) -> HttpResponse:
    """Run what the preview showed, in the background. A second time is refused."""
    row = standing(request.asker, year)
    try:
        actions.run_roll_over(by=request.asker, roll_over=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("rollover:overview", year)


@require_http_methods(["GET", "POST"])
@requires(RUN_ROLL_OVER)
def undo(request: Any, year: int) -> HttpResponse:
    """What undoing does, or what rests on the roll-over and keeps it from being undone."""
    row = standing(request.asker, year)
    if row.state != RollOverState.DONE:
        return redirect("rollover:overview", year)
    if request.method == "POST":
        try:
            actions.undo_roll_over(by=request.asker, roll_over=row)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("rollover:undo", year)
        return redirect("rollover:overview", year)
    until = actions.undo_until(row)
    context = {
        "year": year,
        "label": school_year_name(year),
        "row": row,
        "until": until,
        "late": clock.today() > until,
        "obstacles": showing.obstacles(what_rests_on(row), row, request.asker.body_code),
    }
    return render(request, "rollover/undo.html", context)


@require_GET
@requires(RUN_ROLL_OVER)
def progress(request: Any, year: int) -> HttpResponse:
    """How far the job is; when it is through, the page is loaded again."""
    row = standing_or_undone(request, year)
    response = render(request, "rollover/progress.html", {"row": row, "year": year, "job": _job(row)})
    if row.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


def standing_or_undone(request: Any, year: int) -> RollOver:
    """The roll-over of the year, also the one whose undoing has just ended."""
    return latest(request.asker, year) or standing(request.asker, year)


def _result(row: RollOver, home_code: int) -> dict[str, Any]:
    busy = row.state in BUSY
    context: dict[str, Any] = {"busy": busy, "job": _job(row)}
    if busy:
        return context
    until = actions.undo_until(row)
    return context | showing.result(row, home_code) | {"until": until, "may_undo": clock.today() <= until}


def _job(row: RollOver) -> JobProgress | None:
    return JobProgress.objects.filter(pk=row.job_id).first() if row.job_id else None


def _results(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, results.Result]:
    """The roll-overs that these jobs ran or undid."""
    if not RUN_ROLL_OVER.allows(asker):
        return {}
    rows = RollOver.objects.filter(job_id__in=[one.pk for one in found])
    return {
        job: results.Result(reverse("rollover:overview", args=[year]), gettext_lazy("查看"))
        for job, year in rows.values_list("job_id", "start_year")
        if job
    }


for _task in (actions.RUN, actions.UNDO):
    results.register(_task, _results)
