"""The school's own page of its parent school, the list of schools above it, one part."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.hats import school_year_of
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import SchoolLeader, TownshipStaff
from tongyu.records.forms import attempt
from tongyu.records.kinds import kinds
from tongyu.records.pages import about
from tongyu.workbenches.families.parent_school import rules
from tongyu.workbenches.families.parent_school.actions import parts as acts
from tongyu.workbenches.families.parent_school.forms import CorrectPartForm, PartForm
from tongyu.workbenches.families.parent_school.models import Part, PartKind, Topic
from tongyu.workbenches.families.parent_school.queries import needs, parts, stations

ICONS = {
    PartKind.TEAM: "users",
    PartKind.PLACE: "building",
    PartKind.PLAN: "notebook",
    PartKind.ACTIVITY: "calendar-event",
}


@require_GET
@requires(rules.SEE_PARTS)
def home(request: Any) -> HttpResponse:
    """At a school or township its four parts; above, the schools with what they lack."""
    asker = request.asker
    if asker.role not in (SchoolLeader, TownshipStaff):
        return _schools(request)
    found, on = parts.of_year(asker, asker.body_code, today()), today()
    at_township = asker.role is TownshipStaff
    context = {
        "parts": [
            {"key": key, "label": PartKind(key).label, "icon": ICONS[PartKind(key)], "rows": rows}
            for key, rows in found.items()
        ],
        "missing": sum(not rows for rows in found.values()),
        "may_carry": any(not found[part] for part in acts.LASTING) and _has_last_year(asker),
        "session_url": reverse(kinds.get("event").new_url) if "event" in kinds else "",
        "sessions": parts.sessions(asker.body_code, on)[: parts.SESSIONS_SHOWN],
        "at_school": not at_township,
        "schools": parts.summaries(asker, on) if at_township else [],
        "stations": stations.open_on(asker, on).filter(org=asker.body_code) if at_township else [],
        "survey": needs.of_body(asker).first(),
        "on": on,
    }
    return render(request, "parent_school/home.html", context)


def _has_last_year(asker: Asker) -> bool:
    before = date(school_year_of(today()) - 1, 9, 1)
    found = parts.of_year(asker, asker.body_code, before)
    return any(found[part] for part in acts.LASTING)


def _schools(request: Any) -> HttpResponse:
    context = {"schools": parts.summaries(request.asker, today()), "women": rules.of_women(request.asker)}
    return render(request, "parent_school/schools.html", context)


@require_POST
@requires(rules.KEEP_PARTS)
def carry_over(request: Any) -> HttpResponse:
    """Team and place as they were last year."""
    made = acts.carry_over(by=request.asker)
    if made:
        messages.success(request, _("已沿用上学年的：%s。") % "、".join(str(one) for one in made))
    return redirect("parent_school:home")


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_PARTS)
def new_part(request: Any, part: str) -> HttpResponse:
    """Put one part on record for this school year."""
    if part not in PartKind.values:
        raise Http404
    wanted = _wanted(request.asker) if part == PartKind.PLAN else []
    form = PartForm(request.POST or None, part=part, initial={"topics": wanted})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: acts.record_part(
                by=request.asker, part=part, id=form.cleaned_data["id"], **form.values()
            ),
        )
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect("parent_school:home")
    context = {"form": form, "title": PartKind(part).label, "wanted": [Topic(key).label for key in wanted]}
    return render(request, "parent_school/form.html", context, status=422 if form.errors else 200)


def _wanted(asker: Asker) -> list[str]:
    """What the guardians asked for in the last survey that is over or has been answered by enough."""
    last = needs.of_body(asker).first()
    return needs.wishes(asker, last).wanted[:6] if last is not None else []


@require_GET
@requires(rules.SEE_PARTS)
def part(request: Any, pk: UUID) -> HttpResponse:
    """One part with its files and history."""
    record = _part(request.asker, pk)
    context = {
        "part": record,
        "topics": [Topic(key).label for key in record.topics if key in Topic.values],
        "place": PlaceNames(today(), 0)(record.org),
        "about": about(
            record, asker=request.asker, correct_url=reverse("parent_school:correct_part", args=[pk])
        ),
    }
    return render(request, "parent_school/part.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_PARTS)
def correct_part(request: Any, pk: UUID) -> HttpResponse:
    """Mend a part, saying why."""
    record = _part(request.asker, pk)
    rules.KEEP_PARTS.check(request.asker, record)
    form = CorrectPartForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        why = {name: form.cleaned_data[name] for name in ("reason", "version")}
        done = attempt(
            form,
            lambda: acts.correct_part(by=request.asker, record=record, changes=form.values(), **why),
        )
        if done is not None:
            messages.success(request, _("已更正。"))
            return redirect("parent_school:part", pk)
    context = {"form": form, "title": _("更正：%s") % record.get_part_display()}
    return render(request, "parent_school/form.html", context, status=422 if form.errors else 200)


def _part(asker: Asker, pk: UUID) -> Part:
    found = parts.visible(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
