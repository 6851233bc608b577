"""The directory's background work; procrastinate finds this module by its name."""

from tongyu.core import jobs
from tongyu.directory.roster import actions
from tongyu.directory.sessions import SessionStore

check_roster = jobs.job("directory.check_roster")(actions.check_roster)
import_roster = jobs.job("directory.import_roster")(actions.run_import)


@jobs.periodic("directory.clear_sessions", "40 16 * * *")
def clear_sessions() -> None:
    """Every night at 00:40 in China: sessions that have run out are deleted."""
    SessionStore.clear_expired()
