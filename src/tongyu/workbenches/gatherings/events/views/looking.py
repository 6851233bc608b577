"""The list, the month, and one event."""

from calendar import Calendar as Weeks
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.core.periods import Span, month_span
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.records.exports import export_records
from tongyu.records.pages import about
from tongyu.shell.listing import Column, Filter, Listing
from tongyu.workbenches.gatherings.events.forms import HoldForm, InviteForm
from tongyu.workbenches.gatherings.events.models import Event, Status
from tongyu.workbenches.gatherings.events.models.types import GROUPS, TYPES
from tongyu.workbenches.gatherings.events.queries import (
    attendance_counts,
    class_counts,
    reachable,
    standing,
    with_status,
)
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, SEE_EVENT, SIGN_IN_LIST, may_invite
from tongyu.workbenches.gatherings.events.views.shared import (
    event_or_404,
    names,
    organiser_words,
    page,
    scope_words,
)

TONES = {Status.PLANNED: "blue", Status.HELD: "green", Status.CANCELLED: "stone"}
MOST_CLASSES = 60


def _of_group(events: QuerySet[Event], group: str) -> QuerySet[Event]:
    return events.filter(type__in=[each.key for each in TYPES if each.group == group])


def listing(request: Any) -> Listing:
    """The list as this asker reads it: names of places are read once a page."""
    name = names(request)
    return Listing(
        columns=[
            Column(_("活动"), "title", href=_address, phone="title"),
            Column(_("类型"), "type_name"),
            Column(_("日期"), "occurred_on", sort="occurred_on", kind="day"),
            Column(_("组织单位"), lambda event: organiser_words(event, name)),
            Column(_("参加范围"), lambda event: scope_words(event, name)),
            Column(_("人数"), "participants", kind="count", phone="hide"),
            Column(_("状态"), lambda event: event.status.label),
        ],
        filters=[
            Filter("status", _("状态"), Status.choices, apply=with_status),
            Filter("group", _("类别"), list(GROUPS.items()), apply=_of_group),
        ],
        search=["title", "summary", "place"],
        search_label=_("名称、地点或小结"),
        order=["-occurred_on", "-id"],
        empty_title=_("还没有活动"),
        empty_text=_("登记家长会、讲座、演练等，相关责任会自动记为已完成。"),
        empty_icon="calendar-event",
        empty_href=reverse("events:new") if PLAN_EVENT.allows(request.asker) else "",
        empty_action=_("登记活动"),
    )


@require_GET
@requires(SEE_EVENT)
def list_events(request: Any) -> HttpResponse:
    """All events the asker sees, the latest first; with `format=xlsx` the workbook."""
    shown, events = listing(request), standing(request.asker)
    if shown.wants_export(request):
        return export_records(request, shown, events, kind=Event.kind_key, name=str(_("活动")))
    context = {"page": shown.page(request, events), "views": _tabs("list"), "may_plan": _may_plan(request)}
    return page(request, "events/list.html", context)


@require_GET
@requires(SEE_EVENT)
def month(request: Any) -> HttpResponse:
    """A month as a calendar (`?of=2026-11`); on phones the days that have something."""
    span = _month_of(request.GET.get("of", ""))
    found = standing(request.asker).filter(occurred_on__gte=span.start, occurred_on__lt=span.end)
    by_day: dict[date, list[Event]] = {}
    for event in found.order_by("occurred_on", "starts_at", "id")[:400]:
        by_day.setdefault(event.occurred_on, []).append(event)
    weeks = [
        [{"day": day, "inside": day in span, "events": by_day.get(day, [])} for day in week]
        for week in Weeks(0).monthdatescalendar(span.start.year, span.start.month)
    ]
    context = {
        "span": span,
        "weeks": weeks,
        "by_day": sorted(by_day.items()),
        "today": today(),
        "before": span.start - timedelta(days=1),
        "after": span.end,
        "views": _tabs("month"),
        "may_plan": _may_plan(request),
    }
    return page(request, "events/month.html", context)


@require_GET
@requires(SEE_EVENT)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One event: what, when, for whom; what may be done with it now."""
    event = event_or_404(request.asker, pk)
    return detail_page(request, event, HoldForm(event=event))


def detail_page(request: Any, event: Event, form: HoldForm, *, failed: bool = False) -> HttpResponse:
    """The page of one event with the form that says that it took place."""
    name = names(request)
    may = PLAN_EVENT.allows(request.asker, event) and event.withdrawn_at is None
    correct_url = reverse("events:correct", args=[event.pk]) if may and event.cancelled_at is None else ""
    context = {
        "event": event,
        "tone": TONES[event.status],
        "organisers": organiser_words(event, name),
        "places": scope_words(event, name, most=12),
        "counts": attendance_counts(event),
        "classes": [] if event.with_parents else _classes(request, event, name),
        "families": _families(request, event, name),
        "invite": _invite(request, event) if may else None,
        "form": form,
        "may_hold": may and event.status is Status.PLANNED,
        "is_future": event.occurred_on > today(),
        "may_show_code": may and event.status is not Status.CANCELLED,
        "about": about(event, asker=request.asker, correct_url=correct_url),
    }
    return page(request, "events/detail.html", context, failed=failed)


def _classes(request: Any, event: Event, name: Any) -> list[tuple[int, str]]:
    """The asker's classes that the event was for: their attendance may be recorded."""
    if event.withdrawn_at is not None or event.status is Status.CANCELLED:
        return []
    standing_classes = Body.objects.standing_on(event.occurred_on).filter(kind=BodyKind.SCHOOL_CLASS)
    found = SIGN_IN_LIST.rows(request.asker, standing_classes).order_by("code").values_list("code", flat=True)
    scopes = list(event.scopes.all())
    inside = [code for code in found[:200] if any(scope.lo <= code < scope.hi for scope in scopes)]
    return [(code, name(code)) for code in inside[:MOST_CLASSES]]


def _families(request: Any, event: Event, name: Any) -> dict[str, Any] | None:
    """The classes with their families' answers and attendance, in children, for who may tick them off."""
    if not event.with_parents or not event.stands or request.asker.role not in SIGN_IN_LIST.roles:
        return None
    counts = class_counts(event, today())
    total = {
        key: sum(getattr(one, key) for one in counts)
        for key in ("pupils", "coming", "not_coming", "divided", "silent", "present", "absent", "open")
    }
    shown = [(one, name(one.code)) for one in counts[:MOST_CLASSES]]
    return {"total": total, "classes": shown, "on_the_day": today() >= event.occurred_on}


def _invite(request: Any, event: Event) -> dict[str, Any] | None:
    """The form that invites, and how many it reaches; None when there is nobody to invite."""
    if not may_invite(event) or today() > event.occurred_on:
        return None
    pupils, reached = reachable(event, today())
    form = InviteForm(initial={"line": event.invitation})
    return {"form": form, "pupils": pupils, "reached": reached, "missed": pupils - reached}


def _address(event: Event) -> str:
    return reverse("events:detail", args=[event.pk])


def _may_plan(request: Any) -> bool:
    return PLAN_EVENT.allows(request.asker)


def _tabs(current: str) -> list[dict[str, Any]]:
    words = (("list", _("列表")), ("month", _("月历")))
    return [
        {"label": label, "href": reverse(f"events:{key}"), "current": key == current} for key, label in words
    ]


def _month_of(text: str) -> Span:
    """The month that the address names; this month for anything odd."""
    year, _dash, number = text.partition("-")
    if year.isdecimal() and number.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(number) <= 12:
        return month_span(int(year), int(number))
    return month_span(today().year, today().month)
