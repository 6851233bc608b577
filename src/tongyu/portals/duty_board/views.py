"""The boards: the list of obligations, the places, one obligation at a place, one duty."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory.kinds import BodyKind
from tongyu.duties.closing.queries import mark
from tongyu.duties.states import LAGGING
from tongyu.oversight.supervision.rules import SEND
from tongyu.portals.duty_board import (
    contesting,
    drill,
    exempting,
    exports,
    overview,
    queries,
    recomputing,
    single,
)
from tongyu.portals.duty_board.asking import plan_on, where
from tongyu.portals.duty_board.rules import RECOMPUTE, SEE


@require_GET
@requires(SEE)
def obligations(request: Any) -> HttpResponse:
    """What is owed in the asker's jurisdiction, or in one place of it, clause by clause."""
    if request.GET.get("format") == "xlsx":
        return exports.obligations(request)
    place, period, offered = where(request)
    choices = overview.choices(request.asker, period.on)
    office = RECOMPUTE.allows(request.asker)
    context = {
        "place": place,
        "period": period,
        "periods": offered,
        "closed": mark(request.asker, period.key),
        "asked": queries.narrowing_of(request.GET),
        "sorts": [(key, label) for key, (label, _key) in queries.SORTS.items()],
        "board": queries.obligations(request.asker, place, period, queries.narrowing_of(request.GET)),
        "choices": choices.bodies,
        "choices_label": choices.label,
        "place_listed": place.code in dict(choices.bodies),
        "places_url": overview.address(place, period.key) if BodyKind(place.kind) in overview.BELOW else "",
        "plain": queries.address(place, request.GET.get("period", "")),
        "export_url": _export_url(request.GET),
        "may_recompute": office,
        "job": recomputing.latest(request.asker) if office else None,
        "computed": recomputing.last_day(place) if office else None,
    }
    return render(request, "duty_board/obligations.html", context)


@require_GET
@requires(SEE)
def obligation(request: Any, key: str) -> HttpResponse:
    """One obligation in the asker's whole jurisdiction."""
    return _sheet(request, key, None)


@require_GET
@requires(SEE)
def place(request: Any, key: str, code: int) -> HttpResponse:
    """One obligation at one place, down to the names."""
    return _sheet(request, key, code)


@require_GET
@requires(SEE)
def places(request: Any) -> HttpResponse:
    """The bodies of the jurisdiction with their rates by clause."""
    if request.GET.get("format") == "xlsx":
        return exports.places(request)
    place, period, offered = where(request)
    asked = request.GET
    context = {
        "place": place,
        "period": period,
        "periods": offered,
        "closed": mark(request.asker, period.key),
        "overview": overview.places(
            request.asker, place, period, asked.get("kind", ""), asked.get("page", "")
        ),
        "list_url": queries.address(place, asked.get("period", "")),
        "list_label": _("责任清单"),
        "export_url": _export_url(asked),
    }
    return render(request, "duty_board/places.html", context)


@require_GET
@requires(SEE)
def standing(request: Any, pk: int) -> HttpResponse:
    """One duty: how it stands, why, and the records behind it."""
    found = single.duty(request.asker, pk, clock.today())
    if found is None:
        raise Http404(_("没有这一项，或不在您的职责范围内"))
    return render(request, "duty_board/standing.html", {"duty": found})


def _sheet(request: Any, key: str, code: int | None) -> HttpResponse:
    place, period, offered = where(request, code)
    found = drill.sheet(request.asker, plan_on(request.asker, period.on), key, place, period)
    if found is None:
        raise Http404(_("您的职责范围内没有这项责任"))
    if request.GET.get("format") == "xlsx":
        return exports.names(request, found)
    shown = drill.names(request.asker, found, request.GET.get("state", ""), request.GET.get("page", ""))
    rows = single.rows(request.asker, found, shown.units, clock.today())
    context = {
        "sheet": found,
        "place": place,
        "period": period,
        "periods": offered,
        "closed": mark(request.asker, period.key),
        "span": single.span(shown.units),
        "names": shown,
        "picks": drill.picks(found, shown, request.GET.get("period", "")),
        "rows": rows,
        "may_exempt": exempting.may_exempt(request.asker, found),
        "may_exempt_whole": exempting.may_exempt_whole(found),
        "list_url": queries.address(place, request.GET.get("period", "")),
        "export_url": _export_url(request.GET),
        "contest_url": contesting.address_of_rate(request.asker, found, period == offered[0]),
        "may_supervise": SEND.allows(request.asker) and any(found.counts.get(state) for state in LAGGING),
    }
    return render(request, "duty_board/obligation.html", context)


def _export_url(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("page", None)
    kept["format"] = "xlsx"
    return f"?{kept.urlencode()}"
