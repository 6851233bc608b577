"""Upload, check, import, cancel: the named steps of an import."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import audit, clock, jobs
from tongyu.core.access import Asker
from tongyu.core.bulk import without_collector
from tongyu.core.encryption import associated_data, keyring
from tongyu.core.sheets.columns import Column, match
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.guard import file_kind
from tongyu.core.sheets.read import Sheet, read_sheet
from tongyu.directory.models import RosterImport, RosterKind, RosterState
from tongyu.directory.roster.absent import keep_absent
from tongyu.directory.roster.after import Imported, tell
from tongyu.directory.roster.bodies import plan_bodies, write_bodies
from tongyu.directory.roster.capture import capturing
from tongyu.directory.roster.changes import Findings, Summary, Table, faults_as_json
from tongyu.directory.roster.columns import layout_of, remember_columns, score, told_of
from tongyu.directory.roster.conflicts import decisions_of, forget_hand_changes, keep_conflicts
from tongyu.directory.roster.deciding import undecided
from tongyu.directory.roster.differing import conflicts_in, settle
from tongyu.directory.roster.kept import keep, plan_kept
from tongyu.directory.roster.layouts import body_columns, staff_columns, student_columns
from tongyu.directory.roster.staff import StaffPlan, plan_staff, write_staff
from tongyu.directory.roster.starting import acting_asker, asker_from, start
from tongyu.directory.roster.students import StudentPlan, plan_students
from tongyu.directory.roster.write_students import write_students
from tongyu.directory.rules import IMPORT_ROSTER

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Way:
    """How rosters of one kind are read, compared and written."""

    columns: Callable[[date], tuple[Column, ...]]
    plan: Callable[..., tuple[Any, Summary]]
    write: Callable[[Any, Report], None]


WAYS = {
    RosterKind.STUDENTS: Way(student_columns, plan_students, write_students),
    RosterKind.STAFF: Way(staff_columns, plan_staff, write_staff),
    RosterKind.BODIES: Way(body_columns, plan_bodies, write_bodies),
}


BEFORE_IMPORT = (RosterState.READY, RosterState.FAULTY, RosterState.UNREADABLE, RosterState.COLUMNS)
COLUMN_FAULTS = {"missing_columns", "doubled_columns"}
CHANGED_MEANWHILE = gettext_lazy("预览之后名册有了变化，什么都没有导入。请重新上传、预览。")


@transaction.atomic
def upload_roster(*, by: Asker, kind: str, filename: str, data: bytes, complete: bool) -> RosterImport:
    """Keep the file, encrypted, and ask for its check. Raises SheetError when it is no table at all."""
    IMPORT_ROSTER.check(by)
    file_kind(data, filename)
    row = RosterImport(org=by.body_code, kind=kind, filename=filename[-120:], complete=complete)
    row.asked_by = str(by.account_id)
    row.content = bytes(keyring().seal_bytes(data, _place(row)))
    row.save()
    audit.note(
        "roster_uploaded", "directory_rosterimport", str(row.pk), row.org, {"kind": kind, "bytes": len(data)}
    )
    return start(row, "directory.check_roster", _("检查名册"), by)


@transaction.atomic
def tell_columns(*, by: Asker, roster: RosterImport, chosen: Sequence[str]) -> RosterImport:
    """Say which column is which, in the order of the headers, and have the file checked again.

    Remembered for this body and this header row. ValidationError when required columns are not told or told twice, or
    when the upload is past its preview.
    """
    row = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if row.state not in BEFORE_IMPORT or row.content is None or not row.layout:
        raise ValidationError(
            _("这份名册现在不能再指定各列：%(state)s。") % {"state": row.get_state_display()}
        )
    columns = WAYS[RosterKind(row.kind)].columns(clock.today())
    remember_columns(by=by, roster=row, columns=columns, chosen=chosen)
    row.state, row.faults, row.kept, row.message = RosterState.CHECKING, [], None, ""
    row.save(update_fields=["state", "faults", "kept", "message"])
    return start(row, "directory.check_roster", _("检查名册"), by)


@transaction.atomic
def import_roster(*, by: Asker, roster: RosterImport) -> RosterImport:
    """Ask for the import of a checked roster without faults, all its conflicts decided; else ValidationError."""
    IMPORT_ROSTER.check(by, roster)
    row = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if row.state != RosterState.READY:
        raise ValidationError(_("这份名册现在不能导入：%(state)s。") % {"state": row.get_state_display()})
    if left := undecided(row):
        raise ValidationError(_("还有 %(count)s 处分歧没有决定，决定之后才能导入。") % {"count": left})
    row.state = RosterState.IMPORTING
    row.save(update_fields=["state"])
    return start(row, "directory.import_roster", _("导入名册"), by)


@transaction.atomic
def cancel_roster(*, by: Asker, roster: RosterImport) -> None:
    """Drop an upload; what was imported stays imported."""
    IMPORT_ROSTER.check(by, roster)
    rows = RosterImport.objects.filter(pk=roster.pk, state__in=BEFORE_IMPORT)
    if not rows.update(state=RosterState.CANCELLED, content=None, kept=None, faults=[], summary={}):
        raise ValidationError(_("这份名册正在处理，或已经处理完了。"))
    roster.conflicts.all().delete()


def check_roster(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> None:
    """The job: read the file and say what it would change. Changes nothing but the upload's own rows."""
    with without_collector(), transaction.atomic():
        row = RosterImport.objects.select_for_update().get(pk=roster_id)
        if row.state != RosterState.CHECKING:  # done before; the worker died before it could say so
            return
        try:
            table, plan, summary = compare(row, asker_from(asker), progress.report)
        except SheetError as error:
            told = error.code in COLUMN_FAULTS
            row.state, row.message = RosterState.COLUMNS if told else RosterState.UNREADABLE, error.message
            row.save(update_fields=["state", "message", "summary", "layout"])
            return
        faults = table.findings.faults
        row.state = RosterState.FAULTY if faults else RosterState.READY
        row.summary = asdict(summary) | {"notes": table.findings.note_counts, "faults": len(faults)}
        row.faults = faults_as_json(faults)
        if isinstance(plan, StudentPlan) and not faults:
            row.kept = bytes(keyring().seal_bytes(keep(plan), _place(row, "kept")))
            row.summary["open"] = keep_conflicts(row, conflicts_in(plan))
        row.save(update_fields=["state", "summary", "faults", "kept", "layout"])


