"""The directory's background work; procrastinate finds this module by its name."""

from tongyu.core import clock, jobs
from tongyu.directory.roster import actions
from tongyu.directory.roster.expiry import drop_stale_rosters

check_roster = jobs.job("directory.check_roster")(actions.check_roster)
import_roster = jobs.job("directory.import_roster")(actions.run_import)

# 02:20 in China; the worker's clock is UTC.
NIGHTLY = "20 18 * * *"


@jobs.periodic("directory.stale_rosters", NIGHTLY)
def stale_rosters() -> None:
    """Drop what was uploaded and left alone."""
    drop_stale_rosters(now=clock.now())
