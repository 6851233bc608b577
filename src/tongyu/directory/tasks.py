"""The directory's background work; procrastinate finds this module by its name."""

from tongyu.core import clock, jobs
from tongyu.directory.rollover import actions as rollover
from tongyu.directory.roster import actions
from tongyu.directory.roster.expiry import drop_stale_rosters
from tongyu.directory.sessions import SessionStore
from tongyu.directory.transfers.carrying import carry_out_due

check_roster = jobs.job("directory.check_roster", given_up=actions.abandon_roster)(actions.check_roster)
import_roster = jobs.job("directory.import_roster", given_up=actions.abandon_roster)(actions.run_import)
roll_over = jobs.job(rollover.RUN, given_up=rollover.abandon_roll_over)(rollover.work_roll_over)
undo_roll_over = jobs.job(rollover.UNDO, given_up=rollover.abandon_undo)(rollover.work_undo)


# 00:40 and 02:20 in China; the worker's clock is UTC.
@jobs.periodic("directory.clear_sessions", "40 16 * * *")
def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    SessionStore.clear_expired()


@jobs.periodic("directory.stale_rosters", "20 18 * * *")
def stale_rosters() -> None:
    """Drop what was uploaded and left alone."""
    drop_stale_rosters(now=clock.now())


# A minute past every hour, at midnight first; one that was missed is made up for within the hour.
@jobs.periodic("directory.due_transfers", "1 * * * *")
def due_transfers() -> None:
    """Carry out the agreed transfers whose day has come."""
    carry_out_due(clock.today())
