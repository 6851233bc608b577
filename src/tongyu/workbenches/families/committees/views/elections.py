"""An election at the school's side: calling it, its page, its candidates."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import CHINA, today
from tongyu.directory.hats import school_year_of
from tongyu.directory.naming import PlaceNames
from tongyu.records.forms import ReasonForm, attempt
from tongyu.workbenches.families.committees.actions import calling
from tongyu.workbenches.families.committees.forms.elections import (
    CallForm,
    CandidateForm,
    DatesForm,
    HowForm,
    dates_of,
)
from tongyu.workbenches.families.committees.models import Candidate, Election, Standing
from tongyu.workbenches.families.committees.queries import elections as queries
from tongyu.workbenches.families.committees.rules import COUNT_PAPER, KEEP_COMMITTEE, SEE_ELECTION
from tongyu.workbenches.families.committees.views.looking import page, place_or_none

STAGES = {
    "nominating": (gettext_lazy("报名和提名中"), "blue"),
    "voting": (gettext_lazy("投票中"), "green"),
    "to_close": (gettext_lazy("已截止，等计票"), "amber"),
    "tied": (gettext_lazy("票数相同，等抽签"), "amber"),
    "to_seat": (gettext_lazy("已选出，等就任"), "lime"),
    "void": (gettext_lazy("选举无效"), "red"),
    "seated": (gettext_lazy("已就任"), "green"),
    "cancelled": (gettext_lazy("已取消"), "stone"),
}
DEFAULT_SEATS = {"school": 9, "grade": 7, "class": 5}


def election_or_404(request: Any, pk: UUID) -> Election:
    """One election the asker may see."""
    return get_object_or_404(queries.visible(request.asker), pk=pk)


def kept_or_403(request: Any, pk: UUID) -> Election:
    """One election of a committee that the asker keeps."""
    found = election_or_404(request, pk)
    KEEP_COMMITTEE.check(request.asker, found)
    return found


def form_page(
    request: Any, form: Any, title: str, back: str, *, button: str = "", hint: str = "", above: str = ""
) -> HttpResponse:
    """A form on a page of its own."""
    context = {"form": form, "title": title, "back": back, "button": button or _("保存"), "hint": hint}
    context["above"] = above
    return page(request, "committees/plain.html", context, failed=bool(form.errors))


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def call(request: Any, body: int) -> HttpResponse:
    """Begin an election at a school, grade or class."""
    place = place_or_none(request, body)
    if place is None:
        raise Http404
    begins = datetime.combine(today() + timedelta(days=7), time(8), CHINA)
    initial = {
        "vote_from": begins,
        "vote_until": begins + timedelta(days=3, hours=10),
        "seats": 5,
        "last_day": date(school_year_of(today()) + 1, 8, 31),
    }
    form = CallForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: calling.call_election(by=request.asker, body=body, **form.values()))
        if made is not None:
            messages.success(request, _("选举已发起，家长现在可以报名和提名。"))
            return redirect("committees:election", made.pk)
    name = PlaceNames(today(), request.asker.body_code)(body)
    return form_page(
        request, form, _("发起选举"), reverse("committees:list"), above=name, button=_("发起选举")
    )


@require_GET
@requires(SEE_ELECTION)
def election(request: Any, pk: UUID) -> HttpResponse:
    """Where the election stands, what is to be done next, who stands, and after the count the result."""
    found = election_or_404(request, pk)
    stage = found.stage(queries.moment())
    candidates = list(Candidate.objects.filter(election=found))
    may = KEEP_COMMITTEE.allows(request.asker, found)
    counts = COUNT_PAPER.allows(request.asker, found)
    sheets = queries.sheets(found) if counts else []
    context = {
        "election": found,
        "place": PlaceNames(today(), request.asker.body_code)(found.org),
        "stage": stage,
        "word": STAGES[stage][0],
        "tone": STAGES[stage][1],
        "standing": [one for one in candidates if one.state == Standing.ACCEPTED],
        "others": [one for one in candidates if one.state != Standing.ACCEPTED] if may else [],
        "turnout": queries.turnout(found, found.counted_on or today()),
        "may_keep": may,
        "may_count": counts,
        "sheets": len(sheets),
        "agreed": queries.agreed(sheets) is not None,
        "last_day": found.until_day - timedelta(days=1),
        "how": HowForm(),
        **result_of(found, candidates),
    }
    return page(request, "committees/election.html", context)


def result_of(election: Election, candidates: list[Candidate]) -> dict[str, Any]:
    """The counted result, most votes first: name, votes, and what that came to."""
    if election.outcome is None:
        return {"result": None}
    names = {str(one.pk): one.name for one in candidates}
    votes, drawn = election.outcome["votes"], set(election.drawn or [])
    rows = []
    for pk in sorted(votes, key=lambda one: (-votes[one], names.get(one, ""))):
        word, tone = "", ""
        if pk in election.outcome["elected"]:
            word, tone = _("当选"), "green"
        elif pk in drawn:
            word, tone = _("抽签当选"), "green"
        elif pk in election.outcome["tied"]:
            word, tone = _("票数相同"), "amber"
        rows.append({"name": names.get(pk, ""), "votes": votes[pk], "word": word, "tone": tone})
    return {"result": election.outcome, "result_rows": rows}


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def dates(request: Any, pk: UUID) -> HttpResponse:
    """Other times for the vote."""
    found = kept_or_403(request, pk)
    form = DatesForm(request.POST or None, initial=dates_of(found))
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: calling.change_dates(by=request.asker, election=found, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, _("时间已更改。"))
            return redirect(back)
    return form_page(request, form, _("更改投票时间"), back)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def cancel(request: Any, pk: UUID) -> HttpResponse:
    """End an election without a result."""
    found = kept_or_403(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": 1})
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: calling.cancel_election(by=request.asker, election=found, reason=reason)):
            messages.success(request, _("选举已取消，选票不计。"))
            return redirect(back)
    hint = _("取消后已投的票不再计算，家长会看到选举已取消。")
    return form_page(request, form, _("取消选举"), back, button=_("取消选举"), hint=hint)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def add_candidate(request: Any, pk: UUID) -> HttpResponse:
    """Somebody who was proposed on paper or by word of mouth."""
    found = kept_or_403(request, pk)
    form = CandidateForm(request.POST or None)
    back = reverse("committees:election", args=[pk])
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form, lambda: calling.add_candidate(by=request.asker, election=found, **form.cleaned_data)
        )
    ):
        messages.success(request, _("已登记。"))
        return redirect(back)
    return form_page(request, form, _("登记候选人"), back)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def candidate(request: Any, pk: UUID) -> HttpResponse:
    """What a proposed guardian said who does not use the pages."""
    mine = KEEP_COMMITTEE.rows(request.asker, Candidate.objects.select_related("election"))
    found = get_object_or_404(mine, pk=pk)
    form = HowForm(request.POST or None)
    back = reverse("committees:election", args=[found.election_id])
    if request.method == "POST" and form.is_valid():
        agrees, how = request.POST.get("agrees") == "yes", form.cleaned_data["how"]
        done = attempt(
            form,
            lambda: calling.answer_for(by=request.asker, candidate=found, agrees=agrees, how=how),
        )
        if done is not None:
            messages.success(request, _("已记下。"))
            return redirect(back)
    context = {"form": form, "candidate": found, "back": back}
    return page(request, "committees/candidate.html", context, failed=bool(form.errors))
