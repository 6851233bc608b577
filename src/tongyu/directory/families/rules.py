"""Who decides about guardians' ways in, and about guardianship itself."""

from tongyu.core.access import Inside, OwnWard, Rule
from tongyu.directory.roles import ClassTeacher, GuardianRole, SchoolLeader

INVITE = Rule("families.invite", (ClassTeacher, SchoolLeader), Inside())
"""Make, print and stop the code of a class; the row is an invitation or a class."""
SEE_REACH = Rule("families.see_reach", (ClassTeacher, SchoolLeader), Inside())
"""Which families cannot be reached, and why."""
MEND_REACH = Rule("families.mend_reach", (ClassTeacher, SchoolLeader), Inside())
"""Correct a phone, add a guardian, decide about somebody whose words did not match."""
STATE_GUARDIANSHIP = Rule("families.state_guardianship", (SchoolLeader,), Inside())
"""Say by a document who decides, sees and picks up; keep a guardian from a child, and end that."""
OWN_CHILDREN = Rule("families.own_children", (GuardianRole,), OwnWard())
"""What every guardian may see and do about the own children."""
