"""Open, preview, run, undo: the office's steps, and the two jobs that do the work."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import audit, clock, jobs
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.calendar import school_year_name, school_year_span
from tongyu.directory.hats import still_wears
from tongyu.directory.kinds import BodyKind
from tongyu.directory.locks import hold_county
from tongyu.directory.models import RollOver, RollOverLine, RollOverSchool, RollOverState
from tongyu.directory.rollover.preview import Preview, make_preview
from tongyu.directory.rollover.undoing import what_rests_on, write_undo
from tongyu.directory.rollover.writing import STEPS, lock_tables, whole_county, write_roll_over
from tongyu.directory.roster.starting import asker_from, stored_asker
from tongyu.directory.rules import RUN_ROLL_OVER

UNDO_DAYS = 30
RUN, UNDO = "directory.roll_over", "directory.undo_roll_over"


def year_to_roll(today: date) -> int:
    """The school year that is prepared on a day: until October the one of this autumn, from November the next."""
    return today.year + (today.month > 10)


@transaction.atomic
def open_roll_over(*, by: Asker, start_year: int) -> RollOver:
    """Begin to prepare the county's step into that school year; what stands already is given as it is.

    After an undone one what the schools said is taken along. Raises ValidationError for another year than the one
    that is prepared today.
    """
    county = codes.containing(by.body_code, BodyKind.COUNTY)
    day = school_year_span(start_year).start
    row = RollOver(id=uuid7(), county_id=county, start_year=start_year, day=day, by_account=by.account_id)
    RUN_ROLL_OVER.check(by, row)
    hold_county(county)
    standing = RollOver.objects.filter(county_id=county, start_year=start_year).exclude(
        state=RollOverState.UNDONE
    )
    if found := standing.first():
        return found
    if start_year != year_to_roll(clock.today()):
        text = _("现在只能准备%(year)s的升级结转。")
        raise ValidationError(text % {"year": school_year_name(year_to_roll(clock.today()))})
    before = RollOver.objects.filter(county_id=county, start_year=start_year).order_by("-undone_at").first()
    row.save(force_insert=True)
    if before is not None:
        _take_along(before, row)
    return row


@transaction.atomic
def preview_roll_over(*, by: Asker, roll_over: RollOver) -> tuple[RollOver, Preview]:
    """Count everything, and (without blocks) keep what was seen, so that it is what will be run.

    Raises ValidationError when the county is turning or has turned.
    """
    RUN_ROLL_OVER.check(by, roll_over)
    row = _locked(roll_over, RollOverState.DRAFT, RollOverState.PREVIEWED)
    preview = make_preview(row, *whole_county(row))
    if preview.blocks:
        row.state, row.summary, row.previewed_at = RollOverState.DRAFT, {}, None
    else:
        row.state, row.previewed_at = RollOverState.PREVIEWED, clock.now()
        row.summary = preview.summary()
    row.message = ""
    row.save(update_fields=["state", "summary", "previewed_at", "message"])
    return row, preview


@transaction.atomic
def run_roll_over(*, by: Asker, roll_over: RollOver) -> RollOver:
    """Ask for what the preview showed. Raises ValidationError before the day, without a preview, and a second time."""
    RUN_ROLL_OVER.check(by, roll_over)
    row = RollOver.objects.select_for_update().get(pk=roll_over.pk)
    if row.state in {RollOverState.RUNNING, RollOverState.DONE, RollOverState.UNDOING}:
        text = _("%(year)s的升级结转%(state)s，不能再执行一次。")
        words = {"year": school_year_name(row.start_year), "state": row.get_state_display()}
        raise ValidationError(text % words)
    if row.state != RollOverState.PREVIEWED:
        raise ValidationError(_("请先预览，再执行。"))
    if clock.today() < row.day:
        raise ValidationError(_("新学年从%(day)s开始，到那天才能执行。") % {"day": row.day.isoformat()})
    return _ask(row, RollOverState.RUNNING, RUN, _("升级结转"), by)


@transaction.atomic
def undo_roll_over(*, by: Asker, roll_over: RollOver) -> RollOver:
    """Ask for everything to be put back. Raises ValidationError after 30 days and while something rests on it."""
    RUN_ROLL_OVER.check(by, roll_over)
    row = _locked(roll_over, RollOverState.DONE)
    if clock.today() > undo_until(row):
        raise ValidationError(_("执行后超过%(days)d天，不能再撤销。") % {"days": UNDO_DAYS})
    if what_rests_on(row):
        raise ValidationError(_("已有别的资料以这次升级结转为基础，不能撤销。"))
    return _ask(row, RollOverState.UNDOING, UNDO, _("撤销升级结转"), by)


def undo_until(row: RollOver) -> date:
    """The last day on which it can be undone."""
    assert row.done_on is not None
    return row.done_on + timedelta(days=UNDO_DAYS)


def work_roll_over(progress: jobs.Progress, roll_over_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    """The job: count again under lock, and write what the preview showed, or nothing."""

    def work(row: RollOver, by: Asker) -> None:
        preview = make_preview(row, *whole_county(row))
        if preview.blocks or preview.mark != row.summary.get("mark"):
            raise jobs.JobRefused(_("预览之后学籍或班级有了变化，什么都没有改动。请重新预览。"))
        done = write_roll_over(row, preview.shape, by, *whole_county(row), progress.report)
        row.summary |= {"done": done, "leaderless": preview.leaderless}
        row.state, row.done_at, row.done_on, row.message = RollOverState.DONE, clock.now(), clock.today(), ""
        row.save(update_fields=["state", "summary", "done_at", "done_on", "message"])
        audit.note("rolled_over", "directory_rollover", str(row.pk), row.county_id, row.summary["outcomes"])

    return _work(progress, roll_over_id, asker, RollOverState.RUNNING, RollOverState.DRAFT, work)


def work_undo(progress: jobs.Progress, roll_over_id: str, asker: dict[str, Any]) -> dict[str, Any]:
    """The job: put every row back as it was, or (when something rests on the roll-over by now) nothing."""

    def work(row: RollOver, by: Asker) -> None:
        if what_rests_on(row):
            raise jobs.JobRefused(_("已有别的资料以这次升级结转为基础，什么都没有撤销。"))
        write_undo(row, by)
        row.state, row.undone_at, row.message = RollOverState.UNDONE, clock.now(), ""
        row.save(update_fields=["state", "undone_at", "message"])
        audit.note("roll_over_undone", "directory_rollover", str(row.pk), row.county_id)

    return _work(progress, roll_over_id, asker, RollOverState.UNDOING, RollOverState.DONE, work)


def abandon_roll_over(roll_over_id: str, **_arguments: Any) -> None:
    """After a job that was given up: as before it was asked for."""
    _back(roll_over_id, _("任务多次中断，什么都没有保存。请重新预览。"), RollOverState.DRAFT)


def abandon_undo(roll_over_id: str, **_arguments: Any) -> None:
    """The same for undoing."""
    _back(roll_over_id, _("任务多次中断，什么都没有撤销。"), RollOverState.DONE)


def _work(
    progress: jobs.Progress,
    roll_over_id: str,
    asker: dict[str, Any],
    wanted: RollOverState,
    otherwise: RollOverState,
    work: Callable[[RollOver, Asker], None],
) -> dict[str, Any]:
    """One transaction under the tables' locks, the county's lock last (see `lock_tables`)."""
    by = asker_from(asker)
    try:
        with transaction.atomic():
            row = RollOver.objects.select_for_update().get(pk=roll_over_id)
            if row.state != wanted:  # done before; the worker died before it could say so
                return {}
            if not still_wears(by, clock.today()):
                raise jobs.JobRefused(_("您的职务已经变动，什么都没有改动。"))
            progress.report(0, STEPS)
            lock_tables(row)
            work(row, by)
            hold_county(row.county_id)
        progress.report(STEPS, STEPS)
    except jobs.JobRefused as refusal:
        _back(roll_over_id, str(refusal), otherwise)
        raise
    except IntegrityError:
        text = _("与已有资料冲突，什么都没有改动。")
        _back(roll_over_id, text, otherwise)
        raise jobs.JobRefused(text) from None
    except Exception:
        _back(roll_over_id, _("系统出错，什么都没有改动。"), otherwise)
        raise
    return {}


def _ask(row: RollOver, state: RollOverState, task: str, title: str, by: Asker) -> RollOver:
    job = jobs.enqueue(task, title=title, org=row.county_id, roll_over_id=str(row.pk), asker=stored_asker(by))
    row.state, row.job_id, row.message, row.by_account = state, job.pk, "", by.account_id
    row.save(update_fields=["state", "job_id", "message", "by_account"])
    return row


def _back(roll_over_id: str, message: str, state: RollOverState) -> None:
    """After a job that kept nothing; a roll-over has to be previewed again."""
    changes: dict[str, Any] = {"state": state, "message": message[:300]}
    if state == RollOverState.DRAFT:
        changes |= {"summary": {}, "previewed_at": None}
    busy = [RollOverState.RUNNING, RollOverState.UNDOING]
    with transaction.atomic():
        RollOver.objects.filter(pk=roll_over_id, state__in=busy).update(**changes)


def _locked(roll_over: RollOver, *states: RollOverState) -> RollOver:
    row = RollOver.objects.select_for_update().get(pk=roll_over.pk)
    if row.state not in states:
        raise ValidationError(_("升级结转%(state)s，现在不能这样做。") % {"state": row.get_state_display()})
    return row


def _take_along(before: RollOver, row: RollOver) -> None:
    """Nothing is asked twice: what was said for the one that was undone holds for the next."""
    schools = [
        RollOverSchool(
            roll_over=row,
            org=said.org,
            by_account=said.by_account,
            new_classes=said.new_classes,
            released=said.released,
        )
        for said in before.schools.all()
    ]
    RollOverSchool.objects.bulk_create(schools)
    names = ("org", "student_id", "outcome", "target", "to_school", "reason", "by_account", "entered_at")
    RollOverLine.objects.bulk_create(
        RollOverLine(roll_over=row, **values) for values in before.lines.values(*names)
    )
