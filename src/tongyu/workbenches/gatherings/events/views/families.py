"""The families of a class: invited, ticked off (by tap, with or without network, or from paper), told afterwards."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import moment, today
from tongyu.directory.models import Body
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.forms import InviteForm, ToldForm
from tongyu.workbenches.gatherings.events.models import Event, How, Way
from tongyu.workbenches.gatherings.events.queries import Family, families_of_class, questions_of_class
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, SIGN_IN_LIST, has_begun, still_open
from tongyu.workbenches.gatherings.events.views.shared import event_or_404, names, page

MARKS = {"1": True, "0": False, "": None}
SHOWN = {True: "1", False: "0", None: "-"}


@require_POST
@requires(PLAN_EVENT)
def invite(request: Any, pk: UUID) -> HttpResponse:
    """Invite the families, or change the line to them."""
    event, form = event_or_404(request.asker, pk), InviteForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("给家长的话不能超过 200 个字。"))
        actions.invite_families(by=request.asker, event=event, line=form.cleaned_data["line"])
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已邀请，家长在首页能看到。"))
    return redirect("events:detail", pk)


@require_http_methods(["GET", "POST"])
@requires(SIGN_IN_LIST)
def families(request: Any, pk: UUID, class_code: int) -> HttpResponse:
    """The class by child: what each family answered and, from the day on, whether it is there."""
    event = event_of_class(request, pk, class_code)
    fault = ""
    if request.method == "POST":
        try:
            _mark(request, event, class_code)
        except ValidationError as error:
            fault = first_message(error)
        else:
            messages.success(request, _("到场情况已保存。"))
            return redirect(request.get_full_path())
    found = families_of_class(event, class_code, today())
    context = class_page(request, event, class_code, "families")
    context |= {
        "families": found,
        "present": sum(family.present is True for family in found),
        "absent": sum(family.present is False for family in found),
        "open": sum(family.present is None for family in found),
        "on_the_day": today() >= event.occurred_on and event.stands,
        "may_answer": still_open(event, moment()),
        "from_paper": _how(request) == How.PAPER,
        "shown": "".join(SHOWN[family.present] for family in found),
        "fault": fault,
    }
    return page(request, "events/families.html", context, failed=bool(fault))


@require_POST
@requires(SIGN_IN_LIST)
def taps(request: Any, pk: UUID, class_code: int) -> JsonResponse:
    """What the page has waiting: `{"taps": [{"id", "student", "mark", "at"}, …]}` → what became of each.

    The page keeps a tap until this answer names it, so a tap that got lost on the way comes again.
    """
    event = event_of_class(request, pk, class_code)
    try:
        sent = [_tap(one) for one in json.loads(request.body)["taps"]]
        became = actions.take_taps(
            by=request.asker, event=event, class_code=class_code, taps=sent, how=_how(request)
        )
    except ValidationError as error:
        return JsonResponse({"fault": first_message(error)}, status=409)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, RawPostDataException):
        return JsonResponse({"fault": _("这些点击的格式不对，没有保存。")}, status=400)
    return JsonResponse({"taps": {str(key): word for key, word in became.items()}})


@require_GET
@requires(SIGN_IN_LIST)
def paper(request: Any, pk: UUID, class_code: int) -> HttpResponse:
    """The list to print, with room for a signature."""
    event = event_of_class(request, pk, class_code)
    context = class_page(request, event, class_code, "paper")
    context["families"] = families_of_class(event, class_code, today())
    return page(request, "events/paper.html", context)


@require_http_methods(["GET", "POST"])
@requires(SIGN_IN_LIST)
def told(request: Any, pk: UUID, class_code: int, student: UUID) -> HttpResponse:
    """What a family told the teacher, in place of its own answer."""
    event = event_of_class(request, pk, class_code)
    family = next(
        (one for one in families_of_class(event, class_code, today()) if one.student == student), None
    )
    if family is None:
        raise Http404
    form = ToldForm(request.POST or None, family=family)
    if request.method == "POST" and form.is_valid():
        answer = {**form.cleaned_data, "guardian": UUID(form.cleaned_data["guardian"]), "student": student}
        saved = attempt(
            form,
            lambda: actions.answer_for(by=request.asker, event=event, class_code=class_code, **answer),
        )
        if saved is not None:
            messages.success(request, _("已登记%(name)s家的回复。") % {"name": family.name})
            return redirect("events:families", pk, class_code)
    context = {"event": event, "family": family, "form": form, "class_code": class_code}
    return page(request, "events/told.html", context, failed=bool(form.errors))


@require_http_methods(["GET", "POST"])
@requires(SIGN_IN_LIST)
def follow_up(request: Any, pk: UUID, class_code: int) -> HttpResponse:
    """The families that were not there: a tick says how they were told."""
    event = event_of_class(request, pk, class_code)
    found = families_of_class(event, class_code, today())
    fault = ""
    if request.method == "POST":
        try:
            count = _tell(request, event, class_code, found)
        except ValidationError as error:
            fault = first_message(error)
        else:
            messages.success(request, _("已登记 %d 家。") % count)
            return redirect(request.path)
    absent = [family for family in found if family.present is False]
    context = class_page(request, event, class_code, "follow_up")
    context |= {
        "waiting": [family for family in absent if not family.followed_up],
        "done": [(family, Way(family.followed_up).label) for family in absent if family.followed_up],
        "ways": Way.choices,
        "open": sum(family.present is None for family in found),
        "begun": has_begun(event, moment()),
        "fault": fault,
    }
    return page(request, "events/follow_up.html", context, failed=bool(fault))


def class_page(request: Any, event: Event, class_code: int, current: str) -> dict[str, Any]:
    """What the pages of one class at one event share: the names, and the way from one to the other."""
    asked = sum(row.answered_at is None for row in questions_of_class(request.asker, event, class_code))
    words = (
        ("families", _("回复与签到"), None),
        ("follow_up", _("会后告知"), None),
        ("questions", _("家长提问"), asked or None),
        ("paper", _("纸质名单"), None),
    )
    return {
        "event": event,
        "class_code": class_code,
        "place": names(request)(class_code),
        "views": [
            {
                "label": label,
                "href": reverse(f"events:{key}", args=[event.pk, class_code]),
                "current": key == current,
                "count": count,
            }
            for key, label, count in words
        ],
    }


def event_of_class(request: Any, pk: UUID, class_code: int) -> Event:
    """An event with parents, and a class of the asker's for which it is; 404 otherwise."""
    event = event_or_404(request.asker, pk)
    body = SIGN_IN_LIST.rows(request.asker, Body.objects.filter(code=class_code)).first()
    inside = any(scope.lo <= class_code < scope.hi for scope in event.scopes.all())
    if body is None or not inside or not event.with_parents:
        raise Http404
    return event


