"""Who may see and write home visits."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, Inside, OwnWard, Relation, Role, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)
from tongyu.workbenches.families.home_visits.models import Visitor

SCHOOL_ROLES = (SchoolLeader, ClassTeacher, SubjectTeacher)


@dataclass(frozen=True)
class InReach(Relation):
    """The pupil was in the asker's range on that day; a subject teacher reaches the own visits only."""

    after_transfer: bool = False
    """True: the pupil being in the range now is enough."""

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
    "home_visits.see",
    (*SCHOOL_ROLES, TownshipStaff, DepartmentStaff, OfficeStaff),
    InReach(after_transfer=True),
)
READ_TEXT = Rule("home_visits.read_text", SCHOOL_ROLES, InReach())
"""What was said: the school of that day only. Offices and the receiving school see that the visit was made."""
WRITE = Rule("home_visits.write", SCHOOL_ROLES, Inside())
CHANGE = Rule("home_visits.change", SCHOOL_ROLES, InReach())

OWN_CHILD = Rule("home_visits.own_child", (GuardianRole,), OwnWard())
"""A guardian sees that the own child was visited, when and by whom; not what the school wrote down."""

OWN_VISITOR: dict[type[Role], Visitor] = {
    ClassTeacher: Visitor.CLASS_TEACHER,
    SubjectTeacher: Visitor.SUBJECT_TEACHER,
}
"""Teachers record visits they took part in; leaders keep the whole school's records."""


def may_claim(asker: Asker, visitors: list[str]) -> bool:
    """True when the asker may record a visit of these visitors."""
    own = OWN_VISITOR.get(asker.role)
    return own is None or own in visitors
