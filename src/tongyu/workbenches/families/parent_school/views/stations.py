"""Guidance stations: the county's list, one station, opening and mending one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import Asker, Rule, requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import TownshipStaff
from tongyu.records.forms import attempt
from tongyu.records.pages import about
from tongyu.workbenches.families.parent_school import rules
from tongyu.workbenches.families.parent_school.actions import stations as acts
from tongyu.workbenches.families.parent_school.forms import CorrectStationForm, StationForm
from tongyu.workbenches.families.parent_school.models import Station
from tongyu.workbenches.families.parent_school.queries import stations as queries

SEE = Rule("parent_school.stations_of_staff", rules.STAFF)


@require_GET
@requires(SEE)
def stations(request: Any) -> HttpResponse:
    """The county's stations by township, townships without one first."""
    on = today()
    by_township: dict[int, list[Station]] = {}
    for one in queries.open_on(request.asker, on):
        by_township.setdefault(one.org, []).append(one)
    rows = [
        {"code": code, "name": name, "stations": by_township.get(code, [])}
        for code, name in queries.townships(request.asker, on)
    ]
    context = {
        "rows": sorted(rows, key=lambda row: bool(row["stations"])),
        "lacking": sum(not row["stations"] for row in rows),
        "may_keep": acts.may_keep(request.asker),
    }
    return render(request, "parent_school/stations.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_STATIONS)
def open_station(request: Any) -> HttpResponse:
    """Put a station on record."""
    _check(request.asker)
    form = StationForm(
        request.POST or None, townships=_choices(request.asker), on=today(), initial=_asked(request)
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: acts.open_station(
                by=request.asker,
                id=form.cleaned_data["id"],
                township=form.cleaned_data["township"],
                **form.values(),
            ),
        )
        if made is not None:
            messages.success(request, _("服务站已登记。"))
            return redirect("parent_school:station", made.pk)
    return _form(request, form, _("登记服务站"))


@require_GET
@requires(SEE)
def station(request: Any, pk: UUID) -> HttpResponse:
    """One station with its history."""
    found = _station(request.asker, pk)
    may = rules.KEEP_STATIONS.allows(request.asker, found) and found.withdrawn_at is None
    context = {
        "station": found,
        "place": PlaceNames(today(), 0)(found.org),
        "may_correct": may,
        "about": about(found, asker=request.asker),
    }
    return render(request, "parent_school/station.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_STATIONS)
def correct_station(request: Any, pk: UUID) -> HttpResponse:
    """Mend or close a station, saying why."""
    _check(request.asker)
    found = _station(request.asker, pk)
    rules.KEEP_STATIONS.check(request.asker, found)
    own = [(code, name) for code, name in queries.townships(request.asker, today()) if code == found.org]
    form = CorrectStationForm(request.POST or None, station=found, townships=own, on=today())
    if request.method == "POST" and form.is_valid():
        why = {name: form.cleaned_data[name] for name in ("reason", "version")}
        done = attempt(
            form,
            lambda: acts.correct_station(by=request.asker, station=found, changes=form.values(), **why),
        )
        if done is not None:
            messages.success(request, _("已更正。"))
            return redirect("parent_school:station", pk)
    return _form(request, form, _("更正服务站"))


def _form(request: Any, form: StationForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("parent_school:stations")}
    return render(request, "parent_school/form.html", context, status=422 if form.errors else 200)


def _check(asker: Asker) -> None:
    if not acts.may_keep(asker):
        raise PermissionDenied(rules.KEEP_STATIONS.key)


def _choices(asker: Asker) -> list[tuple[int, str]]:
    every = queries.townships(asker, today())
    if asker.role is TownshipStaff:
        return [(code, name) for code, name in every if code == asker.body_code]
    return every


def _asked(request: Any) -> dict[str, Any]:
    """The township that a list asked for (`?org=`)."""
    asked = request.GET.get("org", "")
    return {"township": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) <= 17 else {}


def _station(asker: Asker, pk: UUID) -> Station:
    found = queries.visible(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
