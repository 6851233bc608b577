"""A guardian says that a meeting took place, or did not; the leader looks into the latter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import requires
from tongyu.records import confirming
from tongyu.records.confirming import LOOK_INTO
from tongyu.records.forms import attempt
from tongyu.workbenches.gatherings.events.forms import OutcomeForm, TookPlaceForm
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.queries import visible
from tongyu.workbenches.gatherings.events.rules import FAMILY_EVENT, may_confirm
from tongyu.workbenches.gatherings.events.views.family import own_event
from tongyu.workbenches.gatherings.events.views.shared import names, page


@require_POST
@requires(FAMILY_EVENT)
def confirm(request: Any, pk: UUID) -> HttpResponse:
    """One tap; another one changes it. Only about what the own child's school says was held."""
    event, form = own_event(request.asker, pk), TookPlaceForm(request.POST)
    ward = may_confirm(request.asker, event)
    if ward is None:
        raise PermissionDenied(FAMILY_EVENT.key)
    if form.is_valid():
        yes, words = form.cleaned_data["took_place"] == "yes", form.cleaned_data["words"]
        answer = {"record": event, "student": ward.student_id, "took_place": yes, "words": words}
        if attempt(form, lambda: confirming.answer(by=request.asker, **answer)):
            messages.success(request, _("谢谢，已记下。") if yes else _("已转给学校领导核实。"))
    if form.errors:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect("events:family_event", pk)


@require_GET
@requires(LOOK_INTO)
def doubted(request: Any) -> HttpResponse:
    """What guardians say was not held, for the school's leader."""
    return _doubted(request, OutcomeForm())


@require_POST
@requires(LOOK_INTO)
def looked_into(request: Any, pk: UUID) -> HttpResponse:
    """What was found about one of them."""
    answer = get_object_or_404(confirming.waiting(request.asker, Event.kind_key), pk=pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        outcome = form.cleaned_data["outcome"]
        if attempt(form, lambda: confirming.look_into(by=request.asker, answer=answer, outcome=outcome)):
            messages.success(request, _("已记下核实情况。"))
            return redirect("events:doubted")
    return _doubted(request, form)


def _doubted(request: Any, form: OutcomeForm) -> HttpResponse:
    answers = list(confirming.waiting(request.asker, Event.kind_key))
    events = {
        event.pk: event for event in visible(request.asker).filter(pk__in=[a.record_id for a in answers])
    }
    name = names(request)
    rows = [
        (answer, events[answer.record_id], name(answer.org))
        for answer in answers
        if answer.record_id in events
    ]
    return page(request, "events/doubted.html", {"rows": rows, "form": form}, failed=bool(form.errors))
