"""Undo a whole import within thirty days: everything back as it was, or nothing and the reasons why."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from tongyu.core import audit, clock, jobs
from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.models import RosterAbsent, RosterImport, RosterState
from tongyu.directory.roster.after import Imported, tell
from tongyu.directory.roster.capture import KEPT, opened
from tongyu.directory.roster.restore import LOAD, NET, STAGE, drop_stage, restore
from tongyu.directory.roster.rests_on import reasons_against
from tongyu.directory.roster.starting import acting_asker, start
from tongyu.directory.rules import IMPORT_ROSTER

UNDOING = "撤销名册导入"
TASK = "directory.undo_import"


def may_undo(row: RosterImport) -> bool:
    """Whether the import can be undone today, as far as its own row says."""
    imported = row.state == RosterState.IMPORTED and row.imported_at is not None
    return bool(imported and row.imported_at and row.imported_at > clock.now() - KEPT)


@transaction.atomic
def undo_import(*, by: Asker, roster: RosterImport) -> RosterImport:
    """Ask for the whole import to be undone. ValidationError when it is no longer, or not yet, to be undone."""
    IMPORT_ROSTER.check(by, roster)
    row = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if row.state != RosterState.IMPORTED:
        raise ValidationError(_("这份名册现在不能撤销：%(state)s。") % {"state": row.get_state_display()})
    if not may_undo(row):
        raise ValidationError(_("导入已超过 30 天，不能整体撤销。"))
    row.state = RosterState.UNDOING
    row.save(update_fields=["state"])
    return start(row, TASK, _("撤销名册导入"), by)


def run_undo(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    """The job: look whether anything rests on the import, then put every row back in one transaction.

    Whatever keeps it from being undone, the import stands as before afterwards and says why.
    """
    try:
        with transaction.atomic():
            return _undo(progress, roster_id, asker)
    except jobs.JobRefused as refusal:
        _stands(roster_id, str(refusal))
        raise
    except IntegrityError:
        text = _("之后又有了不能并存的资料（例如已另有人任职），什么都没有撤销。")
        _stands(roster_id, text)
        raise jobs.JobRefused(text) from None
    except Exception:
        _stands(roster_id, _("撤销时系统出错，什么都没有改动。请稍后再试。"))
        raise


def _undo(progress: jobs.Progress, roster_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    row = RosterImport.objects.select_for_update().get(pk=roster_id)
    if row.state == RosterState.UNDONE:  # the worker died between its commit and its last word
        return {"rows": row.summary.get("undone", 0)}
    if row.state != RosterState.UNDOING:
        raise jobs.JobRefused(_("这份名册已经处理过了。"))
    by = acting_asker(asker, _("您的职务在撤销之前已经变动，什么都没有撤销。"))
    with acting(everywhere(purpose=UNDOING)):  # its own rows, wherever a later move may have put them
        columns = _load(row, progress)
        against = reasons_against(columns)
        rows = 0 if against else restore(progress.report)
        drop_stage()
    if against:
        _refused(row, against)
        return {"refused": len(against)}
    RosterAbsent.objects.filter(roster=row).update(fate="", left_on=None)
    row.changes.all().delete()
    row.state, row.undone_at = RosterState.UNDONE, clock.now()
    row.summary = row.summary | {"undone": rows, "against": []}
    row.save(update_fields=["state", "undone_at", "summary"])
    audit.note("roster_undone", "directory_rosterimport", str(row.pk), row.org, {"rows": rows})
    tell(Imported(by, clock.today()))
    return {"rows": rows}


def _load(row: RosterImport, progress: jobs.Progress) -> dict[str, list[str]]:
    """Open the change set into a temporary table, the latest change of each row last; returns the tables' columns."""
    columns: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        for part, text in opened(row):
            cursor.execute(LOAD, [part, text])
            cursor.execute("SELECT (%s::jsonb -> 'columns')::text", [text])
            columns = {**_json(cursor.fetchone()[0]), **columns}
            progress.report(0, part + 1)
        cursor.execute("ANALYZE roster_parts")
        cursor.execute(NET)
        cursor.execute("ANALYZE roster_undo")
        cursor.execute("SELECT count(*) FROM roster_undo")
        if not cursor.fetchone()[0] and row.summary.get("writes", 0):
            raise jobs.JobRefused(_("变更记录已经删除，不能撤销。"))
    return columns


def _json(text: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(text) if text else {}
    return found


def _refused(row: RosterImport, against: list[str]) -> None:
    row.state = RosterState.IMPORTED
    row.summary = row.summary | {"against": against[:50]}
    row.save(update_fields=["state", "summary"])
    audit.note(
        "roster_undo_refused", "directory_rosterimport", str(row.pk), row.org, {"reasons": len(against)}
    )


def abandon_undo(roster_id: str, **_arguments: Any) -> None:
    """After a job that was given up: the import stands as before."""
    _stands(roster_id, _("任务多次中断，什么都没有撤销。"))


def _stands(roster_id: str, why: str) -> None:
    """The import is not undone; its page says why."""
    with transaction.atomic():
        row = RosterImport.objects.select_for_update().filter(pk=roster_id, state=RosterState.UNDOING).first()
        if row is not None:
            row.state, row.summary = RosterState.IMPORTED, row.summary | {"against": [why]}
            row.save(update_fields=["state", "summary"])
