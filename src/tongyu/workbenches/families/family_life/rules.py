"""Who may know of family life: the family all of its own, the school that it took place."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, OwnWard, Relation, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    GuardianRole,
    SchoolLeader,
)
from tongyu.directory.rules import AnyInside


@dataclass(frozen=True)
class Own(Relation):
    """The asker entered it, about a child who is still the asker's; the other guardian's stay apart (C07)."""

    def filter(self, asker: Asker) -> Q:
        return Q(by_account=asker.account_id) & OwnWard("student_id").filter(asker)

    def holds(self, asker: Asker, row: Any) -> bool:
        return row.by_account == asker.account_id and OwnWard("student_id").holds(asker, row)


@dataclass(frozen=True)
class StillInside(Relation):
    """It was entered while the child was in the asker's range, and the child is there still."""

    def filter(self, asker: Asker) -> Q:
        return Q(org__gte=asker.lo, org__lt=asker.hi, place__gte=asker.lo, place__lt=asker.hi)

    def holds(self, asker: Asker, row: Any) -> bool:
        return asker.reaches(row.org) and asker.reaches(row.place)


SEE = Rule(
    "family_life.see",
    (ClassTeacher, SchoolLeader),
    AnyInside(("org", "place")),
)
"""That it took place, and in which month: the child's own school. Others see the duty's state and counts."""
READ_SHARED = Rule("family_life.read_shared", (ClassTeacher, SchoolLeader), StillInside())
"""An agreement that the family shows to the school of that day, while the child is there."""
OWN = Rule("family_life.own", (GuardianRole,), Own())
