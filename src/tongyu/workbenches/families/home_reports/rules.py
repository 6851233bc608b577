"""Who may read a home report: the one who wrote it and the class teacher; all others see that one came."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, OwnWard, Relation, Rule
from tongyu.directory.roles import (
    ClassTeacher,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
)
from tongyu.directory.rules import AnyInside


@dataclass(frozen=True)
class OwnWords(Relation):
    """The asker wrote it, about a child who is still the asker's to care for; the other guardian's stay apart (C07)."""

    def filter(self, asker: Asker) -> Q:
        return Q(by_account=asker.account_id) & OwnWard("student_id").filter(asker)

    def holds(self, asker: Asker, row: Any) -> bool:
        return row.by_account == asker.account_id and OwnWard("student_id").holds(asker, row)


@dataclass(frozen=True)
class OwnPupil(Relation):
    """It was told to the asker's own class, and the child is in that class still: who has moved is not read about."""

    def filter(self, asker: Asker) -> Q:
        return Q(org=asker.body_code, place=asker.body_code)

    def holds(self, asker: Asker, row: Any) -> bool:
        return bool(asker.body_code == row.org == row.place)


SEE = Rule(
    "home_reports.see",
    (ClassTeacher, SchoolLeader),
    AnyInside(("org", "place")),
)
"""That a report came, and when: the child's own school. County and township see the duty's state and counts."""
READ = Rule("home_reports.read", (ClassTeacher,), OwnPupil())
"""What it says, while the child is in the class. A counsellor will read it too, once that office can sign in."""
OWN = Rule("home_reports.own", (GuardianRole,), OwnWords())
KEEP_WORDS = Rule("home_reports.keep_words", (OfficeStaff,), Anywhere())
