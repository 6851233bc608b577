"""The guardians' pages: what I wrote and what became of it, write one, what others asked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.families.suggestions import actions, queries, rules
from tongyu.workbenches.families.suggestions.forms import SuggestionForm
from tongyu.workbenches.families.suggestions.models import Suggestion

SHOWN = 30


@require_GET
@requires(rules.OWN)
def family(request: Any) -> HttpResponse:
    """What the guardian wrote, the latest first."""
    context = {
        "rows": queries.own(request.asker)[:SHOWN],
        "published": queries.published(request.asker).exists(),
        "schools": queries.schools(request.asker),
    }
    return render(request, "suggestions/family.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.WRITE)
def family_new(request: Any) -> HttpResponse:
    """Write to the school."""
    schools = queries.schools(request.asker)
    form = SuggestionForm(request.POST or None, schools=schools)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.write_suggestion(by=request.asker, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已交给学校。"))
            return redirect("suggestions:family_detail", made.pk)
    days = [queries.answer_days(school, today()) for school in schools] if len(schools) == 1 else [None]
    context = {"form": form, "days": days[0], "schools": schools, "writing": True}
    return render(request, "suggestions/family_new.html", context, status=422 if form.errors else 200)


@require_GET
@requires(rules.OWN)
def family_detail(request: Any, pk: UUID) -> HttpResponse:
    """One suggestion of one's own with the answer."""
    found = _own(request.asker, pk)
    return render(request, "suggestions/family_detail.html", {"suggestion": found})


@require_POST
@requires(rules.OWN)
def family_take_back(request: Any, pk: UUID) -> HttpResponse:
    """Take a suggestion back that is not answered."""
    found = _own(request.asker, pk)
    try:
        actions.take_back(by=request.asker, suggestion=found, version=found.version)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("suggestions:family_detail", pk)
    messages.success(request, _("已撤回。"))
    return redirect("suggestions:family")


@require_GET
@requires(rules.OWN)
def family_published(request: Any) -> HttpResponse:
    """What other guardians of the school asked and agreed to show, with the answers."""
    context = {"rows": queries.published(request.asker)[:SHOWN]}
    return render(request, "suggestions/family_published.html", context)


def _own(asker: Asker, pk: UUID) -> Suggestion:
    found = queries.own(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
