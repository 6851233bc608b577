"""Who was there: the code to scan, and the list of a class."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.directory.models import Body
from tongyu.directory.roles import GuardianRole
from tongyu.records.forms import first_message
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.actions.signing_in import event_of_token
from tongyu.workbenches.gatherings.events.models import Status
from tongyu.workbenches.gatherings.events.queries import Person, people_on_list
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, SIGN_IN_LIST, SIGN_IN_SELF, wards_in
from tongyu.workbenches.gatherings.events.views.shared import event_or_404, names, page

MARKS = {"1": True, "0": False, "": None}
SHOWN = {True: "1", False: "0", None: "-"}


@require_GET
@requires(PLAN_EVENT)
def code(request: Any, pk: UUID) -> HttpResponse:
    """The code to show at the door. The page draws a new one every two minutes; each works for a quarter of an hour."""
    event = event_or_404(request.asker, pk)
    PLAN_EVENT.check(request.asker, event)
    if event.withdrawn_at is not None or event.status is Status.CANCELLED:
        raise Http404
    token = actions.sign_in_token(event)
    url = request.build_absolute_uri(f"{reverse('events:sign_in')}?code={quote(token)}")
    drawn = segno.make(url, error="m").svg_inline(omitsize=True, border=4, dark="#24312b", light="#ffffff")
    context = {"event": event, "drawn": mark_safe(drawn)}  # noqa: S308 - drawn by segno from our own address
    return page(request, "events/code.html", context)


@require_http_methods(["GET", "POST"])
@requires(SIGN_IN_SELF)
def sign_in(request: Any) -> HttpResponse:
    """Where a scanned code leads: one tap signs in, staff for themselves and a guardian for the own children."""
    token = (request.POST.get("code") or request.GET.get("code") or "")[:400]
    is_guardian = request.asker.role is GuardianRole
    sign = actions.sign_in_guardian if is_guardian else actions.sign_in_by_token
    own = {"is_guardian": is_guardian}
    try:
        event = event_of_token(request.asker, token)
        if request.method == "POST":
            sign(by=request.asker, token=token)
    except ValidationError as error:
        return page(request, "events/sign_in.html", {**own, "fault": first_message(error)}, failed=True)
    if request.method == "POST":
        messages.success(request, _("已签到。"))
        return redirect("events:family_event" if is_guardian else "events:detail", event.pk)
    wards = wards_in(request.asker, event)
    return page(request, "events/sign_in.html", {**own, "event": event, "code": token, "wards": wards})


@require_http_methods(["GET", "POST"])
@requires(SIGN_IN_LIST)
def attendance(request: Any, pk: UUID, class_code: int) -> HttpResponse:
    """The list of a class: yes, no, not recorded; one tap marks the rest present."""
    event = event_or_404(request.asker, pk)
    body = SIGN_IN_LIST.rows(request.asker, Body.objects.filter(code=class_code)).first()
    if body is None or not any(scope.lo <= class_code < scope.hi for scope in event.scopes.all()):
        raise Http404
    who = _group(request, event)
    people = [one for one in people_on_list(event, class_code) if (one.guardian is None) == (who == "pupils")]
    fault = ""
    if request.method == "POST":
        try:
            _record(request, event, class_code, people)
        except ValidationError as error:
            fault = first_message(error)
        else:
            messages.success(request, _("到场情况已保存。"))
            return redirect(f"{request.path}?who={who}")
    context = {
        "event": event,
        "place": names(request)(class_code),
        "people": people,
        "shown": "".join(SHOWN[person.attended] for person in people),
        "groups": _groups(who) if event.with_parents else [],
        "present": sum(person.attended is True for person in people),
        "open": sum(person.attended is None for person in people),
        "fault": fault,
    }
    return page(request, "events/attendance.html", context, failed=bool(fault))


def _group(request: Any, event: Any) -> str:
    """Parents or pupils: one at a time, so that the page stays small."""
    return "parents" if event.with_parents and request.GET.get("who") != "pupils" else "pupils"


def _groups(who: str) -> list[dict[str, Any]]:
    words = (("parents", _("家长逐个")), ("pupils", _("学生")))
    return [{"label": label, "href": f"?who={key}", "current": key == who} for key, label in words]


def _record(request: Any, event: Any, class_code: int, people: list[Person]) -> None:
    """What was ticked on the page; `rest` marks those present of whom nothing is recorded.

    `shown` says what stood on the page: a mark that was not touched there does not overwrite another editor's.
    """
    rest = "rest" in request.POST
    given, shown = request.POST.get("hours", "").strip(), request.POST.get("shown", "")
    hours = _hours(given) if given else None
    if shown and len(shown) != len(people):
        raise ValidationError(_("名单有变化，请刷新页面后再登记。"))
    marks: dict[tuple[UUID, UUID | None], bool | None] = {}
    for number, person in enumerate(people):
        open_one = rest and person.attended is None
        said = request.POST.get(person.key, "" if open_one else None)
        if said not in MARKS:
            continue
        mark = MARKS[said]
        if mark is None and open_one:
            mark = True
        elif shown[number : number + 1] == SHOWN[mark] and not (mark and hours is not None):
            continue
        marks[person.student, person.guardian] = mark
    actions.sign_in_list(by=request.asker, event=event, class_code=class_code, marks=marks, hours=hours)


def _hours(text: str) -> Any:
    return forms.DecimalField(min_value=0, max_value=999, max_digits=5, decimal_places=1).clean(text.strip())
