"""Who may see and change the directory."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, Inside, Relation, Rule
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
PREPARE_ROLL_OVER = Rule("directory.prepare_roll_over", (OfficeStaff, SchoolLeader), Inside())
RUN_ROLL_OVER = Rule("directory.run_roll_over", (OfficeStaff,), Inside("county_id"))
SEE_BODIES = Rule("directory.see_bodies", SIGNING_IN, Inside("code"))


@dataclass(frozen=True)
class AnyInside(Relation):
    """One of the row's places lies in the asker's range: a move has two ends, some pupils have two places."""

    fields: tuple[str, ...]

    def filter(self, asker: Asker) -> Q:
        found = Q()
        for name in self.fields:
            found |= Q(**{f"{name}__gte": asker.lo, f"{name}__lt": asker.hi})
        return found

    def holds(self, asker: Asker, row: Any) -> bool:
        places = (getattr(row, name) for name in self.fields)
        return any(code is not None and asker.reaches(code) for code in places)


SEE_TRANSFERS = Rule(
    "directory.see_transfers",
    (OfficeStaff, SchoolLeader, ClassTeacher),
    AnyInside(("org", "to_school", "to_class")),
)
BEGIN_TRANSFER = Rule("directory.begin_transfer", (SchoolLeader,), Inside())
"""Of a pupil (or of a transfer) whose class is in the own school; also the arrival of a new one."""
ANSWER_TRANSFER = Rule("directory.answer_transfer", (SchoolLeader,), Inside("to_school"))
"""The receiving school confirms or declines."""
REORGANISE = Rule("directory.reorganise", (OfficeStaff,), Inside("code"))
"""Schools merge, split, change township; the row is a body."""
SEE_SECOND_PLACES = Rule(
    "directory.see_second_places", (SchoolLeader, ClassTeacher), AnyInside(("org", "place"))
)
"""Not the office: who is taught where says something of a child's health."""
ADD_SECOND_PLACE = Rule("directory.add_second_place", (SchoolLeader,), Inside())
END_SECOND_PLACE = Rule("directory.end_second_place", (SchoolLeader,), AnyInside(("org", "place")))


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