def _mark(request: Any, event: Event, class_code: int) -> None:
    """What a page without script sends: the marks that were touched there, and what holds for the rest."""
    found, shown = families_of_class(event, class_code, today()), request.POST.get("shown", "")
    if len(shown) != len(found):
        raise ValidationError(_("名单有变化，请刷新页面后再登记。"))
    said = {family.student: request.POST.get(family.key) for family in found}
    marks = {
        family.student: MARKS[word]
        for family, stood in zip(found, shown, strict=True)
        if (word := said[family.student]) in MARKS and SHOWN[MARKS[word]] != stood
    }
    actions.mark_families(
        by=request.asker,
        event=event,
        class_code=class_code,
        marks=marks,
        rest=MARKS.get(request.POST.get("rest", "")),
        how=_how(request),
    )


def _how(request: Any) -> str:
    return How.PAPER if request.GET.get("how") == How.PAPER else How.LIST


def _tell(request: Any, event: Event, class_code: int, found: list[Family]) -> int:
    """One family by its button `way-student`, or all that wait by `rest`."""
    if rest := request.POST.get("rest", ""):
        students, way = [f.student for f in found if not f.followed_up], rest
    else:
        way, _dash, key = request.POST.get("told", "").partition("-")
        students = [family.student for family in found if family.key == key]
    return actions.tell_absent(
        by=request.asker, event=event, class_code=class_code, students=students, way=way
    )


def _tap(sent: Any) -> actions.Tap:
    return actions.Tap(UUID(sent["id"]), UUID(sent["student"]), MARKS[sent["mark"]], _claimed(sent.get("at")))


def _claimed(at: Any) -> datetime | None:
    """What the phone's clock said; nothing when it said nothing that is a moment."""
    try:
        moment_of_tap = parse_datetime(at)
    except (TypeError, ValueError):
        return None
    return moment_of_tap if moment_of_tap and moment_of_tap.tzinfo else None
