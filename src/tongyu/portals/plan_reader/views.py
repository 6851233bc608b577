"""The plan as a document, one obligation with everything it rests on, and the edition beside the one before."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.duties.queries.scope import county_of
from tongyu.plan.rights import READ, SET_READINGS
from tongyu.portals.plan_reader import comparison, queries
from tongyu.portals.plan_reader.asking import place_of, plan_of


@require_GET
@requires(READ)
def plan(request: Any) -> HttpResponse:
    """The whole paper in the order of its clauses."""
    page = queries.paper(
        plan_of(request.asker), county_of(request.asker), clock.today(), place_of(request.asker)
    )
    context = {"page": page, "may_read_words": SET_READINGS.allows(request.asker)}
    return render(request, "plan_reader/plan.html", context)


@require_GET
@requires(READ)
def obligation(request: Any, key: str) -> HttpResponse:
    """One obligation: its words in their clause, the rule, the numbers with their sources."""
    by = request.asker
    page = queries.obligation(plan_of(by), county_of(by), key, clock.today(), place_of(by))
    if page is None:
        raise Http404(_("方案里没有这项责任"))
    return render(request, "plan_reader/obligation.html", {"page": page})


@require_GET
@requires(READ)
def changes(request: Any) -> HttpResponse:
    """What became of each clause and obligation of the edition before."""
    page = comparison.compare(plan_of(request.asker))
    return render(request, "plan_reader/changes.html", {"page": page})
