"""Who sees events, who plans them, who records who was there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, Inside, Relation, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)
from tongyu.workbenches.gatherings.events.models import EventOrganiser, EventScope

ORGANISING = (ClassTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)


@dataclass(frozen=True)
class Concerned(Relation):
    """Recorded inside the asker's range, meant for a place that the range touches, or organised by one inside it."""

    def filter(self, asker: Asker) -> Q:
        meant = EventScope.objects.filter(lo__lt=asker.hi, hi__gt=asker.lo)
        organised = EventOrganiser.objects.filter(body__gte=asker.lo, body__lt=asker.hi)
        return (
            Q(org__gte=asker.lo, org__lt=asker.hi)
            | Q(pk__in=meant.values("event_id"))
            | Q(pk__in=organised.values("event_id"))
        )

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.reaches(row.org):
            return True
        if row.scopes.filter(lo__lt=asker.hi, hi__gt=asker.lo).exists():
            return True
        return bool(row.organisers.filter(body__gte=asker.lo, body__lt=asker.hi).exists())


@dataclass(frozen=True)
class OwnPlace(Relation):
    """Recorded under the asker's own body; a school's leader also acts for the classes of the school."""

    def filter(self, asker: Asker) -> Q:
        if asker.role is SchoolLeader:
            return Q(org__gte=asker.lo, org__lt=asker.hi)
        return Q(org=asker.body_code)

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is SchoolLeader:
            return asker.reaches(row.org)
        return bool(row.org == asker.body_code)


SEE_EVENT = Rule("event.see", (*ORGANISING, SubjectTeacher), Concerned())
PLAN_EVENT = Rule("event.plan", ORGANISING, OwnPlace())
SIGN_IN_LIST = Rule("event.sign_in_list", (ClassTeacher, SchoolLeader), Inside("code"))
"""The row is the class whose pupils and guardians are ticked off."""
SIGN_IN_SELF = Rule("event.sign_in_self", (*ORGANISING, SubjectTeacher), Concerned())
