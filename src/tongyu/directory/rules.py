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
DECIDE_ABSENT = Rule("directory.decide_absent", (OfficeStaff, SchoolLeader), Inside())
"""Whoever imports decides, and the school that is asked about its own."""
SEE_STAFF = Rule("directory.see_staff", (OfficeStaff, SchoolLeader), Inside())
SEE_BODIES = Rule("directory.see_bodies", SIGNING_IN, Inside("code"))


OF_CLASSES: tuple[type[DirectoryRole], ...] = (ClassTeacher, SubjectTeacher)
"""Given by a school to its own staff."""
OF_BODIES: tuple[type[DirectoryRole], ...] = (SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)
"""Given by the county's office."""


def roles_by_roster(asker: Asker) -> tuple[type[DirectoryRole], ...]:
    """The roles that the asker's staff file may give.

    By file the office also names the teachers of classes: a county begins with the staff list of all its schools.
    """
    if asker.role is OfficeStaff:
        return (*OF_CLASSES, *OF_BODIES)
    return OF_CLASSES if asker.role is SchoolLeader else ()
