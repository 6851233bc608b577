"""Who may contest a figure, see a dispute, state a side, and answer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, AtOwnBody, Inside, Relation, Rule
from tongyu.directory.roles import (
    SIGNING_IN,
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SystemAdmin,
    TownshipStaff,
)

BODIES = (ClassTeacher, SchoolLeader, TownshipStaff, DepartmentStaff)
"""Who speaks for a body; a class teacher speaks for the class."""


@dataclass(frozen=True)
class OwnFigure(Relation):
    """The figure is the own body's: it stands at it or is owed by it. A school's classes are the school."""

    def filter(self, asker: Asker) -> Q:
        own = Q(place=asker.body_code) | Q(bearer=asker.body_code)
        if asker.role is SchoolLeader:
            own |= Q(place__gte=asker.lo, place__lt=asker.hi)
        return own

    def holds(self, asker: Asker, row: Any) -> bool:
        inside = asker.role is SchoolLeader and asker.reaches(row.place)
        return inside or asker.body_code in (row.place, row.bearer)


@dataclass(frozen=True)
class Concerned(Relation):
    """The dispute was opened inside the asker's range, is about a place or a bearer in it, or asks a body in it."""

    fields: tuple[str, ...] = ("org", "place", "bearer", "asked_org")

    def filter(self, asker: Asker) -> Q:
        found = Q()
        for name in self.fields:
            found |= Q(**{f"{name}__gte": asker.lo, f"{name}__lt": asker.hi})
        return found

    def holds(self, asker: Asker, row: Any) -> bool:
        codes = (getattr(row, name) for name in self.fields)
        return any(code is not None and asker.reaches(code) for code in codes)


CONTEST = Rule("disputes.contest", BODIES, OwnFigure())
SEE = Rule("disputes.see", (OfficeStaff, *BODIES), Concerned())
SEE_MARKS = Rule(
    "disputes.see_marks", tuple(role for role in SIGNING_IN if role is not SystemAdmin), Anywhere()
)
"""That a figure is contested, and by which body: for everybody who may see the figure."""
ANSWER = Rule("disputes.answer", (OfficeStaff,), Inside("place"))
STATE_SIDE = Rule("disputes.state_side", BODIES, AtOwnBody("asked_org"))
WITHDRAW = Rule("disputes.withdraw", BODIES, AtOwnBody())
