"""The pages that both sides share: one conversation, its messages and files."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import audit, clock, files
from tongyu.core.access import requires
from tongyu.directory.models import Student
from tongyu.directory.naming import class_label
from tongyu.directory.roles import GuardianRole
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.families.conversations import actions, queries, rules
from tongyu.workbenches.families.conversations.forms import MessageForm, OpenForm
from tongyu.workbenches.families.conversations.models import Conversation, MessageFile

FAR = 2**31 - 1


@require_GET
@requires(rules.OPEN_AT_SCHOOL)
def conversation_list(request: Any) -> HttpResponse:
    """The teacher's conversations, the latest first."""
    rows = list(queries.listed(request.asker)[:200])
    return render(request, "conversations/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(rules.OPEN_AT_SCHOOL)
def new(request: Any) -> HttpResponse:
    """Begin a conversation; without a child, choose one first."""
    asker, wanted = request.asker, request.GET.get("student", "")
    if not wanted:
        return render(request, "conversations/choose.html", {"classes": _by_class(queries.pupils(asker))})
    student = queries.pupil(asker, _uuid(wanted))
    if student is None:
        raise Http404
    today = clock.today()
    adults = queries.guardians_of(student.pk, today)
    teachers = [one for one in queries.teachers_of(student.org, today) if one.account_id != asker.account_id]
    form = OpenForm(request.POST or None, adults=adults, teachers=teachers, own=False)
    if request.method == "POST" and form.is_valid():
        opened = attempt(form, lambda: _open(request, form, student.pk))
        if opened:
            return redirect("conversations:detail", opened.pk)
    context = {"form": form, "student": student, "adults": adults, "writing": True}
    return render(request, "conversations/new.html", context, status=422 if form.errors else 200)


def _by_class(pupils: list[Student]) -> list[tuple[str, list[Student]]]:
    """The children under the name of their class; a class teacher has one."""
    today = clock.today()
    return [(class_label(code, today), list(some)) for code, some in groupby(pupils, lambda one: one.org)]


def _open(request: Any, form: OpenForm, student: UUID) -> Conversation:
    return actions.open_conversation(
        by=request.asker, student=student, uploads=request.FILES.getlist("uploads"), **form.content()
    )


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """Who is in, what was said, and a line to answer."""
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    return _thread(request, _found(request, pk), MessageForm(), number)


@require_POST
@requires(rules.SEE)
def post(request: Any, pk: UUID) -> HttpResponse:
    """Send one message; what is refused stays in the form."""
    conversation, uploads = _found(request, pk), request.FILES.getlist("uploads")
    form = MessageForm(request.POST, alone=not uploads)
    if form.is_valid():
        sent = attempt(
            form,
            lambda: actions.post_message(
                by=request.asker, conversation=pk, uploads=uploads, **form.cleaned_data
            ),
        )
        if sent:
            return redirect("conversations:detail", pk)
    return _thread(request, conversation, form, None)


@require_POST
@requires(rules.SEE)
def take_back(request: Any, pk: UUID) -> HttpResponse:
    """Take an own message back."""
    try:
        message = actions.take_back(by=request.asker, message=pk)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect(_list_name(request))
    return redirect("conversations:detail", message.conversation_id)


@require_POST
@requires(rules.SEE)
def read(request: Any, pk: UUID) -> HttpResponse:
    """The page tells, once it is shown, up to which message it showed."""
    number = request.POST.get("number", "")
    _found(request, pk)
    if not (number.isascii() and number.isdigit()):
        return HttpResponseBadRequest()
    actions.mark_read(by=request.asker, conversation=pk, number=min(int(number[:12]), FAR))
    return HttpResponse(status=204)


@require_GET
@requires(rules.SEE)
def file(request: Any, pk: UUID) -> HttpResponseBase:
    """A file of a message that the asker may read; of one taken back there is none."""
    found = MessageFile.objects.filter(pk=pk).select_related("message").first()
    if found is None or found.message.withdrawn_at is not None:
        raise Http404
    _found(request, found.message.conversation_id)
    try:
        answer = files.answer(found.path, found.name)
    except (FileNotFoundError, ValueError):
        raise Http404(pk) from None
    audit.note("open_file", "conversations_messagefile", str(pk), found.org, {"by": request.asker.role.key})
    return answer


def _found(request: Any, pk: UUID) -> Conversation:
    found = queries.visible(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _thread(request: Any, conversation: Conversation, form: MessageForm, before: int | None) -> HttpResponse:
    asker, now = request.asker, clock.now()
    shown = queries.messages(conversation, before)
    people = queries.people(conversation, clock.today())
    readers = queries.read_by(asker, conversation, people)
    for message in shown:
        own = message.by_account == asker.account_id
        message.own = own  # type: ignore[attr-defined]
        message.fresh = own and now - message.at <= rules.TAKE_BACK  # type: ignore[attr-defined]
        message.read_by = [name for name, number in readers if own and number >= message.number]  # type: ignore[attr-defined]
    ward = asker.ward(conversation.student_id) if asker.role is GuardianRole else None
    context = {
        "conversation": conversation,
        "child": ward.name if ward else conversation.student.name,
        "place": ward.place if ward else "",
        "people": people,
        "shown": shown,
        "earlier": shown[0].number if len(shown) == queries.PAGE else None,
        "last": shown[-1].number if shown else 0,
        "form": form,
        "may_write": bool(people.guardians if ward is None else people.staff),
        "back": _list_name(request),
        "passes_on": any(seat.startswith("*") for seat in conversation.seats),
        "writing": True,
    }
    return render(request, "conversations/detail.html", context, status=422 if form.errors else 200)


def _list_name(request: Any) -> str:
    return "conversations:family" if request.asker.role is GuardianRole else "conversations:list"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
