"""The form on the phone; one visit with its history; its correction."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.models import Student
from tongyu.directory.naming import class_label
from tongyu.directory.rules import SEE_PUPILS
from tongyu.records import attachments
from tongyu.records.forms import attempt, first_message
from tongyu.records.pages import about
from tongyu.workbenches.families.home_visits import actions, queries, rules
from tongyu.workbenches.families.home_visits.forms import CorrectionForm, DoneForm, VisitForm
from tongyu.workbenches.families.home_visits.models import HomeVisit, Met, Visitor

SECRET = ("topics", "line", "follow_up")


@require_http_methods(["GET", "POST"])
@requires(rules.WRITE)
def new(request: Any) -> HttpResponse:
    """Record a visit to one pupil; without a pupil, choose one first."""
    sent = (
        VisitForm(request.POST, asker=request.asker, on=today(), carers=[])
        if request.method == "POST"
        else None
    )
    if sent is not None and sent.is_valid():
        visit = _saved(request, sent)
        if visit:
            _attach(request, visit)
            messages.success(request, _("家访已保存。"))
            return redirect("home_visits:class_of", visit.place)
    student = _pupil(request)
    if student is None:
        return redirect("home_visits:class")
    carers = queries.carers(student, today()) if SEE_PUPILS.allows(request.asker) else []
    initial = {"student": student.pk}
    form = sent or VisitForm(asker=request.asker, on=today(), carers=carers, initial=initial)
    context = {
        "form": form,
        "student": student,
        "carers": carers[:1],
        "class_name": class_label(student.org, today()),
        "last": queries.last_visit(request.asker, student),
        "sees_marks": SEE_PUPILS.allows(request.asker),
        "writing": True,
    }
    return render(request, "home_visits/new.html", context, status=422 if form.errors else 200)


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One visit with its history."""
    return _detail(request, _visit(request, pk), DoneForm(initial={"done_on": today()}))


@require_http_methods(["GET", "POST"])
@requires(rules.CHANGE)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Correct a visit, saying why."""
    visit = _visit(request, pk)
    rules.CHANGE.check(request.asker, visit)
    form = CorrectionForm(request.POST or None, asker=request.asker, on=today(), visit=visit)
    if request.method == "POST" and form.is_valid():
        why = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
        if attempt(
            form, lambda: actions.correct_visit(by=request.asker, visit=visit, **why, **form.content())
        ):
            messages.success(request, _("已更正，原来的内容保留在记录里。"))
            return redirect("home_visits:detail", pk)
    context = {"form": form, "visit": visit, "writing": True}
    return render(request, "home_visits/correct.html", context, status=422 if form.errors else 200)


@require_POST
@requires(rules.CHANGE)
def follow_up(request: Any, pk: UUID) -> HttpResponse:
    """What was agreed is done."""
    visit = _visit(request, pk)
    form = DoneForm(request.POST)
    if form.is_valid():
        done_on = form.cleaned_data["done_on"]
        if attempt(form, lambda: actions.close_follow_up(by=request.asker, visit=visit, done_on=done_on)):
            messages.success(request, _("已记为完成。"))
            return redirect("home_visits:detail", pk)
    return _detail(request, visit, form)


def _detail(request: Any, visit: HomeVisit, form: DoneForm) -> HttpResponse:
    reads = rules.READ_TEXT.allows(request.asker, visit)
    context = {
        "visit": visit,
        "visitors": [Visitor(value).label for value in visit.visitors],
        "met": [Met(value).label for value in visit.met],
        "reads": reads,
        "form": form,
        "class_name": class_label(visit.org, visit.occurred_on),
        "partners": [queries.partner_name(code) for code in visit.co_bodies],
        "about": about(
            visit,
            asker=request.asker,
            correct_url=reverse("home_visits:correct", args=[visit.pk]),
            hidden=() if reads else SECRET,
        ),
    }
    return render(request, "home_visits/detail.html", context, status=422 if form.errors else 200)


def _visit(request: Any, pk: UUID) -> HomeVisit:
    return get_object_or_404(queries.listed(request.asker), pk=pk)


def _pupil(request: Any) -> Student | None:
    """The pupil of the address or the form; 404 when out of reach."""
    wanted = request.POST.get("student") or request.GET.get("student")
    if not wanted:
        return None
    try:
        found = queries.pupil(request.asker, UUID(wanted))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _saved(request: Any, form: VisitForm) -> HomeVisit | None:
    """The visit as it stands now, or None when the action refused it. Reads the pupil only when it must say why."""
    ids = {"id": form.cleaned_data["id"], "student": form.cleaned_data["student"]}
    try:
        return attempt(form, lambda: actions.record_visit(by=request.asker, **ids, **form.content()))
    except PermissionDenied:
        _pupil(request)
        raise


def _attach(request: Any, visit: HomeVisit) -> None:
    """Photos that came with the form; the visit stands even when a photo is refused."""
    uploads = request.FILES.getlist("files")
    if not uploads or attachments.of(visit).exists():
        return
    try:
        attachments.add(by=request.asker, record=visit, uploads=uploads)
    except ValidationError as error:
        messages.warning(request, _("家访已保存，但文件没有保存：%s") % first_message(error))
