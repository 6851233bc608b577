"""Who may see and change the directory."""

from tongyu.core.access import Anywhere, Asker, Inside, Rule
from tongyu.directory.roles import (
    SIGNING_IN,
    ClassTeacher,
    DepartmentStaff,
    DirectoryRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

SEE_CALENDAR = Rule("directory.see_calendar", SIGNING_IN, Anywhere())
SET_CALENDAR = Rule("directory.set_calendar", (OfficeStaff,), Anywhere())
SEE_PUPILS = Rule("directory.see_pupils", (SchoolLeader, ClassTeacher), Inside())
IMPORT_ROSTER = Rule("directory.import_roster", (OfficeStaff, SchoolLeader), Inside())
SEE_STAFF = Rule("directory.see_staff", (OfficeStaff, SchoolLeader), Inside())
SEE_BODIES = Rule("directory.see_bodies", SIGNING_IN, Inside("code"))


OF_CLASSES: tuple[type[DirectoryRole], ...] = (ClassTeacher, SubjectTeacher)


def roles_by_roster(asker: Asker) -> tuple[type[DirectoryRole], ...]:
    """The roles that the asker's staff file may give: a school appoints its teachers, the office everybody."""
    if asker.role is OfficeStaff:
        return (*OF_CLASSES, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)
    return OF_CLASSES if asker.role is SchoolLeader else ()
