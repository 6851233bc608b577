"""What the school's leader sees: what waits, the most urgent first; one suggestion and its answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.records.forms import attempt
from tongyu.records.history import history_of
from tongyu.workbenches.families.suggestions import actions, queries, rules
from tongyu.workbenches.families.suggestions.forms import AnswerForm

SHOWN = 50


@require_GET
@requires(rules.SEE)
def list_suggestions(request: Any) -> HttpResponse:
    """What waits for an answer, then what was answered last."""
    asker, on = request.asker, today()
    waiting = list(queries.waiting(asker)[:200])
    answered = queries.visible(asker).filter(answered_at__isnull=False, withdrawn_at=None)
    context = {
        "waiting": waiting,
        "overdue": sum(one.due_on is not None and one.due_on < on for one in waiting),
        "answered": answered.order_by("-answered_at")[:SHOWN],
        "days": queries.answer_days(asker.body_code, on),
        "on": on,
    }
    return render(request, "suggestions/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One suggestion; answer it, or mend the answer."""
    found = queries.visible(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None, suggestion=found)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.answer_suggestion(by=request.asker, suggestion=found, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, _("答复已发给家长。"))
            return redirect("suggestions:list")
    context = {
        "suggestion": found,
        "form": form,
        "history": history_of(found, asker=request.asker),
        "on": today(),
    }
    return render(request, "suggestions/detail.html", context, status=422 if form.errors else 200)
