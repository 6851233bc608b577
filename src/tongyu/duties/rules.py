"""Who may lift a duty, end that, and read why it is lifted; who closes a period, and who reads what it says."""

from tongyu.core.access import Anywhere, Inside, Rule
from tongyu.directory.roles import DepartmentStaff, OfficeStaff, SchoolLeader, TownshipStaff

EXEMPT = Rule("duties.exempt", (OfficeStaff,), Inside("code"))
"""The row is the place whose duties are lifted."""
END_EXEMPTION = Rule("duties.end_exemption", EXEMPT.roles, Inside())
SEE_EXEMPTIONS = Rule(
    "duties.see_exemptions", (OfficeStaff, DepartmentStaff, TownshipStaff, SchoolLeader), Inside()
)
"""Only those of the own range, as row-level security has it."""

CLOSE = Rule("duties.close", (OfficeStaff,), Anywhere())
SEE_CLOSINGS = Rule("duties.see_closings", SEE_EXEMPTIONS.roles, Anywhere())
"""Counts and hashes hold no person; single differences only of the own range, as row-level security has it."""
