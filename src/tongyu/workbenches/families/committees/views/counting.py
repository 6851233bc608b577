"""The count: who has voted, paper ballots, closing, counting again, lots, taking office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.families.committees.actions import closing, voting
from tongyu.workbenches.families.committees.actions.counting import quorum_met
from tongyu.workbenches.families.committees.forms.elections import (
    CloseForm,
    DrawForm,
    OfficesForm,
    SheetForm,
)
from tongyu.workbenches.families.committees.models import Candidate, Way
from tongyu.workbenches.families.committees.queries import elections as queries
from tongyu.workbenches.families.committees.rules import COUNT_PAPER, KEEP_COMMITTEE
from tongyu.workbenches.families.committees.views.elections import (
    election_or_404,
    form_page,
    kept_or_403,
)
from tongyu.workbenches.families.committees.views.looking import page


@require_http_methods(["GET", "POST"])
@requires(COUNT_PAPER)
def roll(request: Any, pk: UUID) -> HttpResponse:
    """Which children's votes were given, and to whom paper ballots are handed out."""
    found = election_or_404(request, pk)
    COUNT_PAPER.check(request.asker, found)
    if request.method == "POST":
        try:
            _hand_over(request, found)
        except ValidationError as error:
            messages.error(request, first_message(error))
        return redirect("committees:roll", pk)
    children = queries.roll(request.asker, found, today())
    name = PlaceNames(today(), request.asker.body_code)
    context = {
        "election": found,
        "rows": [{"child": one, "place": name(one.org), "paper": one.way == Way.PAPER} for one in children],
        "voted": sum(one.way is not None for one in children),
        "open": found.closed_at is None
        and found.cancelled_at is None
        and found.vote_from <= queries.moment() < found.vote_until,
    }
    return page(request, "committees/roll.html", context)


def _hand_over(request: Any, found: Any) -> None:
    back, chosen = request.POST.get("back", ""), request.POST.getlist("student")
    children = {str(one.student_id) for one in queries.roll(request.asker, found, today())}
    if back:
        if back in children and voting.take_back(by=request.asker, election=found, student=back):
            messages.success(request, _("已收回，这个孩子可以再投。"))
        return
    number = voting.hand_out(
        by=request.asker, election=found, students=[one for one in chosen if one in children]
    )
    if number:
        messages.success(request, _("已记下发出 %d 张纸质票。") % number)
    else:
        messages.warning(request, _("请先勾选领纸质票的孩子。"))


@require_http_methods(["GET", "POST"])
@requires(COUNT_PAPER)
def paper(request: Any, pk: UUID) -> HttpResponse:
    """What the asker counted of the paper ballots; a second person does the same without seeing it."""
    found = election_or_404(request, pk)
    COUNT_PAPER.check(request.asker, found)
    sheets = queries.sheets(found)
    own = next((one for one in sheets if one.by_account == request.asker.account_id), None)
    initial = {"papers": own.papers, "invalid": own.invalid, **own.counts} if own else {}
    form = SheetForm(request.POST or None, standing=list(queries.standing(found)), initial=initial)
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: voting.enter_sheet(by=request.asker, election=found, **form.values()),
        )
        if done is not None:
            after = queries.sheets(found)
            if queries.agreed(after):
                messages.success(request, _("两个人的清点一致。"))
            elif len(after) > 1:
                messages.warning(request, _("和另一人的清点不一致，请两人一起重新清点。"))
            else:
                messages.success(request, _("已记下。请另一位老师再清点一遍。"))
            return redirect(back)
    hint = _("两个人分别清点、分别录入，互相看不到；两次一致才算数。")
    return form_page(request, form, _("录入纸质票"), back, hint=hint)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def close(request: Any, pk: UUID) -> HttpResponse:
    """End the vote and count."""
    found = kept_or_403(request, pk)
    form = CloseForm(request.POST or None)
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: closing.close_election(
                by=request.asker, election=found, reason=form.cleaned_data["reason"]
            ),
        )
        if done is not None:
            messages.success(request, _("投票已结束，结果如下。"))
            return redirect(back)
    who = queries.turnout(found, today())
    hint = _("%(n)d 个孩子中已投 %(voted)d 票。结束后不能再投，也不能重新打开。") % {
        "n": who.children,
        "voted": who.voted,
    }
    if not quorum_met(who.voted, who.children, found.quorum):
        hint += _("参加的还没有超过 %d%%，或票数太少，现在结束，选举无效，也不公布得票。") % found.quorum
    return form_page(request, form, _("结束投票并计票"), back, button=_("结束投票并计票"), hint=hint)


@require_POST
@requires(KEEP_COMMITTEE)
def recount(request: Any, pk: UUID) -> HttpResponse:
    """Count again and say whether it is the same."""
    found = kept_or_403(request, pk)
    try:
        again = closing.recount(by=request.asker, election=found)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        if again.same:
            messages.success(request, _("重新计票：和原结果一致。"))
        else:
            messages.error(
                request, _("重新计票：和原结果不一致，选票可能被改动过。请不要就任，马上联系县办公室。")
            )
    return redirect("committees:election", pk)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def draw(request: Any, pk: UUID) -> HttpResponse:
    """Who won the lot between candidates of equally many votes."""
    found = kept_or_403(request, pk)
    result = found.outcome or {"tied": [], "left": 0}
    tied = list(Candidate.objects.filter(election=found, pk__in=result["tied"]))
    form = DrawForm(request.POST or None, tied=tied)
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: closing.draw_lots(by=request.asker, election=found, **form.cleaned_data))
        if done is not None:
            messages.success(request, _("抽签结果已记下。"))
            return redirect(back)
    hint = _("这几位得票相同，还有 %d 个名额。请当众抽签，再把结果填在这里。") % result["left"]
    return form_page(request, form, _("抽签决定"), back, hint=hint)


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def take_office(request: Any, pk: UUID) -> HttpResponse:
    """Those elected become the committee."""
    found = kept_or_403(request, pk)
    rows = {str(one.pk): one for one in Candidate.objects.filter(election=found)}
    form = OfficesForm(request.POST or None, elected=[rows[one] for one in found.winners])
    back = reverse("committees:election", args=[pk])
    if request.method == "POST" and form.is_valid():
        committee = attempt(
            form,
            lambda: closing.take_office(by=request.asker, election=found, offices=form.cleaned_data),
        )
        if committee is not None:
            messages.success(request, _("新一届家委会已就任。"))
            return redirect("committees:detail", committee.pk)
    hint = _("主任由当选委员推选，先按得票排好，可以改。")
    return form_page(request, form, _("当选委员就任"), back, button=_("确认就任"), hint=hint)
