"""Supervision on screen: the list, what may be chosen, what would be sent, one notice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory.naming import PlaceNames
from tongyu.oversight.supervision import actions, choosing, queries, showing
from tongyu.oversight.supervision.forms import SendForm
from tongyu.oversight.supervision.rules import SEE, SEND
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt

PER_PAGE = 50


@require_GET
@requires(SEE)
def listed(request: Any) -> HttpResponse:
    """What was due, sent, answered, closed."""
    today = clock.today()
    listing, rows = showing.listing(request.asker, today), queries.visible(request.asker, today)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="supervision_noticeitem", name=_("督办"))
    context = {"page": listing.page(request, rows), "may_send": SEND.allows(request.asker)}
    return render(request, "supervision/list.html", context)


@require_GET
@requires(SEND)
def choose(request: Any) -> HttpResponse:
    """What lags and can still be met, to be ticked."""
    found, page = _offered(request)
    place = request.GET.get("place", "")
    context = {
        "offered": found,
        "page": page,
        "duty": request.GET.get("duty", ""),
        "place": place,
        "place_listed": place in {str(code) for code, _name in found.townships},
        "back": reverse("supervision:list"),
    }
    return render(request, "supervision/choose.html", context)


@require_http_methods(["GET", "POST"])
@requires(SEND)
def send(request: Any) -> HttpResponse:
    """Who would receive what; then the sending."""
    asker, today = request.asker, clock.today()
    picks = _picks(request)
    form = SendForm(request.POST or None, choices=choosing.deadlines(asker, today))
    if request.method == "POST" and form.is_valid():
        given = {
            "picks": picks,
            "school_days": form.cleaned_data["school_days"],
            "id": form.cleaned_data["id"],
        }
        made = attempt(form, lambda: actions.send_notices(by=asker, **given))
        if made:
            told = _("已向%(n)d个单位发出督办，期限%(day)s。")
            messages.success(request, told % {"n": len(made), "day": made[0].deadline.isoformat()})
            return redirect("supervision:list")
    plan = actions.plan_notices(by=asker, picks=picks, on=today)
    if request.method == "GET" and not plan.drafts:
        messages.error(request, actions.refusal(picks, plan))
        return redirect("supervision:choose")
    context = {
        "form": form,
        "drafts": choosing.shown(asker, plan, today),
        "waiting": len(plan.waiting),
        "picks": [f"{obligation}-{body}" for obligation, body in picks],
        "back": reverse("supervision:choose"),
    }
    return render(request, "supervision/send.html", context, status=422 if form.errors else 200)


@require_GET
@requires(SEE)
def notice(request: Any, pk: UUID) -> HttpResponse:
    """One notice: its duties with the way to do them, the records since, and to whom it has gone."""
    today = clock.today()
    items = queries.of_notice(request.asker, pk, today)
    if not items:
        raise Http404(_("没有这份督办，或没有送到本单位"))
    parts = showing.parts(request.asker, items, today)
    context = {
        "notice": items[0].notice,
        "name": PlaceNames(today, request.asker.body_code)(items[0].org),
        "parts": parts,
        "open": sum(part.lag for part in parts),
        "own": items[0].org == request.asker.body_code,
        "back": reverse("supervision:list"),
    }
    return render(request, "supervision/notice.html", context)


def _picks(request: Any) -> list[tuple[int, int]]:
    """What was ticked, or the whole page of the list when that was asked for."""
    if request.method == "POST":
        return choosing.picks_of(request.POST.getlist("pick"))
    whole = "all" in request.GET
    return choosing.picks_of(
        [row.pick for row in _offered(request)[1]] if whole else request.GET.getlist("pick")
    )


def _offered(request: Any) -> tuple[choosing.Offered, Page[choosing.Row]]:
    """What the address narrows the list to, and the page of it."""
    asked = request.GET
    found = choosing.offered(request.asker, clock.today(), asked.get("duty", ""), asked.get("place", ""))
    return found, Paginator(found.rows, PER_PAGE).get_page(asked.get("page"))
