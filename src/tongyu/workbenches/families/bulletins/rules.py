"""Who may send bulletins, who sees them, who sees how families answered."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, AtOwnBody, Inside, OwnWard, Relation, Role, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
    TownshipStaff,
)

SENDERS: tuple[type[Role], ...] = (ClassTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)


def sends(asker: Asker) -> bool:
    """Of the departments only the one for education writes to families."""
    return asker.role in SENDERS and (asker.role is not DepartmentStaff or asker.body_key == "education")


@dataclass(frozen=True)
class ToFamiliesOf(Inside):
    """A place in the asker's range, for those who write to families."""

    def filter(self, asker: Asker) -> Q:
        return super().filter(asker) if sends(asker) else Q(pk=None)

    def holds(self, asker: Asker, row: Any) -> bool:
        return sends(asker) and super().holds(asker, row)


@dataclass(frozen=True)
class Concerns(Relation):
    """Sent by the asker's own body, or to all families of the asker's place; a school also has those of its classes."""

    def filter(self, asker: Asker) -> Q:
        if not sends(asker):
            return Q(pk=None)
        found = Q(by_body=asker.body_code) | Q(org__lte=asker.lo, hi__gte=asker.hi)
        if asker.role is SchoolLeader:
            found |= Q(org__gte=asker.lo, hi__lte=asker.hi)
        return found

    def holds(self, asker: Asker, row: Any) -> bool:
        if not sends(asker):
            return False
        covers = row.org <= asker.lo and row.hi >= asker.hi
        inside = asker.role is SchoolLeader and asker.lo <= row.org and row.hi <= asker.hi
        return bool(row.by_body == asker.body_code or covers or inside)


SEND = Rule("bulletins.send", SENDERS, ToFamiliesOf())
SEE = Rule("bulletins.see", SENDERS, Concerns())
FOLLOW = Rule("bulletins.follow", SENDERS, AtOwnBody("by_body"))
"""Withdraw, remind, and see how families answered: the sender alone, by name only where it is one class."""
ENTER = Rule("bulletins.enter", (ClassTeacher, SchoolLeader), Inside())
"""Enter what a family has told on paper or by telephone; the row is the child's."""
FAMILY = Rule("bulletins.family", (GuardianRole,), OwnWard())
SLIP = Rule("bulletins.slip", (ClassTeacher, SchoolLeader, GuardianRole))
"""The role check of the code on a paper slip; the view looks the child up by ENTER or FAMILY."""
OPEN_FILE = Rule("bulletins.open_file", (*SENDERS, GuardianRole))
"""The role check of a page whose bulletin the view looks up by SEE or FAMILY."""
