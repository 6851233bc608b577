"""Pupils in two places at once: who is taught or boards where, a new one, and its end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.directory.models import SecondPlace, SecondPlaceMode
from tongyu.directory.naming import PlaceNames
from tongyu.directory.rules import ADD_SECOND_PLACE, END_SECOND_PLACE, SEE_SECOND_PLACES
from tongyu.directory.transfers import queries, second
from tongyu.portals.transfers.forms import EndSecondPlaceForm, SecondPlaceForm
from tongyu.records.forms import attempt
from tongyu.shell.formatting import day
from tongyu.shell.listing import Column, Filter, Listing


@require_GET
@requires(SEE_SECOND_PLACES)
def listed(request: Any) -> HttpResponse:
    """The own pupils who have a second place, and pupils of others who have it here."""
    context = {
        "page": _listing(request.asker).page(request, second.visible(request.asker)),
        "may_add": ADD_SECOND_PLACE.allows(request.asker),
    }
    return render(request, "transfers/second_places.html", context)


@require_http_methods(["GET", "POST"])
@requires(ADD_SECOND_PLACE)
def new(request: Any, student: UUID) -> HttpResponse:
    """Where else the pupil is taught or boards, since when."""
    asker, today = request.asker, clock.today()
    pupil = queries.pupil_to_move(asker, student)
    if pupil is None:
        raise Http404(_("没有这名学生，或已不在本校"))
    form = SecondPlaceForm(request.POST or None, initial={"from_day": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = queries.place_called(asker, data["place"], data["mode"] == SecondPlaceMode.BOARDING, today)
        if place is None:
            form.add_error(
                "place", _("没有这个地方。请从列表里选，班级要写全，例如“太极镇中心小学三年级1班”。")
            )
        elif attempt(
            form,
            lambda: second.add_second_place(
                by=asker,
                id=data["id"],
                student=pupil.pk,
                mode=SecondPlaceMode(data["mode"]),
                place=place,
                from_day=data["from_day"],
            ),
        ):
            messages.success(request, _("已登记。学生仍在原班级计算，只算一次。"))
            return redirect("transfers:second_places")
    context = {
        "form": form,
        "pupil": pupil,
        "places": [name for _code, name in queries.places_to_choose(asker, today)],
        "back": reverse("directory_pages:students"),
    }
    return render(request, "transfers/second_place.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(END_SECOND_PLACE)
def end(request: Any, pk: UUID) -> HttpResponse:
    """From which day it does not hold any more."""
    row = END_SECOND_PLACE.rows(request.asker, SecondPlace.objects.filter(pk=pk)).first()
    if row is None:
        raise Http404(_("没有这一项，或不在您的职责范围内"))
    form = EndSecondPlaceForm(request.POST or None, initial={"until_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        last = form.cleaned_data["until_day"]
        if attempt(form, lambda: second.end_second_place(by=request.asker, second_place=pk, until_day=last)):
            messages.success(request, _("已结束。"))
            return redirect("transfers:second_places")
    names = PlaceNames(clock.today(), request.asker.body_code)
    context = {
        "title": _("结束这个第二就读地？"),
        "text": f"{row.name} · {row.get_mode_display()} · {names(row.place)}",
        "form": form,
        "button": _("结束"),
        "danger": True,
        "back": reverse("transfers:second_places"),
    }
    return render(request, "shell/confirm_page.html", context, status=422 if form.errors else 200)


def _listing(asker: Asker) -> Listing:
    names = PlaceNames(clock.today(), asker.body_code)
    columns = [
        Column(_("学生"), "name", phone="title"),
        Column(_("方式"), lambda row: row.get_mode_display()),
        Column(_("学籍班级"), lambda row: names(row.org)),
        Column(_("第二就读地"), lambda row: names(row.place)),
        Column(_("起"), "from_day", kind="day"),
        Column(_("止"), lambda row: day(row.until_day) if row.until_day else _("还在")),
    ]
    if END_SECOND_PLACE.allows(asker):
        columns.append(_ending())
    return Listing(
        columns=columns,
        filters=[Filter("mode", _("方式"), SecondPlaceMode.choices)],
        search=["name"],
        search_label=_("姓名"),
        order=["until_day", "name", "id"],
        empty_title=_("没有同时在两处的学生"),
        empty_text=_("随班就读、送教上门、寄宿的学生会显示在这里；只在学籍班级计算一次。"),
        empty_icon="users",
        exports=False,
    )


def _ending() -> Column:
    return Column(
        _("操作"),
        lambda row: "" if row.until_day else _("结束"),
        href=lambda row: "" if row.until_day else reverse("transfers:end_second_place", args=[row.pk]),
        export=False,
    )
