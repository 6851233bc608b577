"""Choose a type, enter an event, say that it took place, cancel or correct it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import DepartmentStaff, OfficeStaff
from tongyu.records.forms import attempt, first_message, sent_reason
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.forms import CorrectForm, EventForm, HoldForm
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.models.types import BY_KEY, GROUPS, TYPES, EventType
from tongyu.workbenches.gatherings.events.queries import partners, scopes_to_choose
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT
from tongyu.workbenches.gatherings.events.views.looking import detail_page
from tongyu.workbenches.gatherings.events.views.shared import event_or_404, names, page

BY_SCHOOL = (BodyKind.SCHOOL, BodyKind.SCHOOL_CLASS)


@require_GET
@requires(PLAN_EVENT)
def new(request: Any) -> HttpResponse:
    """Choose the type: the usual ones of one's own body first, then by group; `?q=` narrows, `?category=` chose."""
    if (wanted := request.GET.get("category", "")) in BY_KEY:
        return redirect(f"{reverse('events:enter', args=[wanted])}?{request.GET.urlencode()}")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:30]
    fitting = [each for each in TYPES if _fits(each, words)]
    usual = [each for each in fitting if not words and request.asker.body_kind in each.usual_for]
    others = [each for each in fitting if each not in usual]
    groups = [(label, [each for each in others if each.group == key]) for key, label in GROUPS.items()]
    context = {
        "q": words,
        "usual": usual,
        "groups": [(label, types) for label, types in groups if types],
    }
    return page(request, "events/new.html", context)


@require_http_methods(["GET", "POST"])
@requires(PLAN_EVENT)
def enter(request: Any, type: str) -> HttpResponse:
    """The form of one type; the button says whether it took place or is to come."""
    if type not in BY_KEY:
        raise Http404
    chosen = BY_KEY[type]
    initial = {
        "occurred_on": today(),
        "with_parents": chosen.with_parents,
        "scopes": _usual_scopes(request, chosen),
    }
    form = EventForm(request.POST or None, initial=initial, **_choices(request))
    if request.method == "POST" and form.is_valid():
        event = attempt(form, lambda: _save(request, type, form))
        if event is not None:
            messages.success(request, _said(event))
            return redirect("events:detail", event.pk)
    return page(request, "events/form.html", {"form": form, "type": chosen}, failed=bool(form.errors))


@require_POST
@requires(PLAN_EVENT)
def hold(request: Any, pk: UUID) -> HttpResponse:
    """A planned event took place."""
    event = event_or_404(request.asker, pk)
    form = HoldForm(request.POST, event=event)
    if form.is_valid():
        held = attempt(form, lambda: actions.hold_event(by=request.asker, event=event, **form.values()))
        if held is not None:
            messages.success(request, _("已确认举行。"))
            return redirect("events:detail", pk)
    return detail_page(request, event, form, failed=True)


@require_POST
@requires(PLAN_EVENT)
def cancel(request: Any, pk: UUID) -> HttpResponse:
    """Call a planned event off, with the reason."""
    event = event_or_404(request.asker, pk)
    try:
        actions.cancel_event(by=request.asker, event=event, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("活动已取消。"))
    return redirect("events:detail", pk)


@require_http_methods(["GET", "POST"])
@requires(PLAN_EVENT)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Mend an event, with the reason."""
    event = event_or_404(request.asker, pk)
    PLAN_EVENT.check(request.asker, event)
    form = CorrectForm(request.POST or None, initial=CorrectForm.initial_of(event), **_choices(request))
    posted = request.method == "POST" and form.is_valid()
    if posted and attempt(form, lambda: _correct(request, event, form)) is not None:
        messages.success(request, _("已更正。"))
        return redirect("events:detail", pk)
    context = {"form": form, "type": BY_KEY.get(event.type), "event": event}
    return page(request, "events/form.html", context, failed=bool(form.errors))


def _save(request: Any, type: str, form: EventForm) -> Event:
    cleaned = form.cleaned_data
    shared = {"by": request.asker, "id": cleaned["id"], "type": type, **form.values(), **form.places()}
    if request.POST.get("act") in ("planned", "invited"):
        return _plan(request, expected=cleaned["people"], summary=cleaned["summary"], **shared)
    return actions.record_held(
        participants=cleaned["people"], hours=cleaned["hours"], summary=cleaned["summary"], **shared
    )


@transaction.atomic
def _plan(request: Any, **fields: Any) -> Event:
    """Put it on the calendar; with that button the families are invited in the same step."""
    event = actions.plan_event(**fields)
    if request.POST.get("act") == "invited":
        return actions.invite_families(by=request.asker, event=event)
    return event


def _said(event: Event) -> str:
    if event.held_at:
        return _("已登记。")
    if event.invited_at:
        return _("已列入计划，家长在首页能看到邀请。")
    return _("已列入计划。举行之后请来确认一下。")


def _correct(request: Any, event: Event, form: CorrectForm) -> Event:
    cleaned, places = form.cleaned_data, form.places()
    people = "participants" if event.held_at else "expected"
    changes = {
        **form.values(),
        people: cleaned["people"],
        "hours": cleaned["hours"],
        "summary": cleaned["summary"],
    }
    changes["title"] = changes["title"].strip() or event.type_name
    places["scopes"] = places["scopes"] or [scope.lo for scope in event.scopes.all()]
    return actions.correct_event(
        by=request.asker,
        event=event,
        version=cleaned["version"],
        reason=cleaned["reason"],
        changes=changes,
        **places,
    )


def _choices(request: Any) -> dict[str, Any]:
    name = names(request)
    return {
        "scopes": [(code, name(code)) for code in scopes_to_choose(request.asker, today())],
        "partners": [(code, name(code)) for code in partners(request.asker)],
        "by_school": request.asker.body_kind in BY_SCHOOL,
        "must_choose": request.asker.role in (DepartmentStaff, OfficeStaff),
    }


def _usual_scopes(request: Any, chosen: EventType) -> list[int]:
    """What a board asked for (`?org=`), or the school for a school's event; others choose."""
    asked = request.GET.get("org", "")
    if asked.isascii() and asked.isdigit():
        return [int(asked)]
    if request.asker.body_kind in (BodyKind.SCHOOL, BodyKind.TOWNSHIP):
        return [request.asker.body_code]
    return []


def _fits(each: EventType, words: str) -> bool:
    return not words or any(words in text for text in (str(each.name), each.also, str(GROUPS[each.group])))
