"""Upload, check, import, cancel: the named steps of an import."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import audit, clock, jobs
from tongyu.core.access import Asker
from tongyu.core.bulk import without_collector
from tongyu.core.encryption import associated_data, keyring
from tongyu.core.sheets.columns import Column, match, score_headers
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.guard import file_kind
from tongyu.core.sheets.read import Sheet, read_sheet
from tongyu.directory.hats import still_wears
from tongyu.directory.models import RosterImport, RosterKind, RosterState
from tongyu.directory.roster.after import Imported, tell
from tongyu.directory.roster.bodies import plan_bodies, write_bodies
from tongyu.directory.roster.changes import Findings, Summary, Table, faults_as_json
from tongyu.directory.roster.kept import keep, plan_kept
from tongyu.directory.roster.layouts import body_columns, staff_columns, student_columns
from tongyu.directory.roster.staff import StaffPlan, plan_staff, write_staff
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
    return _ask(row, "directory.check_roster", _("检查名册"), by)


@transaction.atomic
def import_roster(*, by: Asker, roster: RosterImport) -> RosterImport:
    """Ask for the import of a checked roster without faults."""
    IMPORT_ROSTER.check(by, roster)
    row = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if row.state != RosterState.READY:
        raise ValidationError(_("这份名册现在不能导入：%(state)s。") % {"state": row.get_state_display()})
    row.state = RosterState.IMPORTING
    row.save(update_fields=["state"])
    return _ask(row, "directory.import_roster", _("导入名册"), by)


@transaction.atomic
def cancel_roster(*, by: Asker, roster: RosterImport) -> None:
    """Drop an upload; what was imported stays imported."""
    IMPORT_ROSTER.check(by, roster)
    waiting = [RosterState.READY, RosterState.FAULTY, RosterState.UNREADABLE]
    rows = RosterImport.objects.filter(pk=roster.pk, state__in=waiting)
    if not rows.update(state=RosterState.CANCELLED, content=None, faults=[], summary={}):
        raise ValidationError(_("这份名册正在处理，或已经处理完了。"))


def check_roster(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> None:
    """The job: read the file and say what it would change. Changes nothing but the upload's own row."""
    with without_collector(), transaction.atomic():
        row = RosterImport.objects.select_for_update().get(pk=roster_id)
        if row.state != RosterState.CHECKING:  # done before; the worker died before it could say so
            return
        try:
            table, plan, summary = compare(row, Asker(**asker_from(asker)), progress.report)
        except SheetError as error:
            row.state, row.message = RosterState.UNREADABLE, error.message
            row.save(update_fields=["state", "message"])
            return
        faults = table.findings.faults
        row.state = RosterState.FAULTY if faults else RosterState.READY
        row.summary = asdict(summary) | {"notes": table.findings.note_counts, "faults": len(faults)}
        row.faults = faults_as_json(faults)
        if isinstance(plan, StudentPlan) and not faults:
            row.content = bytes(keyring().seal_bytes(keep(plan), _place(row)))
        row.save(update_fields=["state", "summary", "faults", "content"])


def run_import(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    """The job: compare again, and write everything or nothing."""
    try:
        with without_collector(), transaction.atomic():
            row = RosterImport.objects.select_for_update().get(pk=roster_id)
            if row.state == RosterState.IMPORTED:  # the worker died between its commit and its last word
                return {"counts": row.summary["counts"]}
            if row.state != RosterState.IMPORTING:
                raise jobs.JobRefused(_("这份名册已经处理过了。"))
            by = Asker(**asker_from(asker))
            if not still_wears(by, clock.today()):
                raise jobs.JobRefused(_("您的职务在导入之前已经变动，什么都没有导入。"))
            faults, plan, summary = _again(row, by)
            before = (row.summary["counts"], row.summary.get("mark", ""))
            if faults or (summary.counts, summary.mark) != before:
                raise jobs.JobRefused(_("预览之后名册有了变化，什么都没有导入。请重新上传、预览。"))
            WAYS[RosterKind(row.kind)].write(plan, progress.report)
            row.state, row.content, row.faults = RosterState.IMPORTED, None, []
            row.summary, row.imported_at = row.summary | {"examples": {}}, clock.now()
            row.save(update_fields=["state", "content", "faults", "summary", "imported_at"])
            audit.note("roster_imported", "directory_rosterimport", str(row.pk), row.org, summary.counts)
            tell(Imported(by, clock.today(), plan.posts.ended if isinstance(plan, StaffPlan) else ()))
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


def compare(row: RosterImport, asker: Asker, report: Report) -> tuple[Table, Any, Summary]:
    """Read the upload and compare it with what stands; raises SheetError when it cannot be read."""
    way, day = WAYS[RosterKind(row.kind)], clock.today()
    columns = way.columns(day)
    sheet = open_sheet(row, columns)
    count = len(sheet.rows)
    table = Table(sheet, columns, match(columns, sheet), Findings())
    plan, summary = way.plan(table, asker, day, complete=row.complete, report=report)
    summary.unknown_columns = table.matching.unknown[:50]
    summary.missing_columns = [column.title for column in table.matching.missing]
    summary.headers = sheet.headers
    summary.header_row, summary.rows = sheet.header_row, count
    summary.sheet, summary.encoding = sheet.name, sheet.encoding
    return table, plan, summary


def _again(row: RosterImport, asker: Asker) -> tuple[int, Any, Summary]:
    """Compare a checked roster with what stands now."""
    if row.kind == RosterKind.STUDENTS:
        data = keyring().open_bytes(bytes(row.content or b""), _place(row))
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
    return read_sheet(data, row.filename, lambda headers: score_headers(known, headers))


def asker_from(stored: dict[str, Any]) -> dict[str, Any]:
    """The asker's fields as a job's arguments carry them, ready for `Asker`."""
    from tongyu.directory.roles import ROLE_BY_KEY

    return stored | {"role": ROLE_BY_KEY[stored["role"]]}


def stored_asker(by: Asker) -> dict[str, Any]:
    """The asker as a job's arguments carry one: ids and codes, no names."""
    return {
        "account_id": by.account_id,
        "name": "",
        "role": by.role.key,
        "body_code": by.body_code,
        "body_name": "",
        "body_kind": by.body_kind,
        "lo": by.lo,
        "hi": by.hi,
    }


def _ask(row: RosterImport, task: str, title: str, by: Asker) -> RosterImport:
    job = jobs.enqueue(task, title=title, org=row.org, roster_id=str(row.pk), asker=stored_asker(by))
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return row


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


def _place(row: RosterImport) -> bytes:
    key: UUID = row.pk
    return associated_data("directory_rosterimport", "content", key)
