"""The guardians' own pages: our committees, standing, voting, proposing something and reading the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.records.forms import attempt
from tongyu.workbenches.families.committees.actions import business, calling, voting
from tongyu.workbenches.families.committees.forms.business import ProposalForm, ReplyForm
from tongyu.workbenches.families.committees.forms.elections import NamesForm, StandForm, VoteForm
from tongyu.workbenches.families.committees.models import Candidate, Election, Standing
from tongyu.workbenches.families.committees.queries import business as business_queries
from tongyu.workbenches.families.committees.queries import elections as queries
from tongyu.workbenches.families.committees.queries import families as family_queries
from tongyu.workbenches.families.committees.rules import OWN_COMMITTEE
from tongyu.workbenches.families.committees.views.elections import STAGES, result_of


@require_GET
@requires(OWN_COMMITTEE)
def family(request: Any) -> HttpResponse:
    """Who is in the committees of the own children's class, grade and school; elections; decisions; proposals."""
    asker, on = request.asker, today()
    at, elections = queries.moment(), family_queries.elections_of(asker, on)
    context = {
        "places": family_queries.places(asker, on),
        "elections": [(one, *STAGES[one.stage(at)]) for one in elections],
        "meetings": business_queries.meetings(asker)[:3],
        "decisions": business_queries.decisions(asker)[:5],
        "proposals": business_queries.proposals(asker)[:10],
        "own": {ward.guardian_id for ward in asker.wards},
        "today": on,
    }
    return render(request, "committees/family.html", context)


@require_http_methods(["GET", "POST"])
@requires(OWN_COMMITTEE)
def family_election(request: Any, pk: UUID) -> HttpResponse:
    """One election: standing for it or agreeing to, who stands, the own children's votes, the result."""
    election = get_object_or_404(queries.visible(request.asker), pk=pk)
    wards = queries.electors(request.asker, election)
    if not wards:
        raise Http404
    own = _own(request.asker, election)
    form = StandForm(request.POST or None, initial={"words": own.words if own else ""})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: _say(request, election, own, wards[0].student_id, words)):
            messages.success(request, _("已记下。"))
            return redirect("committees:family_election", pk)
    stage = election.stage(queries.moment())
    given = queries.voted_for(request.asker, [election])
    candidates = list(queries.standing(election))
    context = {
        "election": election,
        "place": family_queries.name_of(wards[0], election.level),
        "stage": stage,
        "word": STAGES[stage][0],
        "tone": STAGES[stage][1],
        "standing": candidates,
        "own": own,
        "form": form,
        "votes": [(ward, (election.pk, ward.student_id) in given) for ward in wards],
        **result_of(election, candidates),
    }
    status = 422 if form.errors else 200
    return render(request, "committees/family_election.html", context, status=status)


def _own(asker: Any, election: Election) -> Candidate | None:
    own = [ward.guardian_id for ward in asker.wards]
    return Candidate.objects.filter(election=election, guardian_id__in=own).first()


def _say(request: Any, election: Election, own: Candidate | None, student: UUID, words: str) -> Candidate:
    """Standing, agreeing, or declining."""
    agrees = request.POST.get("stands") == "yes"
    if own is not None and (own.state != Standing.DROPPED):
        return calling.answer(by=request.asker, candidate=own, agrees=agrees, words=words)
    if not agrees:
        raise PermissionDenied
    return calling.stand(by=request.asker, election=election, student=student, words=words)


@require_http_methods(["GET", "POST"])
@requires(OWN_COMMITTEE)
def family_propose(request: Any, pk: UUID) -> HttpResponse:
    """Propose somebody else, who is asked then."""
    election = get_object_or_404(queries.visible(request.asker), pk=pk)
    wards = queries.electors(request.asker, election)
    if not wards:
        raise Http404
    form = NamesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            calling.propose(
                by=request.asker, election=election, student=wards[0].student_id, **form.cleaned_data
            )
            return True

        if attempt(form, act):
            messages.success(request, _("提名已收到。本人同意以后，会出现在候选人名单里。"))
            return redirect("committees:family_election", pk)
    context = {"form": form, "election": election}
    return render(request, "committees/family_propose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(OWN_COMMITTEE)
def family_vote(request: Any, pk: UUID, student: UUID) -> HttpResponse:
    """The ballot of one child."""
    election = get_object_or_404(queries.visible(request.asker), pk=pk)
    ward = request.asker.ward(student)
    if ward is None or ward not in queries.electors(request.asker, election):
        raise Http404
    form = VoteForm(
        request.POST if request.method == "POST" else None, standing=list(queries.standing(election))
    )
    given = bool(queries.voted_for(request.asker, [election]) & {(election.pk, ward.student_id)})
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            voting.vote(by=request.asker, election=election, student=student, **form.cleaned_data)
            return True

        if attempt(form, act):
            messages.success(request, _("已投票，谢谢。您选了谁不会留下记录。"))
            return redirect("committees:family_election", pk)
    context = {
        "form": form,
        "election": election,
        "ward": ward,
        "given": given,
        "stage": election.stage(queries.moment()),
    }
    return render(request, "committees/family_vote.html", context, status=422 if form.errors else 200)


@require_POST
@requires(OWN_COMMITTEE)
def family_decision_done(request: Any, pk: UUID) -> HttpResponse:
    """The member has done what the committee gave to do."""
    own = [ward.guardian_id for ward in request.asker.wards]
    found = get_object_or_404(business_queries.decisions(request.asker), pk=pk, guardian_id__in=own)
    business.mark_done(by=request.asker, decision=found)
    messages.success(request, _("已记为办好。"))
    return redirect("committees:family")


@require_http_methods(["GET", "POST"])
@requires(OWN_COMMITTEE)
def family_put_forward(request: Any, pk: UUID) -> HttpResponse:
    """Propose something to a committee."""
    committee = get_object_or_404(family_queries.committees_of(request.asker, today()), pk=pk)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: business.put_forward(by=request.asker, committee=committee, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("已提交，会在%(n)d天内答复您。") % {"n": business.ANSWER_DAYS})
            return redirect("committees:family")
    context = {"form": form, "committee": committee}
    return render(request, "committees/family_put_forward.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(OWN_COMMITTEE)
def family_proposal(request: Any, pk: UUID) -> HttpResponse:
    """A proposal and its answer; the chair answers here."""
    asker = request.asker
    found = get_object_or_404(business_queries.proposals(asker), pk=pk)
    chair = business_queries.chaired_by(asker, found.committee_id, today())
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: business.answer_proposal(by=asker, proposal=found, text=text)):
            messages.success(request, _("答复已发给提出的家长。"))
            return redirect("committees:family")
    context = {
        "proposal": found,
        "form": form,
        "may_answer": chair and found.answered_on is None,
        "mine": found.by_account == asker.account_id,
    }
    return render(request, "committees/family_proposal.html", context, status=422 if form.errors else 200)
