"""我的任务: what somebody started, how far it is, and the result to fetch."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tongyu.core import kept_files
from tongyu.core.access import Anywhere, Asker, Rule, requires
from tongyu.core.models import JobProgress, KeptFile
from tongyu.directory.roles import SIGNING_IN
from tongyu.records.making import TASK
from tongyu.shell import results
from tongyu.shell.export import XLSX

SEE_TASKS = Rule("home.tasks", SIGNING_IN, Anywhere())
PER_PAGE = 30


@require_GET
@requires(SEE_TASKS)
def tasks(request: Any) -> HttpResponse:
    """The asker's own jobs, the latest first; those that run show how far they are."""
    page = Paginator(_own(request.asker), PER_PAGE).get_page(request.GET.get("page"))
    found = results.of(request.asker, list(page))
    lines = [(one, found.get(one.pk)) for one in page]
    return render(request, "home/tasks.html", {"page": page, "lines": lines})


@require_GET
@requires(SEE_TASKS)
def task(request: Any, job: UUID) -> HttpResponse:
    """How far one job is: the line alone, asked for each second while it runs."""
    one = _own(request.asker).filter(pk=job).first()
    if one is None:
        raise Http404
    result = results.of(request.asker, [one]).get(one.pk)
    return render(request, "home/task.html", {"one": one, "result": result})


@require_GET
@requires(SEE_TASKS)
def task_file(request: Any, job: UUID) -> HttpResponse:
    """The file that a job made, for whoever asked for it in the role worn; noted in the audit."""
    row = kept_files.openable(request.asker, job)
    if row is None:
        raise Http404
    return kept_files.answer(row, XLSX)


def _own(asker: Asker) -> Any:
    """Row-level security says the same: a job is seen by its asker alone."""
    return JobProgress.objects.filter(asked_by=str(asker.account_id)).order_by("-queued_at")


def _files(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, results.Result]:
    rows = KeptFile.objects.filter(job__in=[one.pk for one in found], content__isnull=False)
    ready = rows.filter(role=asker.role.key, org=asker.body_code).values_list("job_id", flat=True)
    return {job: results.Result(reverse("home:task_file", args=[job]), _("下载")) for job in ready if job}


results.register(TASK, _files)
