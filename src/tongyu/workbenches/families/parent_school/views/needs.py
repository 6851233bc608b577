"""The needs survey as the school keeps it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.records.forms import attempt
from tongyu.workbenches.families.parent_school import rules
from tongyu.workbenches.families.parent_school.actions import needs as acts
from tongyu.workbenches.families.parent_school.forms import SurveyForm
from tongyu.workbenches.families.parent_school.queries import needs as queries


@require_http_methods(["GET", "POST"])
@requires(rules.ASK_NEEDS)
def needs(request: Any) -> HttpResponse:
    """Open a survey; see what the last ones said, in numbers."""
    on = today()
    form = SurveyForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: acts.ask_needs(
                by=request.asker, topics=form.cleaned_data["topics"], closes_on=form.closes_on
            ),
        )
        if made is not None:
            messages.success(request, _("已开始征集，家长在“家长学校”里可以选。"))
            return redirect("parent_school:needs")
    surveys = list(queries.of_body(request.asker)[:4])
    context = {
        "form": form,
        "surveys": [(one, queries.wishes(request.asker, one)) for one in surveys],
        "running": any(one.closes_on > on for one in surveys),
        "on": on,
        "few": queries.FEW,
    }
    return render(request, "parent_school/needs.html", context, status=422 if form.errors else 200)


@require_POST
@requires(rules.ASK_NEEDS)
def end_needs(request: Any, pk: UUID) -> HttpResponse:
    """Close a survey before its day."""
    found = queries.of_body(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    acts.end_needs(by=request.asker, survey=found)
    messages.success(request, _("征集已结束。"))
    return redirect("parent_school:needs")
