"""The numbers of the plan in the asker's county, and one of them with its history."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory.naming import PlaceNames
from tongyu.duties.queries.scope import county_of
from tongyu.plan.rights import READ, SET_NUMBERS, sets_for
from tongyu.portals.local_numbers import queries
from tongyu.portals.plan_reader.asking import place_of, plan_of


@require_GET
@requires(READ)
def listed(request: Any) -> HttpResponse:
    """Every number with its value, its source and since when."""
    by, place = request.asker, place_of(request.asker)
    found = queries.lines(plan_of(by), county_of(by), clock.today(), place)
    kinds = [
        ("", _("全部")),
        *([("school", _("本校可以定的")), ("own", _("本校已定"))] if place is not None else []),
        ("plan", _("方案定的")),
        ("local", _("本县已定")),
        ("office", _("起始值，待定")),
    ]
    asked = request.GET.get("kind", "")
    asked = asked if asked in dict(kinds) else ""
    tabs = [
        {
            "label": label,
            "href": f"?kind={kind}" if kind else "?",
            "current": kind == asked,
            "count": sum(_is(line, kind) for line in found),
        }
        for kind, label in kinds
    ]
    lines = [line for line in found if _is(line, asked)]
    return render(
        request, "local_numbers/list.html", {"lines": lines, "sources": tabs, "at_school": place is not None}
    )


def _is(line: queries.Line, kind: str) -> bool:
    return line.for_schools if kind == "school" else kind in ("", line.kind)


@require_GET
@requires(READ)
def number(request: Any, key: str) -> HttpResponse:
    """One number: what it is, what may be made of it, where it is used, and every value it ever had."""
    by, today = request.asker, clock.today()
    names = PlaceNames(today, by.body_code)
    found = queries.page(plan_of(by), county_of(by), key, today, place_of(by), names)
    if found is None:
        raise Http404(_("方案里没有这个数值"))
    sets = SET_NUMBERS.allows(by)
    context = {
        "page": found,
        "may_set": sets and found.settable,
        "sets_for": sets_for(by) if sets else None,
        "at_school": place_of(by) is not None,
    }
    return render(request, "local_numbers/number.html", context)
