"""Whom a complete file no longer contains: for each, or for all that are ticked, a person says what became of them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.models import Fate, RosterAbsent
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import OfficeStaff
from tongyu.directory.roster import absent
from tongyu.directory.rules import DECIDE_ABSENT, IMPORT_ROSTER
from tongyu.portals.directory.change_sets import PER_PAGE, roster_or_404, uuids

OPEN = gettext_lazy("还没有决定")


@require_http_methods(["GET", "POST"])
@requires(IMPORT_ROSTER)
def of_roster(request: Any, pk: UUID) -> HttpResponse:
    """The list of one import."""
    row = roster_or_404(request, pk)
    people = absent.listed(request.asker, row)
    if row.state != "imported" or not people.exists():
        raise Http404
    here = reverse("directory_pages:missing", args=[pk])
    back = reverse("directory_pages:roster", args=[pk])
    return _page(request, people, here, back, (row.filename, ["", Fate.ASK, Fate.STAYS, Fate.LEFT]))


@require_http_methods(["GET", "POST"])
@requires(DECIDE_ABSENT)
def asked(request: Any) -> HttpResponse:
    """Whom the office asks this school about."""
    here, back = reverse("directory_pages:asked"), reverse("directory_pages:rosters")
    return _page(request, absent.asked_of(request.asker), here, back, (_("县办公室请核实"), [Fate.ASK]))


def _page(
    request: Any, people: QuerySet[RosterAbsent], here: str, back: str, told: tuple[str, list[str]]
) -> HttpResponse:
    title, fates = told
    counts = dict(people.order_by().values_list("fate").annotate(Count("pk")))
    wanted = request.POST.get("seen") if request.method == "POST" else request.GET.get("fate")
    fate = wanted if wanted in fates else next((one for one in fates if counts.get(one)), fates[0])
    shown = people.filter(fate=fate)
    error = ""
    if request.method == "POST":
        error = _decide(request, shown, fate)
        if not error:
            return redirect(f"{here}?fate={fate}")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    name = PlaceNames(today(), request.asker.body_code)
    names = {"": OPEN, **dict(Fate.choices)}
    context = {
        "title": title,
        "back": back,
        "fate": fate,
        "picks": [
            {
                "label": names[one],
                "href": f"{here}?fate={one}",
                "current": one == fate,
                "count": counts.get(one, 0),
            }
            for one in fates
        ],
        "page": page,
        "lines": [(one, name(one.org)) for one in page],
        "total": counts.get(fate, 0),
        "offered": _offered(request, fate),
        "today": today(),
        "error": error,
        "sent": request.POST,
    }
    return render(request, "directory_pages/missing.html", context, status=422 if error else 200)


def _offered(request: Any, fate: str) -> list[tuple[str, str]]:
    """What may be chosen: who has left is not brought back here, and a school does not ask itself."""
    if fate == Fate.LEFT:
        return []
    return [
        (value, str(label))
        for value, label in Fate.choices
        if value != fate and (value != Fate.ASK or request.asker.role is OfficeStaff)
    ]


def _decide(request: Any, shown: QuerySet[RosterAbsent], seen: str) -> str:
    """Decide those ticked, or all of this list; returns why not."""
    chosen = uuids(request.POST.getlist("person"))
    if request.POST.get("all"):
        chosen = list(shown.values_list("pk", flat=True))
    try:
        done = absent.decide_absent(
            by=request.asker,
            people=chosen,
            fate=request.POST.get("fate", ""),
            left_on=_day(request.POST.get("left_on", "")),
            seen=seen,
        )
    except ValidationError as error:
        return str(error.messages[0])
    messages.success(request, _("已保存 %(count)d 人的决定。") % {"count": done})
    return ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
