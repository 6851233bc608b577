"""The inbox: a list, one message, what is read, and which channels outside may be used."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.hats import school_year_of
from tongyu.directory.models import Body
from tongyu.directory.roles import ClassTeacher, GuardianRole
from tongyu.notices import actions, channels, queries
from tongyu.notices.models import Delivery, Preference
from tongyu.notices.quiet import quiet_hours
from tongyu.notices.rules import SEE_INBOX, SEE_UNREACHED
from tongyu.notices.topics import OUTSIDE, topic_of
from tongyu.portals.inbox.forms import ChannelsForm

PER_PAGE = 30


@require_GET
@requires(SEE_INBOX)
def inbox(request: Any) -> HttpResponse:
    """The own messages, the latest first; each says which child it is about."""
    page = Paginator(queries.inbox(request.asker), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    children = queries.children_of(request.asker, rows)
    lines = [
        {"row": row, "children": children.get(row.pk, []), "kind": topic_of(row.message.topic).title}
        for row in rows
    ]
    context = {"page": page, "lines": lines, "unread": any(row.read_at is None for row in rows)}
    if request.asker.role is ClassTeacher:
        context["school_class"] = request.asker.body_code
    return render(request, "inbox/list.html", {**context, **_look(request.asker)})


@require_GET
@requires(SEE_INBOX)
def message(request: Any, message: UUID) -> HttpResponse:
    """One message; that it was seen is posted by the page itself, since opening an address changes nothing."""
    row = _own(request.asker, message)
    context = {
        "row": row,
        "children": queries.children_of(request.asker, [row]).get(row.pk, []),
        "kind": topic_of(row.message.topic).title,
        "sender": _sender(request.asker, row.message.org),
    }
    return render(request, "inbox/message.html", {**context, **_look(request.asker)})


@require_POST
@requires(SEE_INBOX)
def read(request: Any, message: UUID) -> HttpResponse:
    """Note that the own line was seen."""
    row = _own(request.asker, message)
    actions.mark_read(by=request.asker, deliveries=[row.pk])
    return HttpResponse()


@require_POST
@requires(SEE_INBOX)
def read_all(request: Any) -> HttpResponse:
    """Note that everything was seen."""
    actions.mark_all_read(by=request.asker)
    return redirect("inbox:list")


@require_http_methods(["GET", "POST"])
@requires(SEE_INBOX)
def preferences(request: Any) -> HttpResponse:
    """The channels that this installation has, and which of them the person wants."""
    choices = [(key, channels.channel(key).label) for key in OUTSIDE if channels.channel(key).ready()]
    known = Preference.objects.filter(account_id=request.asker.account_id).first()
    off = set(known.off) if known else set()
    form = ChannelsForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"on": [key for key, _label in choices if key not in off]},
    )
    if request.method == "POST" and form.is_valid():
        offered = {key for key, _label in choices}
        chosen = (offered - set(form.cleaned_data["on"])) | (off - offered)
        actions.set_preference(by=request.asker, off=chosen)
        messages.success(request, _("已保存。"))
        return redirect("inbox:list")
    context = {"form": form, "choices": choices, "hours": quiet_hours(), **_look(request.asker)}
    return render(request, "inbox/preferences.html", context, status=422 if form.errors else 200)


@require_GET
@requires(SEE_UNREACHED)
def unreached(request: Any, school_class: int) -> HttpResponse:
    """The class's work list: whom the messages of the last month did not reach, and why."""
    if not request.asker.reaches(school_class):
        raise Http404
    rows = queries.unreached(request.asker, school_class)
    lines = [
        {"row": row, "why": "；".join(f"{one.name}：{one.why}" for one in row.guardians)} for row in rows
    ]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sender": _sender(request.asker, school_class),
        "mend": reverse("families:reach_of", args=[school_class]),
    }
    return render(request, "inbox/unreached.html", context)


def _own(asker: Asker, message: UUID) -> Delivery:
    row = queries.inbox(asker).filter(message_id=message).first()
    if row is None:
        raise Http404
    return row


def _sender(asker: Asker, org: int) -> str:
    """The place that sent it; of an own child's class its name as the family knows it."""
    ward = next((ward for ward in asker.wards if ward.org == org), None)
    if ward:
        return ward.place
    body = Body.objects.filter(code=org).first()
    return body.grade_name_on(school_year_of(today())) if body else ""


def _look(asker: Asker) -> dict[str, Any]:
    """Guardians have their own pages, on a telephone first."""
    family = asker.role is GuardianRole
    return {"base": "shell/family.html" if family else "shell/base.html", "family": family}
