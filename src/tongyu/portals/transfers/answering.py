"""The answers to a move: the receiving school confirms or declines, the school that began it withdraws."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongyu.core.access import requires
from tongyu.directory.models import TransferState
from tongyu.directory.rules import ANSWER_TRANSFER, BEGIN_TRANSFER
from tongyu.directory.transfers import actions
from tongyu.portals.transfers import views
from tongyu.portals.transfers.forms import ConfirmForm
from tongyu.records.forms import attempt, first_message, sent_reason


@require_POST
@requires(ANSWER_TRANSFER)
def confirm(request: Any, pk: UUID) -> HttpResponse:
    """Take the pupil into a class, from a day on."""
    row = views.found(request.asker, pk)
    form = views.confirm_form(request.asker, row, request.POST)
    if form is None:
        return _told_otherwise(request, row)
    if form.is_valid():
        done = attempt(
            form, lambda: actions.confirm_transfer(by=request.asker, transfer=pk, **form.cleaned_data)
        )
        if done is not None:
            return _confirmed(request, done)
    return views.page(request, row, form)


@require_POST
@requires(ANSWER_TRANSFER)
def decline(request: Any, pk: UUID) -> HttpResponse:
    """Send the pupil back, with a reason."""
    views.found(request.asker, pk)
    return _ended(request, pk, actions.decline_transfer, _("已退回，学生仍在原学校。"))


@require_POST
@requires(BEGIN_TRANSFER)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Take the proposal back, with a reason."""
    views.found(request.asker, pk)
    return _ended(request, pk, actions.withdraw_transfer, _("已撤回，学生仍在原班级。"))


def _ended(request: Any, pk: UUID, action: Any, told: str) -> HttpResponse:
    try:
        action(by=request.asker, transfer=pk, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, told)
    return redirect("transfers:detail", pk)


def _told_otherwise(request: Any, row: Any) -> HttpResponse:
    """Somebody has answered already; a double click only hears what stands."""
    form = ConfirmForm(request.POST, classes=[(row.to_class, "")])
    if form.is_valid():
        try:
            return _confirmed(
                request, actions.confirm_transfer(by=request.asker, transfer=row.pk, **form.cleaned_data)
            )
        except ValidationError as error:
            messages.error(request, first_message(error))
            return redirect("transfers:detail", row.pk)
    messages.error(request, _("这项转学现在是“%(state)s”，不能再确认。") % {"state": row.get_state_display()})
    return redirect("transfers:detail", row.pk)


def _confirmed(request: Any, row: Any) -> HttpResponse:
    if row.state == TransferState.DONE:
        messages.success(request, _("已转入，学生从现在起在新班级的名单里。"))
    else:
        messages.success(request, _("已确认，到日子自动转入，不用再办。"))
    return redirect("transfers:detail", row.pk)
