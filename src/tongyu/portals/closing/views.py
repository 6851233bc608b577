"""The periods, the certificate of a closing, its restatements; close, compare, restate."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.core.models import JobProgress
from tongyu.duties import states
from tongyu.duties.closing import actions, queries
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import Closing
from tongyu.duties.closing.preview import preview
from tongyu.duties.rules import CLOSE, SEE_CLOSINGS
from tongyu.portals.closing import pages
from tongyu.records.forms import first_message, sent_reason


@require_GET
@requires(SEE_CLOSINGS)
def periods(request: Any) -> HttpResponse:
    """Every period and how it stands: running, to be closed, closed, restated."""
    lines = queries.lines(request.asker, clock.today())
    context = {
        "lines": [(line, pages.TONES[line.state]) for line in lines],
        "may_close": CLOSE.allows(request.asker),
        "job": pages.job_of(request.asker),
    }
    return render(request, "closing/periods.html", context)


@require_GET
@requires(SEE_CLOSINGS)
def period(request: Any, key: str) -> HttpResponse:
    """The certificate of a closed period; of an open one, for the office, what closing it would freeze."""
    editions = _editions(request, key)
    if not editions:
        return _preview(request, key)
    return _certificate(request, key, editions, 0)


@require_GET
@requires(SEE_CLOSINGS)
def restatement(request: Any, key: str, edition: int) -> HttpResponse:
    """The certificate of a restatement, with what it changed in the asker's range."""
    editions = _editions(request, key)
    if not 1 <= edition < len(editions):
        raise Http404(_("没有这次更正"))
    return _certificate(request, key, editions, edition)


@require_GET
@requires(SEE_CLOSINGS)
def changes(request: Any, key: str) -> HttpResponse:
    """What stands otherwise since the period was closed, and because of what."""
    editions = _editions(request, key)
    if not editions:
        raise Http404(_("这一时段还没有结账"))
    return _changes(request, key, editions)


@require_POST
@requires(CLOSE)
def close(request: Any, key: str) -> HttpResponse:
    """Ask for the closing."""
    try:
        actions.ask_close(by=request.asker, key=key)
    except LookupError:
        raise Http404(_("没有这个时段")) from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("closing:period", key)
    messages.info(request, _("已开始结账，下面看得到进度。期间可以照常使用。"))
    return redirect("closing:periods")


@require_POST
@requires(CLOSE)
def compare(request: Any, key: str) -> HttpResponse:
    """Ask for a comparison of everything with the records of today."""
    try:
        actions.ask_compare(by=request.asker, key=key)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("closing:periods")
    return redirect("closing:changes", key)


@require_POST
@requires(CLOSE)
def restate(request: Any, key: str) -> HttpResponse:
    """Ask for the restatement, with its reason."""
    reason = sent_reason(request)
    try:
        actions.ask_restate(by=request.asker, key=key, reason=reason)
    except ValidationError as error:
        messages.error(request, first_message(error))
        editions = _editions(request, key)
        return redirect("closing:changes", key) if editions else redirect("closing:periods")
    messages.info(request, _("正在公布更正，下面看得到进度。"))
    return redirect("closing:periods")


@require_GET
@requires(CLOSE)
def progress(request: Any, job: UUID) -> HttpResponse:
    """How far the job is; when it is through, the page is loaded again."""
    found = JobProgress.objects.filter(pk=job, kind__in=pages.TASKS).first()
    if found is None:
        raise Http404
    response = render(request, "closing/progress.html", {"job": found})
    if found.finished:
        response["HX-Refresh"] = "true"
    return response


def _editions(request: Any, key: str) -> list[Closing]:
    found = queries.visible(request.asker).filter(period_key=key, edition=0).first()
    return queries.editions(found) if found else []


def _preview(request: Any, key: str) -> HttpResponse:
    if not CLOSE.allows(request.asker):
        raise Http404(_("这一时段还没有结账"))
    try:
        found = preview(queries.county_of(request.asker), key, clock.today())
    except LookupError:
        raise Http404(_("没有这个时段")) from None
    shown = {state: number for state, number in found.counts.items() if number}
    context = {
        "preview": found,
        "key": key,
        "counts": {state: number for state, number in shown.items() if state != states.UNKNOWN},
        "unknown": shown.get(states.UNKNOWN, 0),
        "duties": len({window.rule.pk for window in found.windows}),
        "rate": states.rate(found.counts),
    }
    return render(request, "closing/preview.html", context)


def _certificate(request: Any, key: str, editions: list[Closing], edition: int) -> HttpResponse:
    closing = editions[edition]
    if edition and request.GET.get("format") == "xlsx":
        return pages.changes_file(request, closing, editions[edition - 1])
    rows = queries.duties(closing)
    context = {
        "closing": closing,
        "key": key,
        "label": label_of(key),
        "facts": pages.facts(closing, rows),
        "duties": pages.duty_lines(rows),
        "unmeasured": sum(bool(row.rule["why_not"]) for row in rows),
        "counts": {
            state: number for state, number in closing.counts.items() if number and state != "unknown"
        },
        "rate": states.rate(closing.counts),
        "restatements": editions[1:],
        "changes": pages.change_page(request, closing, editions[edition - 1]) if edition else None,
        "changed": queries.changed_in(editions[0]),
    }
    return render(request, "closing/certificate.html", context)


def _changes(request: Any, key: str, editions: list[Closing]) -> HttpResponse:
    if request.GET.get("format") == "xlsx":
        return pages.changes_file(request, editions[0], editions[-1])
    office = CLOSE.allows(request.asker)
    context = {
        "closing": editions[0],
        "key": key,
        "label": label_of(key),
        "changes": pages.change_page(request, editions[0], editions[-1]),
        "may_close": office,
        "next": len(editions),
        "job": pages.job_of(request.asker) if office else None,
    }
    return render(request, "closing/changes.html", context)
