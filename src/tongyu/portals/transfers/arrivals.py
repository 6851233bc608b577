"""A pupil comes from outside the county, or comes back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.rules import BEGIN_TRANSFER
from tongyu.directory.transfers import queries
from tongyu.directory.transfers.arriving import enrol_arrival
from tongyu.portals.transfers.forms import WHY, ArrivalForm
from tongyu.records.forms import attempt


@require_http_methods(["GET", "POST"])
@requires(BEGIN_TRANSFER)
def new(request: Any) -> HttpResponse:
    """One form; who was on the county's roll earlier is found by number."""
    asker, today = request.asker, clock.today()
    classes = queries.classes_of(codes.containing(asker.body_code, BodyKind.SCHOOL), today)
    form = ArrivalForm(request.POST or None, classes=classes, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: enrol_arrival(
                by=asker,
                id=data["id"],
                to_class=data["to_class"],
                day=data["day"],
                reason=data["reason"],
                elsewhere=data["elsewhere"],
                values=form.cells(),
            ),
        )
        if made is not None:
            messages.success(request, _("%(name)s已转入，在学生名单里了。") % {"name": data["name"]})
            return redirect("transfers:list")
    context = {"form": form, "reasons": WHY, "back": reverse("transfers:list")}
    return render(request, "transfers/arrival.html", context, status=422 if form.errors else 200)
