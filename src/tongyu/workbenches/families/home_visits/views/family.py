"""A guardian's page of one visit, and what the leader does about one that is said not to have taken place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.directory.naming import class_label
from tongyu.records import confirming
from tongyu.records.confirming import LOOK_INTO
from tongyu.records.forms import attempt
from tongyu.workbenches.families.home_visits import queries, rules
from tongyu.workbenches.families.home_visits.family import who
from tongyu.workbenches.families.home_visits.forms import AnswerForm, OutcomeForm
from tongyu.workbenches.families.home_visits.models import HomeVisit


@require_http_methods(["GET", "POST"])
@requires(rules.OWN_CHILD)
def family_visit(request: Any, pk: UUID) -> HttpResponse:
    """That the child was visited, and the guardian's word about it: one tap, changed by another."""
    visit = get_object_or_404(queries.of_own_children(request.asker), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        took_place, words = form.cleaned_data["took_place"] == "yes", form.cleaned_data["words"]
        if attempt(
            form,
            lambda: confirming.answer(
                by=request.asker, record=visit, student=visit.student_id, took_place=took_place, words=words
            ),
        ):
            messages.success(request, _("谢谢，已记下。") if took_place else _("已转给学校领导核实。"))
            return redirect("/")
    context = {
        "visit": visit,
        "ward": request.asker.ward(visit.student_id),
        "who": who(visit),
        "form": form,
        "own": confirming.own(request.asker, HomeVisit.kind_key).get(visit.pk),
    }
    return render(request, "home_visits/family_visit.html", context, status=422 if form.errors else 200)


@require_GET
@requires(LOOK_INTO)
def doubted(request: Any) -> HttpResponse:
    """The visits that guardians say did not take place, for the school's leader."""
    return _doubted(request, OutcomeForm())


@require_POST
@requires(LOOK_INTO)
def looked_into(request: Any, pk: UUID) -> HttpResponse:
    """What was found about one of them."""
    answer = get_object_or_404(confirming.waiting(request.asker, HomeVisit.kind_key), pk=pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        outcome = form.cleaned_data["outcome"]
        if attempt(form, lambda: confirming.look_into(by=request.asker, answer=answer, outcome=outcome)):
            messages.success(request, _("已记下核实情况。"))
            return redirect("home_visits:doubted")
    return _doubted(request, form)


def _doubted(request: Any, form: OutcomeForm) -> HttpResponse:
    answers = list(confirming.waiting(request.asker, HomeVisit.kind_key))
    visits = {
        one.pk: one for one in queries.listed(request.asker).filter(pk__in=[a.record_id for a in answers])
    }
    rows = [(answer, visits[answer.record_id]) for answer in answers if answer.record_id in visits]
    context = {
        "rows": [(a, v, who(v), class_label(v.org, v.occurred_on)) for a, v in rows],
        "form": form,
    }
    return render(request, "home_visits/doubted.html", context, status=422 if form.errors else 200)
