"""Who may set numbers and readings of a county, and who may see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, Inside, Relation, Rule
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import SIGNING_IN, OfficeStaff, SchoolLeader


def sets_for(asker: Asker) -> int:
    """The place whose numbers the asker sets, if any: a school for its leader, else the county."""
    if asker.role is SchoolLeader:
        return asker.body_code
    return codes.containing(asker.body_code, BodyKind.COUNTY)


@dataclass(frozen=True)
class OfOwnLevel(Relation):
    """The row is of the very place for which the asker sets numbers: the office sets none for a school."""

    def filter(self, asker: Asker) -> Q:
        return Q(org=sets_for(asker))

    def holds(self, asker: Asker, row: Any) -> bool:
        return bool(row.org == sets_for(asker))


READ = Rule("plan.read", SIGNING_IN, Anywhere())
SET_NUMBERS = Rule("plan.set_numbers", (OfficeStaff, SchoolLeader), OfOwnLevel())
"""The row is a number of the county or of a school, or the trial of one."""
SET_READINGS = Rule("plan.set_readings", (OfficeStaff,), Inside())
