"""A guardian's pages: what the family is invited to, the answer, the questions, what was said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import Asker, Ward, requires
from tongyu.core.clock import moment, today
from tongyu.records import confirming
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.forms import QuestionForm
from tongyu.workbenches.gatherings.events.models import Event, Participation, Says
from tongyu.workbenches.gatherings.events.queries import (
    invited_events,
    own_answers,
    own_questions,
    shared_answers,
)
from tongyu.workbenches.gatherings.events.rules import (
    FAMILY_EVENT,
    has_begun,
    may_confirm,
    still_open,
    wards_in,
)

DAYS_BACK, MOST_EVENTS = 200, 60


@require_GET
@requires(FAMILY_EVENT)
def family_list(request: Any) -> HttpResponse:
    """What the families of the own children are invited to, the next first; then what has been."""
    since = today() - timedelta(days=DAYS_BACK)
    found = list(
        invited_events(request.asker).filter(occurred_on__gte=since).order_by("occurred_on")[:MOST_EVENTS]
    )
    answers = own_answers(request.asker, found)
    lines = [_line(request.asker, event, answers) for event in found]
    coming = [line for line in lines if line["event"].occurred_on >= today() and not line["event"].held_at]
    past = [line for line in reversed(lines) if line not in coming]
    return render(request, "events/family_list.html", {"coming": coming, "past": past, **_choices(request)})


@require_GET
@requires(FAMILY_EVENT)
def family_event(request: Any, pk: UUID) -> HttpResponse:
    """One event: when and where, the own answer for each child, questions, what was said there."""
    event = own_event(request.asker, pk)
    return _event_page(request, event, QuestionForm(wards=wards_in(request.asker, event)))


@require_POST
@requires(FAMILY_EVENT)
def answer(request: Any, pk: UUID) -> HttpResponse:
    """One tap: `says` for one child, as `<word>-<child>` on the button."""
    event = own_event(request.asker, pk)
    says, _dash, key = request.POST.get("says", "").partition("-")
    try:
        ward = _ward(request.asker, event, key)
        actions.answer_invitation(by=request.asker, event=event, student=ward.student_id, says=says)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已回复，开始之前都可以改。"))
    return redirect("events:family_event", pk)


@require_POST
@requires(FAMILY_EVENT)
def ask(request: Any, pk: UUID) -> HttpResponse:
    """A question to the class teacher, before or after."""
    event = own_event(request.asker, pk)
    form = QuestionForm(request.POST, wards=wards_in(request.asker, event))
    if form.is_valid():
        cleaned = form.cleaned_data
        said = {"id": cleaned["id"], "text": cleaned["text"]}
        student = UUID(cleaned["student"])
        asked = attempt(
            form, lambda: actions.ask_question(by=request.asker, event=event, student=student, **said)
        )
        if asked is not None:
            messages.success(request, _("问题已交给班主任，答复会显示在这里。"))
            return redirect("events:family_event", pk)
    return _event_page(request, event, form, failed=True)


def _event_page(request: Any, event: Event, form: QuestionForm, *, failed: bool = False) -> HttpResponse:
    asker = request.asker
    wards = wards_in(asker, event)
    line = _line(asker, event, own_answers(asker, [event]))
    here = Participation.objects.filter(event=event, student__in=[w.student_id for w in wards], attended=True)
    own = {ward.guardian_id for ward in wards}
    context = {
        "event": event,
        "children": line["children"],
        "is_open": line["is_open"],
        "begun": has_begun(event, moment()),
        "signed_in": any(row.guardian_id in own for row in here),
        **_choices(request),
        "questions": own_questions(asker, event),
        "shared": shared_answers(event, {ward.org for ward in wards}),
        "form": form,
        "may_ask": event.cancelled_at is None,
        "may_confirm": may_confirm(asker, event) is not None,
        "said": confirming.own(asker, Event.kind_key).get(event.pk) if event.held_at else None,
    }
    return render(request, "events/family_event.html", context, status=422 if failed else 200)


def _line(asker: Asker, event: Event, answers: dict[tuple[Any, UUID], str]) -> dict[str, Any]:
    """An event with, for each child of the guardian's that it is for, the answer and the choices."""
    children = []
    for ward in wards_in(asker, event):
        says = answers.get((event.pk, ward.student_id), "")
        children.append({"ward": ward, "says": says, "label": Says(says).label if says else ""})
    return {"event": event, "children": children, "is_open": still_open(event, moment())}


def _choices(request: Any) -> dict[str, Any]:
    return {"says": Says.choices, "several": len(request.asker.wards) > 1}


def own_event(asker: Asker, pk: UUID) -> Event:
    """An event to which an own family is invited; 404 for any other."""
    event = invited_events(asker).filter(pk=pk).first()
    if event is None:
        raise Http404
    return event


def _ward(asker: Asker, event: Event, key: str) -> Ward:
    """The own child that the button or the form named; a message for any other word."""
    ward = asker.ward(key)
    if ward is None or ward not in wards_in(asker, event):
        raise ValidationError(_("请刷新页面，从自己的孩子里选。"))
    return ward
