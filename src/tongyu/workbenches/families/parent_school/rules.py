"""Who keeps a parent school, a station and courses; who learns. What a guardian learned nobody else sees."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, AtOwnBody, Inside, Relation, Rule
from tongyu.directory.codes import containing, upper
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

WOMEN = "women"
STAFF = (ClassTeacher, SubjectTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)


def of_women(asker: Asker) -> bool:
    """Somebody of the women's federation, which guides the stations of the townships (三(九))."""
    return asker.role is DepartmentStaff and asker.body_key == WOMEN


@dataclass(frozen=True)
class InOwnCounty(Relation):
    """Anything of the asker's county: what is public to everybody who signs in."""

    def filter(self, asker: Asker) -> Q:
        lo, hi = county_of(asker)
        return Q(org__gte=lo, org__lt=hi)

    def holds(self, asker: Asker, row: Any) -> bool:
        lo, hi = county_of(asker)
        return bool(lo <= row.org < hi)


@dataclass(frozen=True)
class OwnTownshipOrWomen(Relation):
    """A station of the asker's township; for the women's federation any of the county."""

    def filter(self, asker: Asker) -> Q:
        return InOwnCounty().filter(asker) if of_women(asker) else Q(org=asker.body_code, org__gt=0)

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is DepartmentStaff:
            return of_women(asker) and InOwnCounty().holds(asker, row)
        return bool(row.org == asker.body_code)


def county_of(asker: Asker) -> tuple[int, int]:
    """The range of the asker's county; a guardian's is that of the first child's class."""
    place = asker.body_code
    if asker.role is GuardianRole:
        place = next((ward.org for ward in asker.wards if ward.org), 0)
    county = containing(place, BodyKind.COUNTY)
    return county, upper(county, BodyKind.COUNTY)


SEE_PARTS = Rule("parent_school.see", STAFF, Inside())
KEEP_PARTS = Rule("parent_school.keep", (SchoolLeader, TownshipStaff), AtOwnBody())
SEE_STATIONS = Rule("parent_school.see_stations", (*STAFF, GuardianRole), InOwnCounty())
KEEP_STATIONS = Rule("parent_school.keep_stations", (TownshipStaff, DepartmentStaff), OwnTownshipOrWomen())
KEEP_COURSES = Rule(
    "parent_school.keep_courses", (OfficeStaff, SchoolLeader, TownshipStaff, DepartmentStaff), AtOwnBody()
)
"""Of departments the women's federation alone; the action and the pages ask `keeps_courses`."""
SEE_COURSES = Rule("parent_school.see_courses", STAFF, Anywhere())
ASK_NEEDS = Rule("parent_school.ask_needs", (SchoolLeader, TownshipStaff), AtOwnBody())
LEARN = Rule("parent_school.learn", (GuardianRole,), Anywhere())
NOBODY = Rule("parent_school.progress", (), Anywhere())
"""The records of who learned what: no page opens them."""


def keeps_courses(asker: Asker) -> bool:
    """Whether the asker may load courses for the people of the own body."""
    return KEEP_COURSES.allows(asker) and (asker.role is not DepartmentStaff or of_women(asker))
