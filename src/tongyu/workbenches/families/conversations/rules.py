"""Who may open a conversation, and who is in one. Offices, departments and townships never are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, InsideOrWard, Relation, Role, Rule
from tongyu.directory.roles import ClassTeacher, GuardianRole, SchoolLeader, SubjectTeacher
from tongyu.workbenches.families.conversations.models import Audience

SCHOOL_ROLES: tuple[type[Role], ...] = (SchoolLeader, ClassTeacher, SubjectTeacher)
ANYBODY: tuple[type[Role], ...] = (*SCHOOL_ROLES, GuardianRole)
TAKE_BACK = timedelta(minutes=2)
"""So long may a message be taken back by whoever wrote it."""


def seat(asker: Asker) -> str:
    """The place of this hat at a conversation's table."""
    return f"{asker.account_id} {asker.role.key}@{asker.body_code}"


def post(role: type[Role], body: int) -> str:
    """The place of whoever holds the post."""
    return f"* {role.key}@{body}"


@dataclass(frozen=True)
class In(Relation):
    """In the conversation now: with a seat and the child in reach, or as a guardian whom it is with."""

    def filter(self, asker: Asker) -> Q:
        if asker.role is GuardianRole:
            with_me = Q(audience=Audience.ALL) | Q(guardian_id__in=[w.guardian_id for w in asker.wards])
            return Q(student_id__in=[ward.student_id for ward in asker.wards]) & with_me
        seats = [seat(asker), post(asker.role, asker.body_code)]
        return Q(seats__overlap=seats, org__gte=asker.lo, org__lt=asker.hi)

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is GuardianRole:
            ward = asker.ward(row.student_id)
            with_me = row.audience == Audience.ALL or (ward and ward.guardian_id == row.guardian_id)
            return ward is not None and bool(with_me)
        seats = {seat(asker), post(asker.role, asker.body_code)}
        return asker.reaches(row.org) and bool(seats & set(row.seats))


OPEN = Rule("conversations.open", ANYBODY, InsideOrWard(student="pk"))
"""The row is the child."""
OPEN_AT_SCHOOL = Rule("conversations.open_at_school", SCHOOL_ROLES)
OPEN_AT_HOME = Rule("conversations.open_at_home", (GuardianRole,))
SEE = Rule("conversations.see", ANYBODY, In())
