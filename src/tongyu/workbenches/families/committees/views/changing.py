"""Change members, mend the term, end it early."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.records.forms import attempt, put_errors
from tongyu.workbenches.families.committees import actions
from tongyu.workbenches.families.committees.forms import (
    ChangeForm,
    CorrectTermForm,
    DissolveForm,
    member_rows,
)
from tongyu.workbenches.families.committees.models import Office
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE
from tongyu.workbenches.families.committees.views.looking import committee_or_404, page


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def members(request: Any, pk: UUID) -> HttpResponse:
    """Who leaves, who joins, who takes which office, from which day and why."""
    committee = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, committee)
    data = request.POST if request.method == "POST" else None
    standing = [member for member in committee.members.all() if member.until_day is None]
    form = ChangeForm(data, standing=standing, initial={"version": committee.version, "on": today()})
    rows = member_rows(data, offices=[Office.MEMBER] * 3)
    fault = ""
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        cleaned = form.cleaned_data
        try:
            actions.change_members(
                by=request.asker,
                committee=committee,
                version=cleaned["version"],
                reason=cleaned["reason"],
                on=cleaned["on"],
                joining=[row.member() for row in rows],
                **form.chosen(),
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("成员已更新，原名单保留在记录里。"))
            return redirect("committees:detail", pk)
    context = {
        "form": form,
        "rows": rows,
        "fault": fault,
        "committee": committee,
        "place": PlaceNames(today(), committee.org)(committee.org),
    }
    return page(request, "committees/members.html", context, failed=data is not None)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def correct(request: Any, pk: UUID) -> HttpResponse:
    """Mend days or the charter that were entered wrongly."""
    committee = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, committee)
    initial = {
        "id": committee.pk,
        "version": committee.version,
        "elected_on": committee.occurred_on,
        "last_day": committee.until_day - timedelta(days=1),
        "charter": committee.charter,
    }
    form = CorrectTermForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        changes = {
            "occurred_on": values["elected_on"],
            "until_day": values["until_day"],
            "charter": values["charter"],
        }
        done = attempt(
            form,
            lambda: actions.correct_committee(
                by=request.asker,
                committee=committee,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                changes=changes,
            ),
        )
        if done is not None:
            messages.success(request, _("已更正。"))
            return redirect("committees:detail", pk)
    return _plain(request, form, _("更正任期"), pk)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def dissolve(request: Any, pk: UUID) -> HttpResponse:
    """End the term of office before its time."""
    committee = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, committee)
    form = DissolveForm(request.POST or None, initial={"version": committee.version, "on": today()})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.dissolve_committee(by=request.asker, committee=committee, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, _("任期已提前终止。"))
            return redirect("committees:detail", pk)
    return _plain(request, form, _("提前终止任期"), pk)


def _plain(request: Any, form: Any, title: str, pk: UUID) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("committees:detail", args=[pk])}
    return page(request, "committees/plain.html", context, failed=bool(form.errors))
