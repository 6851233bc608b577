"""Who sees and keeps the committees: the school, and the class teacher for the own class."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, Inside, Relation, Rule, Touching
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

COMMITTEE_AT = (BodyKind.SCHOOL, BodyKind.GRADE, BodyKind.SCHOOL_CLASS)


def own_places(asker: Asker) -> set[int]:
    """The classes, grades and schools of the asking guardian's children."""
    return {containing(ward.org, kind) for ward in asker.wards for kind in COMMITTEE_AT}


@dataclass(frozen=True)
class OwnPlace(Relation):
    """The row's place is the class, grade or school of a child of the guardian who asks."""

    field: str = "org"

    def filter(self, asker: Asker) -> Q:
        return Q(**{f"{self.field}__in": own_places(asker)})

    def holds(self, asker: Asker, row: Any) -> bool:
        return getattr(row, self.field) in own_places(asker)


SEE_COMMITTEE = Rule(
    "committee.see",
    (ClassTeacher, SubjectTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff),
    Inside(),
)
KEEP_COMMITTEE = Rule("committee.keep", (ClassTeacher, SchoolLeader), Inside())

SEE_ELECTION = Rule("committee.see_election", SEE_COMMITTEE.roles, Touching("org", "org", "hi"))
"""A class teacher also sees the elections of the grade and of the school, in which the own class votes."""
COUNT_PAPER = Rule(
    "committee.count_paper", (ClassTeacher, SubjectTeacher, SchoolLeader), Touching("org", "org", "hi")
)
"""Hand out paper ballots to the own pupils' families, and count paper ballots; two persons do that."""
OWN_COMMITTEE = Rule("committee.own", (GuardianRole,), OwnPlace())
"""A guardian: the committees of the own children's class, grade and school."""
