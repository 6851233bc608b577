"""Withdraw a record; add, open and take away its files. One set of pages for every kind."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.records import attachments, life
from tongyu.records.forms import ReasonForm, attempt, first_message, sent_reason
from tongyu.records.kinds import Kind
from tongyu.records.models import Attachment, Record
from tongyu.records.pages import address
from tongyu.records.queries import kind_or_404, record_or_404
from tongyu.records.rules import ANY_RECORD


@require_http_methods(["GET", "POST"])
@requires(ANY_RECORD)
def withdraw(request: Any, kind: str, pk: UUID) -> HttpResponse:
    """Take a record back with a reason."""
    entry, record = _changeable(request.asker, kind, pk)
    version = request.GET.get("version", "")
    data = {"reason": request.POST.get("reason", ""), "version": request.POST.get("version") or version}
    form = ReasonForm(data if request.method == "POST" else None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        act = entry.withdraw or life.withdraw
        if attempt(form, lambda: act(by=request.asker, record=record, **form.cleaned_data)):
            messages.success(request, _("已撤回。记录仍可查看，不再计入责任。"))
            return redirect(address(record))
    return render(
        request,
        "shell/confirm_page.html",
        {
            "title": _("撤回这条记录？"),
            "text": _("撤回后仍可查看，但不再计入任何责任。"),
            "form": form,
            "button": _("撤回"),
            "danger": True,
            "back": address(record),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@requires(ANY_RECORD)
def attach(request: Any, kind: str, pk: UUID) -> HttpResponse:
    """Add photos or files; all of them or none."""
    _entry, record = _changeable(request.asker, kind, pk)
    try:
        added = attachments.add(by=request.asker, record=record, uploads=request.FILES.getlist("files"))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已添加 %d 个文件。") % len(added))
    return redirect(address(record))


@require_GET
@requires(ANY_RECORD)
def attachment(request: Any, pk: UUID) -> HttpResponseBase:
    """One file, as a download, to whoever may open the files of its record."""
    found, entry, record = _attachment(request.asker, pk)
    if entry.open_files is not None:
        entry.open_files.check(request.asker, record)
    return attachments.serve(by=request.asker, attachment=found)


@require_POST
@requires(ANY_RECORD)
def remove_attachment(request: Any, pk: UUID) -> HttpResponse:
    """Take a file away from its record, with a reason."""
    found, entry, record = _attachment(request.asker, pk)
    _check_change(request.asker, entry, record)
    try:
        attachments.remove(by=request.asker, attachment=found, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已去掉这个文件。"))
    return redirect(address(record))


def _changeable(asker: Asker, key: str, pk: UUID) -> tuple[Kind, Record]:
    entry = kind_or_404(key)
    record = record_or_404(asker, entry, pk)
    _check_change(asker, entry, record)
    return entry, record


def _check_change(asker: Asker, entry: Kind, record: Record) -> None:
    if entry.change is None:
        raise PermissionDenied(f"{entry.key} is changed by its own room")
    entry.change.check(asker, record)


def _attachment(asker: Asker, pk: UUID) -> tuple[Attachment, Kind, Record]:
    found = Attachment.objects.filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        raise Http404
    entry = kind_or_404(found.kind)
    return found, entry, record_or_404(asker, entry, found.record_id)
