"""Everything computed again, at the office's request: a job with its progress."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.core.models import JobProgress
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.duties import jobs
from tongyu.duties.models import TrendPoint
from tongyu.portals.duty_board.reach import Place
from tongyu.portals.duty_board.rules import RECOMPUTE
from tongyu.shell import results


@require_POST
@requires(RECOMPUTE)
def recompute(request: Any) -> HttpResponse:
    """Ask for it; while one runs, a second is not started."""
    running = latest(request.asker)
    if running is None or running.finished:
        jobs.ask_full(containing(request.asker.body_code, BodyKind.COUNTY), clock.today())
        messages.info(request, _("已开始重算，下面看得到进度。期间可以照常使用。"))
    return redirect("duty_board:obligations")


@require_GET
@requires(RECOMPUTE)
def progress(request: Any, job: UUID) -> HttpResponse:
    """How far it is: the component alone, asked for each second."""
    found = JobProgress.objects.filter(pk=job, kind=jobs.FULL).first()
    if found is None:
        raise Http404
    return render(request, "duty_board/progress.html", {"job": found})


def _results(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, results.Result]:
    here = reverse("duty_board:obligations")
    return {one.pk: results.Result(here, gettext_lazy("责任清单")) for one in found if one.finished}


results.register(jobs.FULL, _results)


def last_day(place: Place) -> date | None:
    """The day on which everything in the county was last computed."""
    county = containing(place.code, BodyKind.COUNTY)
    return TrendPoint.objects.filter(place=county).aggregate(day=Max("day"))["day"]


def latest(asker: Asker) -> JobProgress | None:
    """The asker's last request, or None; others' are not visible."""
    return (
        JobProgress.objects.filter(kind=jobs.FULL, asked_by=str(asker.account_id))
        .order_by("-queued_at")
        .first()
    )
