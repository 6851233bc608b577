"""The school's pages: days on offer, each teacher's list, blocking and booking on a family's behalf."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import moment, today
from tongyu.directory.models import Student
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher, SubjectTeacher
from tongyu.records.forms import attempt, first_message, sent_reason
from tongyu.workbenches.gatherings.talks import actions, queries
from tongyu.workbenches.gatherings.talks.forms import BookForForm, OfferForm
from tongyu.workbenches.gatherings.talks.models import TalkDay, TalkSlot
from tongyu.workbenches.gatherings.talks.rules import KEEP_DESK, OFFER, PUPILS, SEE_DAY, receives


@require_GET
@requires(SEE_DAY)
def list_days(request: Any) -> HttpResponse:
    """The days of talks, those to come first."""
    days = list(queries.with_counts(queries.visible_days(request.asker)).order_by("-day", "-id")[:100])
    coming = [day for day in reversed(days) if day.day >= today()]
    context = {
        "coming": coming,
        "past": [day for day in days if day.day < today()],
        "may_offer": OFFER.allows(request.asker),
    }
    return _page(request, "talks/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(OFFER)
def new(request: Any) -> HttpResponse:
    """Offer a day: who receives, from when to when, how long."""
    form = OfferForm(request.POST or None, **_choices(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.offer_day(by=request.asker, **form.values()))
        if made is not None:
            messages.success(request, _("已发出，受邀的家长现在就可以预约。"))
            return redirect("talks:day", made.pk)
    return _page(request, "talks/new.html", {"form": form}, failed=bool(form.errors))


@require_GET
@requires(SEE_DAY)
def day(request: Any, pk: UUID) -> HttpResponse:
    """Each teacher's list of the day, to read and to print."""
    found = _day(request, pk)
    name = PlaceNames(today(), request.asker.body_code)
    context = {
        "day": found,
        "desks": queries.desk_lists(request.asker, found),
        "name": name,
        "may_cancel": OFFER.allows(request.asker, found)
        and found.cancelled_at is None
        and found.day >= today(),
        "open": found.closes_at > moment(),
        "over": found.day < today() or found.cancelled_at is not None,
    }
    return _page(request, "talks/day.html", context)


@require_POST
@requires(KEEP_DESK)
def block(request: Any, pk: UUID) -> HttpResponse:
    """Receive nobody at that time; a family that had booked gets the line."""
    return _act(
        request, pk, lambda slot: actions.block_slot(by=request.asker, slot=slot, line=sent_reason(request))
    )


@require_POST
@requires(KEEP_DESK)
def unblock(request: Any, pk: UUID) -> HttpResponse:
    """Offer a blocked time again."""
    return _act(request, pk, lambda slot: actions.unblock_slot(by=request.asker, slot=slot))


@require_POST
@requires(KEEP_DESK)
def end(request: Any, pk: UUID) -> HttpResponse:
    """Take a booking back, with a line to the family; the time stays on offer."""
    return _act(
        request, pk, lambda slot: actions.end_booking(by=request.asker, slot=slot, line=sent_reason(request))
    )


@require_http_methods(["GET", "POST"])
@requires(KEEP_DESK)
def book_for(request: Any, pk: UUID) -> HttpResponse:
    """Book a free time for a family that has no phone."""
    slot = _slot(request, pk)
    classes = list(slot.desk.classes.all())
    adults = [
        (
            f"{tie.student_id}.{tie.guardian_id}",
            f"{tie.student.name} · {tie.guardian.name}（{tie.get_relation_display()}）",
        )
        for tie in queries.answering(request.asker).order_by("student__name_key", "student_id", "position")
        if receives(classes, tie.org, tie.student_id)
    ]
    form = BookForForm(request.POST or None, adults=adults)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: actions.book_for(by=request.asker, id=form.cleaned_data["id"], slot=slot, **form.pair()),
        )
        if made is not None:
            messages.success(request, _("已为%(name)s家约好。") % {"name": made.name})
            return redirect("talks:day", slot.desk.day_id)
    return _page(request, "talks/book_for.html", {"slot": slot, "form": form}, failed=bool(form.errors))


@require_POST
@requires(OFFER)
def call_off(request: Any, pk: UUID) -> HttpResponse:
    """Call the day off, with the reason that the families read."""
    found = _day(request, pk)
    try:
        actions.cancel_day(by=request.asker, day=found, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("面谈日已取消，约好的家长会看到原因。"))
    return redirect("talks:day", pk)


def _act(request: Any, pk: UUID, act: Any) -> HttpResponse:
    """Do something with a slot of the own desk and go back to the day."""
    slot = _slot(request, pk)
    try:
        act(slot)
    except ValidationError as error:
        messages.error(request, first_message(error))
    return redirect(f"{reverse('talks:day', args=[slot.desk.day_id])}#s{slot.pk}")


def _day(request: Any, pk: UUID) -> TalkDay:
    found = queries.visible_days(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _slot(request: Any, pk: UUID) -> TalkSlot:
    rows = KEEP_DESK.rows(request.asker, TalkSlot.objects.all())
    found = rows.select_related("desk__day").prefetch_related("desk__classes").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _choices(request: Any) -> dict[str, Any]:
    """Whom the asker may put on the day: a class teacher the own pupils, a leader the school's teachers and classes."""
    asker = request.asker
    found = queries.teachers(asker, today())
    name = PlaceNames(today(), asker.body_code)
    codes = sorted({code for one in found for code in one.classes})
    students: list[tuple[Any, str]] = []
    if asker.role is ClassTeacher:
        rows = PUPILS.rows(asker, Student.objects.filter(enrolments__left_on__isnull=True)).distinct()
        students = [(str(row.pk), row.name) for row in rows.order_by("name_key", "id")]
    return {"teachers": found, "classes": [(code, name(code)) for code in codes], "students": students}


def _page(request: Any, template: str, context: dict[str, Any], *, failed: bool = False) -> HttpResponse:
    """Teachers get the phone's page, a leader the desk's."""
    phone = request.asker.role in (ClassTeacher, SubjectTeacher)
    context["base"] = "shell/phone.html" if phone else "shell/base.html"
    return render(request, template, context, status=422 if failed else 200)
