"""A committee's business at the school's side: meetings, decisions, proposals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.families.committees.actions import business
from tongyu.workbenches.families.committees.forms.business import (
    DecisionForm,
    DoneForm,
    MeetingForm,
    ReplyForm,
)
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.committees.queries import business as queries
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE
from tongyu.workbenches.families.committees.views.elections import form_page
from tongyu.workbenches.families.committees.views.looking import committee_or_404, page


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def meeting_new(request: Any, pk: UUID) -> HttpResponse:
    """A meeting and its agenda."""
    committee = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, committee)
    form = MeetingForm(request.POST or None, initial={"held_on": today()})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: business.keep_meeting(by=request.asker, committee=committee, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("会议已登记。"))
            return redirect("committees:detail", pk)
    return form_page(request, form, _("登记会议"), reverse("committees:detail", args=[pk]))


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def meeting(request: Any, pk: UUID) -> HttpResponse:
    """Mend a meeting, or write its minutes."""
    mine = KEEP_COMMITTEE.rows(request.asker, queries.meetings(request.asker))
    found = get_object_or_404(mine.select_related("committee"), pk=pk)
    initial = {
        "id": found.pk,
        "held_on": found.held_on,
        "agenda": found.agenda,
        "minutes": found.minutes,
    }
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: business.keep_meeting(
                by=request.asker, committee=found.committee, meeting=found, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, _("已保存。"))
            return redirect("committees:detail", found.committee_id)
    back = reverse("committees:detail", args=[found.committee_id])
    return form_page(request, form, _("会议议题和纪要"), back)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def decision_new(request: Any, pk: UUID) -> HttpResponse:
    """What was decided, who does it, until when."""
    committee = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, committee)
    form = DecisionForm(request.POST or None)
    form.fields["who"].help_text = _members_hint(committee)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: business.decide(by=request.asker, committee=committee, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("决定已登记。"))
            return redirect("committees:detail", pk)
    return form_page(request, form, _("登记决定"), reverse("committees:detail", args=[pk]))


def _members_hint(committee: Committee) -> str:
    names = "、".join(committee.members.filter(until_day=None).values_list("name", flat=True))
    return _("可写成员姓名：%s。本人会在手机上看到这件事。") % names if names else ""


@require_POST
@requires(KEEP_COMMITTEE)
def decision_done(request: Any, pk: UUID) -> HttpResponse:
    """The task is done."""
    mine = KEEP_COMMITTEE.rows(request.asker, queries.decisions(request.asker))
    found = get_object_or_404(mine, pk=pk)
    form = DoneForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        business.mark_done(by=request.asker, decision=found, words=words)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已记为办好。"))
    return redirect("committees:detail", found.committee_id)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def proposal(request: Any, pk: UUID) -> HttpResponse:
    """A guardian's proposal, and the school's answer where the chair has not answered."""
    found = get_object_or_404(queries.proposals(request.asker), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: business.answer_proposal(by=request.asker, proposal=found, text=text)):
            messages.success(request, _("答复已发给提出的家长。"))
            return redirect("committees:detail", found.committee_id)
    context = {
        "form": form,
        "proposal": found,
        "place": PlaceNames(today(), request.asker.body_code)(found.org),
        "back": reverse("committees:detail", args=[found.committee_id]),
        "may_answer": found.answered_on is None,
        "late": found.answered_on is None and found.due_on < today(),
    }
    return page(request, "committees/proposal.html", context, failed=bool(form.errors))
