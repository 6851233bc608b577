"""Who sees documents and who keeps them: each body its own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, AtOwnBody, Relation, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)

KEEPERS = (SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)


@dataclass(frozen=True)
class OnFileOrPublished(Relation):
    """The document of a body in the asker's range, or one that is published to all: until it is withdrawn."""

    def filter(self, asker: Asker) -> Q:
        return Q(org__gte=asker.lo, org__lt=asker.hi) | Q(published=True, withdrawn_at=None)

    def holds(self, asker: Asker, row: Any) -> bool:
        return asker.reaches(row.org) or bool(row.published and row.withdrawn_at is None)


SEE_DOCUMENT = Rule("document.see", (*KEEPERS, ClassTeacher, SubjectTeacher), OnFileOrPublished())
KEEP_DOCUMENT = Rule("document.keep", KEEPERS, AtOwnBody())
