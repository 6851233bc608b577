"""The directory's background work; procrastinate finds this module by its name."""

from django.utils.translation import gettext_lazy as _

from tongyu.core import clock, jobs
from tongyu.directory.families import one_time
from tongyu.directory.rollover import actions as rollover
from tongyu.directory.roster import actions, undo
from tongyu.directory.roster.capture import KEPT, drop_change_sets
from tongyu.directory.roster.conflicts import drop_texts
from tongyu.directory.roster.expiry import drop_stale_rosters
from tongyu.directory.sessions import SessionStore
from tongyu.directory.transfers.carrying import carry_out_due, stop_without_pupil

check_roster = jobs.job("directory.check_roster", label=_("检查名册"), given_up=actions.abandon_roster)(
    actions.check_roster
)
import_roster = jobs.job("directory.import_roster", label=_("导入名册"), given_up=actions.abandon_roster)(
    actions.run_import
)
undo_import = jobs.job(undo.TASK, label=_("撤销名册导入"), given_up=undo.abandon_undo)(undo.run_undo)
roll_over = jobs.job(rollover.RUN, label=_("升级结转"), given_up=rollover.abandon_roll_over)(
    rollover.work_roll_over
)
undo_roll_over = jobs.job(rollover.UNDO, label=_("撤销升级结转"), given_up=rollover.abandon_undo)(
    rollover.work_undo
)


# 00:40 and 02:20 in China; the worker's clock is UTC.
@jobs.periodic("directory.clear_sessions", "40 16 * * *", label=_("清理过期的登录"), again=True)
def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    SessionStore.clear_expired()


@jobs.periodic("directory.stale_rosters", "20 18 * * *", label=_("清理过期的名册和变更记录"), again=True)
def stale_rosters() -> None:
    """Drop what was uploaded and left alone, and the change sets and values of imports older than thirty days."""
    drop_stale_rosters(now=clock.now())
    drop_change_sets(clock.now())
    drop_texts(clock.now() - KEPT)


# A minute past every hour, at midnight first; one that was missed is made up for within the hour.
@jobs.periodic("directory.due_transfers", "1 * * * *", label=_("办理到期的转学"), again=True)
def due_transfers() -> None:
    """Carry out the agreed transfers whose day has come, and stop those whose pupil is on no roll any more."""
    carry_out_due(clock.today())
    stop_without_pupil(clock.today())


@jobs.periodic("directory.old_codes", "23 19 * * *", label=_("清理过期的验证码"), again=True)
def old_codes() -> None:
    """Every night: one-time codes a day old."""
    one_time.forget_old()