def run_import(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    """The job: compare again, and write everything or nothing."""
    try:
        with without_collector(), transaction.atomic():
            row = RosterImport.objects.select_for_update().get(pk=roster_id)
            if row.state == RosterState.IMPORTED:  # the worker died between its commit and its last word
                return {"counts": row.summary["counts"]}
            if row.state != RosterState.IMPORTING:
                raise jobs.JobRefused(_("这份名册已经处理过了。"))
            by = acting_asker(asker, _("您的职务在导入之前已经变动，什么都没有导入。"))
            faults, plan, summary = _again(row, by)
            before = (row.summary["counts"], row.summary.get("mark", ""))
            if faults or (summary.counts, summary.mark) != before:
                raise jobs.JobRefused(str(CHANGED_MEANWHILE))
            row.state, row.content, row.kept, row.faults = RosterState.IMPORTED, None, None, []
            row.summary, row.imported_at = row.summary | {"examples": {}}, clock.now()
            row.touched_at = row.imported_at
            with capturing(row):
                _write(row, plan, progress)
                tell(Imported(by, clock.today(), plan.posts.ended if isinstance(plan, StaffPlan) else ()))
            row.save(
                update_fields=["state", "content", "kept", "faults", "summary", "imported_at", "touched_at"]
            )
            audit.note("roster_imported", "directory_rosterimport", str(row.pk), row.org, summary.counts)
            return {"counts": summary.counts}
    except (jobs.JobRefused, SheetError) as refusal:
        _back(roster_id, str(refusal))
        raise jobs.JobRefused(str(refusal)) from None
    except IntegrityError:
        text = _("与已有资料冲突（例如同一证件号已登记），什么都没有导入。请重新上传、预览。")
        _back(roster_id, text)
        raise jobs.JobRefused(text) from None
    except Exception:
        _back(roster_id, _("导入时系统出错，什么都没有保存。"))
        raise


def _write(row: RosterImport, plan: Any, progress: jobs.Progress) -> None:
    """Write the plan as it was decided, and list whom the file does not name; JobRefused when conflicts are others."""
    written: set[tuple[UUID, str]] = set()
    if isinstance(plan, StudentPlan):
        decided = decisions_of(row)
        if {one.key: one.mark for one in conflicts_in(plan)} != {
            key: mark for key, (mark, _one) in decided.items()
        }:
            raise jobs.JobRefused(str(CHANGED_MEANWHILE))
        written = settle(plan, {key: choice for key, (_mark, choice) in decided.items()})
    WAYS[RosterKind(row.kind)].write(plan, progress.report)
    forget_hand_changes(written)
    if row.complete:
        row.summary["missing"] = keep_absent(row, plan)


def compare(row: RosterImport, asker: Asker, report: Report) -> tuple[Table, Any, Summary]:
    """Read the upload and compare it with what stands; raises SheetError when it cannot be read."""
    way, day = WAYS[RosterKind(row.kind)], clock.today()
    columns = way.columns(day)
    sheet = open_sheet(row, columns)
    count = len(sheet.rows)
    row.layout = layout_of(sheet.headers)
    try:
        matching = match(columns, sheet, told_of(row, row.layout))
    except SheetError:  # the headers are kept, for a person to say what they are
        row.summary = {"headers": list(sheet.headers), "header_row": sheet.header_row, "rows": count}
        raise
    table = Table(sheet, columns, matching, Findings())
    plan, summary = way.plan(table, asker, day, complete=row.complete, report=report)
    summary.unknown_columns = matching.unknown[:50]
    summary.missing_columns = [column.title for column in matching.missing]
    summary.headers, summary.places = sheet.headers, matching.places
    summary.header_row, summary.rows = sheet.header_row, count
    summary.sheet, summary.encoding = sheet.name, sheet.encoding
    return table, plan, summary


def _again(row: RosterImport, asker: Asker) -> tuple[int, Any, Summary]:
    """Compare a checked roster with what stands now."""
    if row.kind == RosterKind.STUDENTS:
        data = keyring().open_bytes(bytes(row.kept or b""), _place(row, "kept"))
        plan, summary = plan_kept(data, asker, clock.today(), complete=row.complete)
        return 0, plan, summary
    table, plan, summary = compare(row, asker, lambda done, total: None)
    return len(table.findings.faults), plan, summary


def open_sheet(row: RosterImport, columns: tuple[Column, ...] | None = None) -> Sheet:
    """The uploaded table; raises SheetError. Whoever opens it is still at work on it."""
    RosterImport.objects.filter(pk=row.pk).update(touched_at=clock.now())
    if row.content is None:
        raise SheetError("gone", _("原文件已经删除。"))
    known = columns or WAYS[RosterKind(row.kind)].columns(clock.today())
    data = keyring().open_bytes(bytes(row.content), _place(row))
    return read_sheet(data, row.filename, lambda headers: score(known, headers))


def abandon_roster(roster_id: str, **_arguments: Any) -> None:
    """After a job that was given up: the upload says so, and can be dropped."""
    busy = [RosterState.CHECKING, RosterState.IMPORTING]
    with transaction.atomic():
        RosterImport.objects.filter(pk=roster_id, state__in=busy).update(
            state=RosterState.UNREADABLE, message=_("任务多次中断，什么都没有保存。请重新上传。")
        )


def _back(roster_id: str, message: str) -> None:
    """After a refused import: the upload can be looked at again, and says why."""
    with transaction.atomic():
        RosterImport.objects.filter(pk=roster_id, state=RosterState.IMPORTING).update(
            state=RosterState.UNREADABLE, message=message[:300], touched_at=clock.now()
        )


def _place(row: RosterImport, column: str = "content") -> bytes:
    return associated_data("directory_rosterimport", column, row.pk)
