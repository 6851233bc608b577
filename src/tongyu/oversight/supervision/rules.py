"""Who may send notices, and who hears of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, Relation, Rule
from tongyu.directory.roles import ClassTeacher, DepartmentStaff, OfficeStaff, SchoolLeader, TownshipStaff

HEARING = (ClassTeacher, SchoolLeader, TownshipStaff, DepartmentStaff)


@dataclass(frozen=True)
class Addressed(Relation):
    """The item was sent to the asker's body, or has reached it as the one that answers for it or supervises it.

    The office sees every item of its county.
    """

    def filter(self, asker: Asker) -> Q:
        if asker.role is OfficeStaff:
            return Q(org__gte=asker.lo, org__lt=asker.hi)
        body = asker.body_code
        return (
            Q(org=body)
            | Q(accountables__contains=[body], accountable_on__isnull=False)
            | Q(supervisor=body, supervisor_on__isnull=False)
        )

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is OfficeStaff:
            return asker.reaches(row.org)
        body = asker.body_code
        accountable = body in row.accountables and row.accountable_on is not None
        return row.org == body or accountable or (row.supervisor == body and row.supervisor_on is not None)


SEND = Rule("supervision.send", (OfficeStaff,), Anywhere())
SEE = Rule("supervision.see", (OfficeStaff, *HEARING), Addressed())
