"""The parents' questions of a class, and the teacher's answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.records.forms import attempt
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.forms import ReplyForm
from tongyu.workbenches.gatherings.events.models import FamilyQuestion
from tongyu.workbenches.gatherings.events.queries import questions_of_class
from tongyu.workbenches.gatherings.events.rules import ANSWER_QUESTION, SIGN_IN_LIST
from tongyu.workbenches.gatherings.events.views.families import class_page, event_of_class
from tongyu.workbenches.gatherings.events.views.shared import page


@require_GET
@requires(SIGN_IN_LIST)
def questions(request: Any, pk: UUID, class_code: int) -> HttpResponse:
    """What the parents of the class asked; those without an answer first."""
    event = event_of_class(request, pk, class_code)
    context = class_page(request, event, class_code, "questions")
    context["questions"] = questions_of_class(request.asker, event, class_code)
    return page(request, "events/questions.html", context)


@require_http_methods(["GET", "POST"])
@requires(ANSWER_QUESTION)
def reply(request: Any, pk: UUID) -> HttpResponse:
    """Answer one question, to the asker alone or to the class's families too."""
    rows = ANSWER_QUESTION.rows(request.asker, FamilyQuestion.objects.all())
    question = rows.select_related("event", "student", "guardian").filter(pk=pk).first()
    if question is None:
        raise Http404
    shared = hasattr(question, "shared")
    form = ReplyForm(request.POST or None, initial={"answer": question.answer, "share": shared})
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, lambda: actions.answer_question(by=request.asker, question=question, **form.cleaned_data)
        )
        if saved is not None:
            messages.success(request, _("已答复，提问的家长能看到。"))
            return redirect("events:questions", question.event_id, question.org)
    context = {"question": question, "event": question.event, "form": form}
    return page(request, "events/reply.html", context, failed=bool(form.errors))
