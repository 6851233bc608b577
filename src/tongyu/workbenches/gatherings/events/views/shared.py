"""What the pages of events share."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import ClassTeacher, GuardianRole, SubjectTeacher
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.queries import visible


def page(request: Any, template: str, context: dict[str, Any], *, failed: bool = False) -> HttpResponse:
    """Teachers and guardians get the phone's page, everybody else the desk's."""
    phone = request.asker.role in (ClassTeacher, SubjectTeacher, GuardianRole)
    context["base"] = "shell/phone.html" if phone else "shell/base.html"
    return render(request, template, context, status=422 if failed else 200)


def event_or_404(asker: Asker, pk: UUID) -> Event:
    """One event with its scopes and organisers; 404 for one that the asker may not see."""
    found = visible(asker).prefetch_related("scopes", "organisers").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def names(request: Any) -> PlaceNames:
    """What places are called today."""
    return PlaceNames(today(), request.asker.body_code)


def scope_words(event: Event, name: PlaceNames, most: int = 3) -> str:
    """The first places the event was for, and how many more."""
    scopes = list(event.scopes.all())
    shown = "、".join(name(scope.lo) for scope in scopes[:most])
    if len(scopes) <= most:
        return shown
    return _("%(shown)s 等%(n)d处") % {"shown": shown, "n": len(scopes)}


def organiser_words(event: Event, name: PlaceNames) -> str:
    """Who organised it, the first one first."""
    words = []
    for each in sorted(event.organisers.all(), key=lambda o: not o.main):
        body = name(each.body)
        words.append(_("%(body)s家委会") % {"body": body} if each.word == "committee" else body)
    return "、".join(words)
