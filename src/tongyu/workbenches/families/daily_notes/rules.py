"""Who may see and write daily notes. Nobody sees them side by side: a note is about one child alone."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, Inside, OwnWard, Relation, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

TEACHERS = (ClassTeacher, SubjectTeacher)
SCHOOL_ROLES = (SchoolLeader, *TEACHERS)


@dataclass(frozen=True)
class InReach(Relation):
    """The child was in the asker's range on that day; a subject teacher reaches the own notes only."""

    after_transfer: bool = False
    """True: the child being in the range now is enough."""

    def filter(self, asker: Asker) -> Q:
        found = Q(org__gte=asker.lo, org__lt=asker.hi)
        if self.after_transfer:
            found |= Q(place__gte=asker.lo, place__lt=asker.hi)
        return found & Q(by_account=asker.account_id) if asker.role is SubjectTeacher else found

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is SubjectTeacher and row.by_account != asker.account_id:
            return False
        return asker.reaches(row.org) or (self.after_transfer and asker.reaches(row.place))


SEE = Rule(
    "daily_notes.see",
    (*SCHOOL_ROLES, TownshipStaff, DepartmentStaff, OfficeStaff),
    InReach(after_transfer=True),
)
"""That a note was written, and when."""
READ_TEXT = Rule("daily_notes.read_text", SCHOOL_ROLES, InReach())
"""What it says: the school of that day only."""
WRITE = Rule("daily_notes.write", TEACHERS, Inside())
CLASS = Rule("daily_notes.class", SCHOOL_ROLES, Inside())
"""Who has none yet this month: teachers by name, a leader by class."""
CHANGE = Rule("daily_notes.change", TEACHERS, InReach())
KEEP_PHRASES = Rule("daily_notes.keep_phrases", (*TEACHERS, OfficeStaff), Anywhere())
"""A teacher keeps the own lines, the office those of the county."""
OWN_CHILD = Rule("daily_notes.own_child", (GuardianRole,), OwnWard("student_id"))
