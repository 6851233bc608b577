"""What an address asks for: the place, the period, the plan."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan
from tongyu.portals.duty_board import queries
from tongyu.portals.duty_board.reach import Place, own_place, place_at

DIGITS = 17


def where(request: Any, code: int | None = None) -> tuple[Place, BoardPeriod, list[BoardPeriod]]:
    """The place and the period that the address asks for; a place outside the reach is not found."""
    today = clock.today()
    offered = queries.periods_of(request.asker, today)
    period = queries.chosen_period(offered, request.GET.get("period", ""))
    return _place(request, code, today), period, offered


def plan_on(asker: Asker, day: date) -> Plan:
    """The plan by which the asker's county works on the day."""
    found = plans.active(county_of(asker), day)
    if found is None:
        raise Http404(_("还没有载入方案"))
    return found


def _place(request: Any, code: int | None, on: date) -> Place:
    asked = request.GET.get("place") or request.GET.get("township") or ""
    if code is None and asked.isascii() and asked.isdigit() and len(asked) <= DIGITS:
        code = int(asked)
    if code is None or code == request.asker.lo:
        return own_place(request.asker, on)
    found = place_at(request.asker, code, on) if code < 10**DIGITS else None
    if found is None:
        raise Http404(_("没有这个单位，或不在您的职责范围内"))
    return found
