"""Disputes on screen: the list, the form at a figure, one dispute with its records and its answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.oversight import figures, pages
from tongyu.oversight.disputes import actions, marks, queries, showing
from tongyu.oversight.disputes.forms import AnswerForm, AskForm, DisputeForm, StatementForm
from tongyu.oversight.disputes.models import Dispute
from tongyu.oversight.disputes.rules import ANSWER, CONTEST, SEE, SEE_MARKS, STATE_SIDE, WITHDRAW
from tongyu.oversight.figures import Figure
from tongyu.records.exports import export_records
from tongyu.records.forms import attempt, first_message

NAMES = 60
"""So many names can be ticked; a class has no more."""


@require_GET
@requires(SEE)
def listed(request: Any) -> HttpResponse:
    """My disputes, those that wait for me, the open ones of the jurisdiction, the closed ones."""
    shelves = showing.shelves(request.asker)
    asked = request.GET.get("show", "")
    name = asked if asked in shelves else next(iter(shelves))
    listing, rows = showing.listing(request.asker, name), queries.shelf(request.asker, name)
    if listing.wants_export(request):
        return export_records(request, listing, rows, kind="disputes_dispute", name=_("异议"))
    tabs = [
        {"label": label, "href": f"?show={key}", "current": key == name} for key, label in shelves.items()
    ]
    return render(request, "disputes/list.html", {"page": listing.page(request, rows), "shelves": tabs})


@require_http_methods(["GET", "POST"])
@requires(CONTEST)
def new_of_duty(request: Any, standing: int) -> HttpResponse:
    """Contest one duty of the own body."""
    return _new(request, figures.of_duty(request.asker, standing, clock.today()))


@require_http_methods(["GET", "POST"])
@requires(CONTEST)
def new_of_rate(request: Any, key: str, code: int) -> HttpResponse:
    """Contest the rate of an obligation at the own body."""
    return _new(request, figures.at_place(request.asker, key, code, clock.today()))


@require_GET
@requires(SEE_MARKS)
def at_figure(request: Any, key: str, code: int) -> HttpResponse:
    """What is contested at a figure: by whom and since when for everybody, the words for those it concerns."""
    figure = figures.at_place(request.asker, key, code, clock.today())
    if figure is None:
        raise Http404(_("没有这个数字，或不在您的职责范围内"))
    rows = list(marks.at(figure.obligation.pk, figure.place, figure.hi))
    context = {
        "figure": figure,
        "back": pages.of_rate(key, code),
        "rows": showing.open_rows(request.asker, rows),
    }
    return render(request, "disputes/at.html", context)


@require_GET
@requires(SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One dispute: the figure then and now, the records, what was said, and what the asker may do."""
    return _detail(request, _found(request, pk))


@require_POST
@requires(ANSWER)
def answer(request: Any, pk: UUID) -> HttpResponse:
    """The office's answer."""
    form = AnswerForm(request.POST)
    row = _found(request, pk)
    if form.is_valid() and _done(
        form, lambda: actions.answer_dispute(by=request.asker, dispute=pk, **form.cleaned_data)
    ):
        messages.success(request, _("已答复。"))
        return redirect("disputes:detail", pk)
    return _detail(request, row, answer=form)


@require_POST
@requires(ANSWER)
def ask(request: Any, pk: UUID) -> HttpResponse:
    """The office asks another body for its side."""
    row = _found(request, pk)
    form = AskForm(request.POST, bodies=showing.bodies_to_ask(request.asker, row))
    if form.is_valid() and _done(
        form, lambda: actions.ask_side(by=request.asker, dispute=pk, **form.cleaned_data)
    ):
        messages.success(request, _("已请该单位说明；说明后再答复。"))
        return redirect("disputes:detail", pk)
    return _detail(request, row, ask=form)


@require_POST
@requires(STATE_SIDE)
def state(request: Any, pk: UUID) -> HttpResponse:
    """The asked body states its side."""
    row = _found(request, pk)
    if not STATE_SIDE.allows(request.asker, row):
        raise Http404(_("没有请本单位说明"))
    form = StatementForm(request.POST)
    if form.is_valid() and _done(
        form, lambda: actions.state_side(by=request.asker, dispute=pk, **form.cleaned_data)
    ):
        messages.success(request, _("已说明。"))
        return redirect("disputes:detail", pk)
    return _detail(request, row, statement=form)


@require_POST
@requires(WITHDRAW)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """The body takes its dispute back."""
    row = _found(request, pk)
    if not WITHDRAW.allows(request.asker, row):
        raise Http404(_("不是本单位提出的异议"))
    try:
        actions.withdraw_dispute(by=request.asker, dispute=pk)
        messages.success(request, _("异议已撤回。"))
    except ValidationError as error:
        messages.error(request, first_message(error))
    return redirect("disputes:detail", pk)


def _new(request: Any, figure: Figure | None) -> HttpResponse:
    if figure is None or not CONTEST.allows(request.asker, figure):
        raise Http404(_("没有这个数字，或不是本单位的数字"))
    named = [] if figure.unit else figures.names_at(request.asker, figure, clock.today(), NAMES)
    choices = [
        (
            unit.id,
            unit.name if unit.unit_org == figure.place or not unit.pupil else f"{unit.name} {unit.place}",
        )
        for unit in named
        if unit.unit_org != figure.place or unit.subject
    ]
    form = DisputeForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {"id": data["id"], "line": data["line"], "ticked": data.get("units", [])}
        made = attempt(form, lambda: actions.open_dispute(by=request.asker, figure=figure, **given))
        if made is not None:
            messages.success(request, _("异议已提出，办公室会答复。答复前，数字旁边会标明有异议。"))
            return redirect("disputes:detail", made.pk)
    key = figure.obligation.key
    back = pages.of_duty(figure.unit.id) if figure.unit else pages.of_rate(key, figure.place)
    context = {"form": form, "figure": figure, "back": back}
    if len(named) == NAMES:
        form.fields["units"].help_text = _(
            "先列出最滞后的 %(n)d 个；不在其中的，请在“哪里不对”里写明。不勾选表示整个数字。"
        ) % {"n": NAMES}
    return render(request, "disputes/new.html", context, status=422 if form.errors else 200)


def _done(form: Any, action: Callable[[], Dispute]) -> bool:
    return attempt(form, action) is not None


def _found(request: Any, pk: UUID) -> Dispute:
    row = queries.visible(request.asker).filter(pk=pk).first()
    if row is None:
        raise Http404(_("没有这条异议，或不在您的职责范围内"))
    return row


def _detail(request: Any, row: Any, **sent: Any) -> HttpResponse:
    asker = request.asker
    context = {
        "dispute": row,
        "told": showing.told(asker, row),
        "back": reverse("disputes:list"),
        "may_withdraw": row.is_open and WITHDRAW.allows(asker, row),
        **sent,
    }
    if row.is_open and ANSWER.allows(asker, row):
        context.setdefault("answer", AnswerForm())
        if row.asked_org is None:
            context.setdefault("ask", AskForm(bodies=showing.bodies_to_ask(asker, row)))
    if row.is_open and not row.statement and STATE_SIDE.allows(asker, row):
        context.setdefault("statement", StatementForm())
    failed = any(getattr(form, "errors", None) for form in sent.values())
    return render(request, "disputes/detail.html", context, status=422 if failed else 200)
