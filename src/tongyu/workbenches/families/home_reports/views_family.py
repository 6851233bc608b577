"""A guardian tells how the child is at home, and reads what the teacher said to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Ward, requires
from tongyu.directory.families import consenting
from tongyu.records.forms import attempt
from tongyu.workbenches.families.home_reports import actions, queries, rules
from tongyu.workbenches.families.home_reports.forms import ReportForm

PAGE = 30


@require_GET
@requires(rules.OWN)
def own_reports(request: Any) -> HttpResponse:
    """The asker's own reports, the latest first, each with its child."""
    names = {ward.student_id: ward.name for ward in request.asker.wards}
    page = Paginator(queries.own(request.asker), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"report": report, "content": report.content, "name": names[report.student_id]} for report in page
    ]
    return render(request, "home_reports/family.html", {"rows": rows, "page": page})


@require_http_methods(["GET", "POST"])
@requires(rules.OWN)
def new(request: Any) -> HttpResponse:
    """Tell how one child is; with several children choose one first."""
    ward = _ward(request)
    if ward is None:
        return render(request, "home_reports/whose.html", {"wards": request.asker.wards})
    form = ReportForm(request.POST or None, initial={"student": ward.student_id})
    agreed = consenting.given(ward.student_id)
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(form, lambda: actions.send_report(by=request.asker, **form.cleaned_data)):
        messages.success(request, _("已告诉老师。内容只有班主任能看到。"))
        return redirect("home_reports:family")
    context = {"form": form, "ward": ward, "agreed": agreed, "writing": True}
    return render(request, "home_reports/new.html", context, status=422 if form.errors else 200)


@require_POST
@requires(rules.OWN)
def take_back(request: Any, pk: UUID) -> HttpResponse:
    """Take the own report back."""
    report = get_object_or_404(queries.own(request.asker), pk=pk)
    actions.take_back(by=request.asker, report=report)
    messages.success(request, _("已收回，内容已删除。"))
    return redirect("home_reports:family")


def _ward(request: Any) -> Ward | None:
    """The child of the address or the form, or the only one; 404 for a child of others."""
    wanted = request.POST.get("student") or request.GET.get("student")
    if not wanted:
        return request.asker.wards[0] if len(request.asker.wards) == 1 else None
    try:
        found: Ward | None = request.asker.ward(UUID(wanted))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
