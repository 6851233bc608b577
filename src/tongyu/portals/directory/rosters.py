"""Upload → preview → repair → import."""

import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import audit
from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.core.models import JobProgress
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.write import write_marked, write_table
from tongyu.directory import queries
from tongyu.directory.models import RosterImport, RosterKind, RosterState
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import SchoolLeader
from tongyu.directory.roster import absent, actions, undo
from tongyu.directory.roster.capture import KEPT
from tongyu.directory.roster.changes import faults_from_json
from tongyu.directory.rules import IMPORT_ROSTER
from tongyu.portals.directory.change_sets import roster_or_404
from tongyu.portals.directory.forms import UploadForm
from tongyu.shell import results
from tongyu.shell.export import XLSX
from tongyu.shell.listing import Column, Listing

SHOWN_FAULTS = 200
WAITING = {RosterState.CHECKING, RosterState.IMPORTING, RosterState.UNDOING}
COUNTS = (
    ("new", gettext_lazy("新增")),
    ("changed", gettext_lazy("有变化")),
    ("unchanged", gettext_lazy("没有变化")),
    ("missing", gettext_lazy("文件里没有")),
)
FURTHER = (
    ("absent", gettext_lazy("在册但不在文件里，保持不动")),
    ("guardians_new", gettext_lazy("新的监护人")),
    ("guardians_changed", gettext_lazy("资料有变化的监护人")),
    ("classes_new", gettext_lazy("将新建的班级")),
    ("posts_new", gettext_lazy("新的任职")),
    ("posts_ended", gettext_lazy("将结束的任职")),
    ("posts_unchanged", gettext_lazy("没有变化的任职")),
)
ROSTERS = Listing(
    columns=[
        Column(
            gettext_lazy("文件"), "filename", phone="title", href=lambda row: f"/directory/rosters/{row.pk}/"
        ),
        Column(gettext_lazy("名册"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("状态"), lambda row: row.get_state_display()),
        Column(gettext_lazy("上传时间"), "uploaded_at", kind="moment"),
    ],
    exports=False,
    empty_title=gettext_lazy("还没有导入过名册"),
    empty_text=gettext_lazy("先下载模板，或直接用学籍系统导出的文件。"),
    empty_icon="file-upload",
)


@require_GET
@requires(IMPORT_ROSTER)
def roster_list(request: Any) -> HttpResponse:
    """What was uploaded."""
    page = ROSTERS.page(request, queries.visible_rosters(request.asker))
    asked = absent.asked_of(request.asker).count() if request.asker.role is SchoolLeader else 0
    context = {"page": page, "kinds": RosterKind.choices, "asked": asked}
    return render(request, "directory_pages/rosters.html", context)


@require_http_methods(["GET", "POST"])
@requires(IMPORT_ROSTER)
def upload(request: Any) -> HttpResponse:
    """Take a file and have it checked; nothing is changed yet."""
    form = UploadForm(request.POST or None, request.FILES or None, asker=request.asker)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = actions.upload_roster(
                by=request.asker,
                kind=form.cleaned_data["kind"],
                filename=file.name,
                data=file.read(),
                complete=form.cleaned_data["complete"],
            )
        except SheetError as error:
            form.add_error("file", error.message)
        else:
            return redirect("directory_pages:roster", row.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "directory_pages/upload.html", {"form": form}, status=status)


@require_GET
@requires(IMPORT_ROSTER)
def roster(request: Any, pk: UUID) -> HttpResponse:
    """The preview, or how far the job is, or what was done."""
    row = roster_or_404(request, pk)
    context = {"row": row, "job": _job(row), "states": RosterState, "waiting": row.state in WAITING}
    if not context["waiting"]:
        context |= _preview(row, request.asker.body_code) | _change_set(row)
    return render(request, "directory_pages/roster.html", context)


@require_GET
@requires(IMPORT_ROSTER)
def progress(request: Any, pk: UUID) -> HttpResponse:
    """How far the job is; when it is through, the page is loaded again."""
    row = roster_or_404(request, pk)
    response = render(request, "directory_pages/progress.html", {"row": row, "job": _job(row)})
    if row.state not in WAITING:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@requires(IMPORT_ROSTER)
def marked(request: Any, pk: UUID) -> HttpResponse:
    """The uploaded table with its faults marked."""
    row = roster_or_404(request, pk)
    try:
        sheet = actions.open_sheet(row)
    except SheetError:
        raise Http404 from None
    target = io.BytesIO()
    write_marked(target, sheet, faults_from_json(row.faults))
    audit.note("roster_downloaded", "directory_rosterimport", str(row.pk), row.org)
    return _workbook(target, row.filename.rsplit(".", 1)[0] + _("（问题已标出）"))


@require_GET
@requires(IMPORT_ROSTER)
def template(request: Any, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    if kind not in RosterKind.values:
        raise Http404
    target = io.BytesIO()
    columns = actions.WAYS[RosterKind(kind)].columns(today())
    heads = [f"{column.title}*" if column.required else column.title for column in columns]
    write_table(target, heads, [], title=str(RosterKind(kind).label))
    return _workbook(target, str(RosterKind(kind).label) + _("模板"))


@require_POST
@requires(IMPORT_ROSTER)
def confirm_import(request: Any, pk: UUID) -> HttpResponse:
    """Import what the preview showed: everything or nothing."""
    row = roster_or_404(request, pk)
    try:
        actions.import_roster(by=request.asker, roster=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("directory_pages:roster", pk)


@require_POST
@requires(IMPORT_ROSTER)
def cancel(request: Any, pk: UUID) -> HttpResponse:
    """Drop the upload."""
    row = roster_or_404(request, pk)
    try:
        actions.cancel_roster(by=request.asker, roster=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("directory_pages:roster", pk)
    messages.success(request, _("已取消，文件已删除，什么都没有改动。"))
    return redirect("directory_pages:rosters")


def _results(asker: Asker, found: Sequence[JobProgress]) -> dict[UUID, results.Result]:
    """The uploads that these jobs are about."""
    rows = queries.visible_rosters(asker).filter(job_id__in=[one.pk for one in found])
    return {
        job: results.Result(reverse("directory_pages:roster", args=[pk]), gettext_lazy("查看名册"))
        for pk, job in rows.values_list("pk", "job_id")
        if job
    }


for _task in ("directory.check_roster", "directory.import_roster", undo.TASK):
    results.register(_task, _results)


def _job(row: RosterImport) -> JobProgress | None:
    return JobProgress.objects.filter(pk=row.job_id).first() if row.job_id else None


def _preview(row: RosterImport, home: int) -> dict[str, Any]:
    counts = row.summary.get("counts", {})
    name = PlaceNames(today(), home)
    titles = {
        "new": _("新增"),
        "changed": _("有变化"),
        "missing": _("在册但不在文件里，导入后逐一决定"),
        "absent": _("不在文件里，保持不动"),
        "posts_new": _("新的任职"),
        "posts_ended": _("将结束的任职"),
    }
    examples = [
        (titles[kind], [example | {"place": name(int(example["place"]))} for example in listed])
        for kind, listed in row.summary.get("examples", {}).items()
        if kind in titles
    ]
    faults = row.faults if row.state == RosterState.FAULTY else []
    titles_of = _headers(row) if faults else []
    return {
        "counts": [(label, counts[key]) for key, label in COUNTS if key in counts],
        "further": [(label, counts[key]) for key, label in FURTHER if counts.get(key)],
        "examples": examples,
        "faults": [
            (number, titles_of[column] if column < len(titles_of) else "", reason)
            for number, column, _code, reason in faults[:SHOWN_FAULTS]
        ],
        "fault_count": len(faults),
        "faulty_rows": len({fault[0] for fault in faults}),
        "more_faults": max(len(faults) - SHOWN_FAULTS, 0),
    }


def _change_set(row: RosterImport) -> dict[str, Any]:
    """What is to be decided, what may be undone and until when, and what spoke against it."""
    if row.state not in (RosterState.READY, RosterState.IMPORTED):
        return {}
    decided = row.conflicts.aggregate(all=Count("pk"), open=Count("pk", Q(decision="")))
    missing = row.absent.aggregate(all=Count("pk"), open=Count("pk", Q(fate="")))
    return {
        "conflicts": decided,
        "missing": missing,
        "may_undo": undo.may_undo(row),
        "undo_until": row.imported_at + KEPT if row.imported_at else None,
        "against": row.summary.get("against", []),
    }


def _headers(row: RosterImport) -> list[str]:
    """The file's own headers, as they were found when it was checked."""
    return list(row.summary.get("headers", []))


def _workbook(target: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.xlsx"
    response["Cache-Control"] = "no-store"
    return response
