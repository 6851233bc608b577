"""Who may set a county's numbers and readings, and who may see them."""

from tongyu.core.access import Anywhere, Inside, Rule
from tongyu.directory.roles import SIGNING_IN, OfficeStaff

READ = Rule("plan.read", SIGNING_IN, Anywhere())
SET_NUMBERS = Rule("plan.set_numbers", (OfficeStaff,), Inside())
"""The row is a number of the county, or the trial of one."""
SET_READINGS = Rule("plan.set_readings", (OfficeStaff,), Inside())
