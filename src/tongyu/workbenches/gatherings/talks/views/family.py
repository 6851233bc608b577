"""A guardian's pages: choose a time for each child, change it, cancel it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import moment, today
from tongyu.core.ids import uuid7
from tongyu.records.forms import first_message
from tongyu.workbenches.gatherings.talks import actions, queries
from tongyu.workbenches.gatherings.talks.actions import Wanted
from tongyu.workbenches.gatherings.talks.models import Ended, TalkDay
from tongyu.workbenches.gatherings.talks.rules import FAMILY_DESK, OWN_BOOKING


@require_GET
@requires(FAMILY_DESK)
def family_list(request: Any) -> HttpResponse:
    """The days to which the own children are invited, and what is booked."""
    days = list(queries.invited_days(request.asker).order_by("-day")[:40])
    bookings = [row for row in queries.own_bookings(request.asker) if row.ended_at is None]
    lines = [(day, [row for row in bookings if row.desk.day_id == day.pk]) for day in days]
    context = {
        "coming": [line for line in reversed(lines) if line[0].day >= today()],
        "past": [line for line in lines if line[0].day < today()],
    }
    return render(request, "talks/family_list.html", context)


@require_GET
@requires(FAMILY_DESK)
def family_day(request: Any, pk: UUID) -> HttpResponse:
    """One day: for each child and teacher what is booked, or the free times; for siblings times back to back."""
    day = _day(request, pk)
    is_open = day.closes_at > moment() and day.cancelled_at is None
    found = queries.offers(request.asker, day)
    ended = [
        row
        for row in queries.own_bookings(request.asker)
        if row.desk.day_id == day.pk and row.ended in (Ended.TEACHER, Ended.DAY)
    ]
    changing = request.GET.get("change", "")
    context = {
        "day": day,
        "is_open": is_open,
        "offers": [
            {"offer": offer, "changing": bool(offer.booking and str(offer.booking.pk) == changing)}
            for offer in found
        ],
        "pairs": queries.pairs(found) if is_open else [],
        "ids": {str(ward.student_id): uuid7() for ward in request.asker.wards},
        "ended": ended if any(offer.booking is None for offer in found) or day.cancelled_at else [],
        "several": len(request.asker.wards) > 1,
    }
    return render(request, "talks/family_day.html", context)


@require_POST
@requires(FAMILY_DESK)
def book(request: Any, pk: UUID) -> HttpResponse:
    """Book what the button names: `child.slot`, for siblings two of them; the page made the ids."""
    day = _day(request, pk)
    try:
        wanted = [_wanted(request, part) for part in request.POST.get("pick", "")[:400].split(",")]
        made = actions.book(
            by=request.asker, wanted=wanted, wish=request.POST.get("wish", "").replace("\x00", "")
        )
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        if all(row.ended_at is None for row in made):
            messages.success(request, _("约好了。") if len(made) == 1 else _("两个孩子都约好了。"))
    return redirect("talks:family_day", day.pk)


@require_POST
@requires(OWN_BOOKING)
def cancel(request: Any, pk: UUID) -> HttpResponse:
    """Cancel the own booking."""
    row = next((one for one in queries.own_bookings(request.asker) if one.pk == pk), None)
    if row is None:
        raise Http404
    try:
        actions.cancel_booking(by=request.asker, booking=row)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已取消，时间让给别的家长。"))
    return redirect("talks:family_day", row.desk.day_id)


def _wanted(request: Any, part: str) -> Wanted:
    student, _dot, slot = part.partition(".")
    try:
        key = UUID(request.POST.get(f"id-{student}", ""))
        return Wanted(key, UUID(slot), UUID(student))
    except ValueError:
        raise ValidationError(_("请重新选择时间。")) from None


def _day(request: Any, pk: UUID) -> TalkDay:
    found = queries.invited_days(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
