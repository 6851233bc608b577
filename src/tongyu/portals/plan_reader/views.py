"""The plan as a document, and one obligation with everything it rests on."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import Anywhere, Rule, requires
from tongyu.directory.roles import SIGNING_IN
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan
from tongyu.portals.plan_reader import queries

READ = Rule("plan.read", SIGNING_IN, Anywhere())


@require_GET
@requires(READ)
def plan(request: Any) -> HttpResponse:
    """The whole paper in the order of its clauses."""
    page = queries.paper(_plan(), clock.today())
    return render(request, "plan_reader/plan.html", {"page": page})


@require_GET
@requires(READ)
def obligation(request: Any, key: str) -> HttpResponse:
    """One obligation: its words in their clause, the rule, the numbers with their sources."""
    page = queries.obligation(_plan(), key, clock.today())
    if page is None:
        raise Http404(_("方案里没有这项责任"))
    return render(request, "plan_reader/obligation.html", {"page": page})


def _plan() -> Plan:
    found = plans.active(clock.today())
    if found is None:
        raise Http404(_("还没有载入方案"))
    return found
