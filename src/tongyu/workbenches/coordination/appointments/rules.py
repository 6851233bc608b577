"""Who sees appointments, and who makes which."""

from dataclasses import dataclass
from typing import Any

from tongyu.core.access import Anywhere, Asker, Inside, Role, Rule
from tongyu.directory.roles import (
    DepartmentStaff,
    LegalCounsellor,
    LegalVicePrincipal,
    OfficeStaff,
    SchoolLeader,
    TownshipStaff,
)
from tongyu.directory.rules import OF_BODIES, OF_CLASSES

LEGAL = (LegalVicePrincipal, LegalCounsellor)
LEGAL_KEYS = tuple(role.key for role in LEGAL)
OF_SCHOOL: tuple[type[Role], ...] = (*OF_CLASSES, *LEGAL)


@dataclass(frozen=True)
class DepartmentRule(Rule):
    """A rule that, of the departments, only some come under."""

    departments: tuple[str, ...] = ()

    def allows(self, asker: Asker | None, row: Any = None) -> bool:
        if asker is not None and asker.role is DepartmentStaff and asker.body_key not in self.departments:
            return False
        return super().allows(asker, row)


READERS = (SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)
SEE = Rule("appointments.see", READERS, Inside())
APPOINT = Rule("appointments.appoint", (SchoolLeader, OfficeStaff), Inside())
OPEN_ACCOUNT = Rule("appointments.open_account", (SchoolLeader, OfficeStaff), Inside())
SEE_LEGAL = DepartmentRule(
    "appointments.see_legal", (DepartmentStaff, OfficeStaff), Anywhere(), departments=("justice", "education")
)
"""Which school has a legal vice-principal: the county over, names of these two roles only."""
APPOINT_LEGAL = DepartmentRule(
    "appointments.appoint_legal", (DepartmentStaff, OfficeStaff), Anywhere(), departments=("justice",)
)
GIVE = DepartmentRule(
    "appointments.give", (SchoolLeader, OfficeStaff, DepartmentStaff), Anywhere(), departments=("justice",)
)
"""Who opens the form; which role at which body, `may_give` and the range say."""


def may_give(asker: Asker) -> tuple[type[Role], ...]:
    """The roles that the asker may give at bodies of the own range (justice: at any school)."""
    if asker.role is SchoolLeader:
        return OF_SCHOOL
    if asker.role is OfficeStaff:
        return (*OF_BODIES, *LEGAL)
    return LEGAL if APPOINT_LEGAL.allows(asker) else ()
