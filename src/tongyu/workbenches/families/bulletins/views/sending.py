"""The list of bulletins, and a new one with its preflight."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.records.forms import attempt
from tongyu.workbenches.families.bulletins import actions, queries, rules
from tongyu.workbenches.families.bulletins.forms import SendForm
from tongyu.workbenches.families.bulletins.models import Bulletin, Need

PAGE = 30


@require_GET
@requires(rules.SEE)
def bulletin_list(request: Any) -> HttpResponse:
    """What was sent from here, and what families here were told from above."""
    _check_sends(request.asker)
    page = Paginator(queries.visible(request.asker), PAGE).get_page(request.GET.get("page"))
    return render(request, "bulletins/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(rules.SEND)
def new(request: Any) -> HttpResponse:
    """Write a bulletin to one place; who has several chooses one first. The preflight stands above the form."""
    asker, today = request.asker, clock.today()
    _check_sends(asker)
    found = queries.places(asker, today)
    wanted = request.GET.get("place", "")
    if not wanted and len(found) != 1:
        rows = [(body, queries.place_name(body, today)) for body in found]
        return render(request, "bulletins/places.html", {"rows": rows})
    place = next((body for body in found if str(body.code) == wanted or not wanted), None)
    if place is None:
        raise Http404
    form = SendForm(request.POST or None, on=today)
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: _send(request, form, place))
        if sent:
            messages.success(
                request, _("通知已发送。") if sent.spread_at else _("正在发送，可以离开这个页面。")
            )
            return redirect("bulletins:detail", sent.pk)
    signing = form["need"].value() == Need.SIGN
    context = {
        "form": form,
        "place": place,
        "place_name": queries.place_name(place, today),
        "preflight": queries.preflight(asker, place, today, signing=signing),
        "named": place.kind == BodyKind.SCHOOL_CLASS,
        "writing": True,
    }
    return render(request, "bulletins/new.html", context, status=422 if form.errors else 200)


def _send(request: Any, form: SendForm, place: Body) -> Bulletin:
    return actions.send_bulletin(
        by=request.asker,
        place=place.code,
        uploads=request.FILES.getlist("uploads"),
        voice=request.FILES.get("voice"),
        **form.content(),
    )


def _check_sends(asker: Asker) -> None:
    if not rules.sends(asker):
        raise PermissionDenied(rules.SEND.key)
