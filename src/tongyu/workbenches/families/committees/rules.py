"""Who sees and keeps the committees: the school, and the class teacher for the own class."""

from tongyu.core.access import Inside, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

SEE_COMMITTEE = Rule(
    "committee.see",
    (ClassTeacher, SubjectTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff),
    Inside(),
)
KEEP_COMMITTEE = Rule("committee.keep", (ClassTeacher, SchoolLeader), Inside())
