"""An upload as a change set: its columns told, its conflicts decided, the missing listed, the whole undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.core.sheets.columns import FAULT_HEADER, header_key
from tongyu.directory import queries
from tongyu.directory.models import Choice, RosterImport, RosterKind
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roster import actions, deciding, undo
from tongyu.directory.roster.columns import told_of
from tongyu.directory.rules import IMPORT_ROSTER
from tongyu.portals.directory.shown import field_label, shown_value

PER_PAGE = 50
UNUSED = "-"
"""What a select sends for a column that is not used; an empty one was never looked at."""


@require_http_methods(["GET", "POST"])
@requires(IMPORT_ROSTER)
def columns(request: Any, pk: UUID) -> HttpResponse:
    """Which column of the file is which; remembered for the next file with the same header row."""
    row = roster_or_404(request, pk)
    if not row.layout or row.state not in actions.BEFORE_IMPORT:
        raise Http404
    headers = row.summary.get("headers", [])
    if request.method == "POST":
        chosen = [request.POST.get(f"column_{place}", "") for place in range(len(headers))]
        try:
            actions.tell_columns(
                by=request.asker, roster=row, chosen=["" if key == UNUSED else key for key in chosen]
            )
        except ValidationError as error:
            context = _columns(row, headers, chosen) | {"error": error.messages[0]}
            return render(request, "directory_pages/columns.html", context, status=422)
        return redirect("directory_pages:roster", pk)
    return render(request, "directory_pages/columns.html", _columns(row, headers, None))


def _columns(row: RosterImport, headers: list[str], sent: list[str] | None) -> dict[str, Any]:
    known = actions.WAYS[RosterKind(row.kind)].columns(today())
    told = told_of(row, row.layout)
    by_header = {key: column.key for column in known for key in column.keys} | dict(told)
    named = [(place, header) for place, header in enumerate(headers) if header and header != FAULT_HEADER]
    unknown: list[dict[str, Any]] = []
    recognised: list[dict[str, Any]] = []
    for place, header in named:
        key = by_header.get(header_key(header), "")
        line = {"place": place, "header": header, "chosen": sent[place] if sent else key}
        (recognised if key else unknown).append(line)
    return {
        "row": row,
        "unknown": unknown,
        "recognised": recognised,
        "known": known,
        "remembered": bool(told),
        "unused": UNUSED,
    }


@require_http_methods(["GET", "POST"])
@requires(IMPORT_ROSTER)
def conflicts(request: Any, pk: UUID) -> HttpResponse:
    """What file and record say differently: decided row by row, or for a whole column."""
    row = roster_or_404(request, pk)
    if not row.conflicts.exists():
        raise Http404
    counted = list(
        row.conflicts.values("field")
        .annotate(all=Count("pk"), open=Count("pk", Q(decision="")))
        .order_by("field")
    )
    asked = request.POST.get("field") or request.GET.get("field", "")
    field = next((one["field"] for one in counted if one["field"] == asked), None) or next(
        (one["field"] for one in counted if one["open"]), counted[0]["field"]
    )
    here = f"{reverse('directory_pages:conflicts', args=[pk])}?field={field}"
    if request.method == "POST":
        _decide(request, row, field)
        return redirect(f"{here}&page={request.POST.get('page', '1')[:6]}")
    page = Paginator(row.conflicts.filter(field=field), PER_PAGE).get_page(request.GET.get("page"))
    name = PlaceNames(today(), request.asker.body_code)
    context = {
        "row": row,
        "field": field,
        "label": field_label(field),
        "picks": [
            {
                "label": field_label(one["field"]),
                "href": f"?field={one['field']}",
                "current": one["field"] == field,
                "count": one["open"],
            }
            for one in counted
        ],
        "open_here": next(one["open"] for one in counted if one["field"] == field),
        "open_all": sum(one["open"] for one in counted),
        "page": page,
        "lines": [
            {
                "one": one,
                "place": name(one.org),
                "stands": shown_value(field, one.stands_text, name),
                "file": shown_value(field, one.file_text, name),
            }
            for one in page
        ],
        "choices": Choice.choices,
        "may_decide": row.state == "ready",
    }
    return render(request, "directory_pages/conflicts.html", context)


def _decide(request: Any, row: RosterImport, field: str) -> None:
    """The whole column, or the rows of the page; what is refused is told on the page."""
    try:
        if "column" in request.POST:
            choice = request.POST["column"]
            done = deciding.decide_column(by=request.asker, roster=row, field=field, choice=choice)
        else:
            choices = {
                key: (request.POST.get(f"seen_{key}", ""), request.POST.get(f"choice_{key}", ""))
                for key in uuids(request.POST.getlist("conflict"))
                if request.POST.get(f"choice_{key}")
            }
            done = deciding.decide_conflicts(by=request.asker, roster=row, choices=choices)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已保存 %(count)d 处决定。") % {"count": done})


@require_POST
@requires(IMPORT_ROSTER)
def undo_import(request: Any, pk: UUID) -> HttpResponse:
    """Put everything back as it was before this import."""
    row = roster_or_404(request, pk)
    try:
        undo.undo_import(by=request.asker, roster=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("directory_pages:roster", pk)


def roster_or_404(request: Any, pk: UUID) -> RosterImport:
    """The upload, when the asker may see it."""
    found = queries.visible_rosters(request.asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def uuids(texts: list[str]) -> list[UUID]:
    """The ids among these texts; others were never on the page."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
