"""The directory's background work; procrastinate finds this module by its name."""

from tongyu.core import jobs
from tongyu.directory.roster import actions

check_roster = jobs.job("directory.check_roster")(actions.check_roster)
import_roster = jobs.job("directory.import_roster")(actions.run_import)
