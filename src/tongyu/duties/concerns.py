"""Which obligations concern a role: what it owes, answers for, or sees to."""

from collections.abc import Mapping
from typing import Any

from tongyu.core.access import Asker, Role
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

SCHOOL_SIDE = {"school", "class_teacher", "family"}
OWED_BY: dict[type[Role], set[str]] = {
    TownshipStaff: {"township", *SCHOOL_SIDE},
    SchoolLeader: SCHOOL_SIDE,
    ClassTeacher: SCHOOL_SIDE,
    SubjectTeacher: SCHOOL_SIDE,
}
CLASS_UNITS = {"class", "student", "guardian", "case", "placement"}
"""Units that live in a class: what a teacher's board speaks of."""


def concerns(asker: Asker, rule: Mapping[str, Any]) -> bool:
    """True when the role owes this obligation, answers for it, or sees to it that others do."""
    if asker.role is OfficeStaff:
        return True
    if asker.role is DepartmentStaff:
        named = {*rule["bearer"], *rule["accountable"], rule["supervisor"]}
        return bool(named & {f"department:{asker.body_key}", "department:all"})
    if not set(rule["bearer"]) & OWED_BY.get(asker.role, set()):
        return False
    unit = rule["unit"].partition(":")[0]
    return asker.body_kind != BodyKind.SCHOOL_CLASS or unit in CLASS_UNITS
