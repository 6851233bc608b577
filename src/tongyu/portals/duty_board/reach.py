"""Which places a role may open."""

from dataclasses import dataclass
from datetime import date

from tongyu.core.access import Asker
from tongyu.directory.codes import WIDTH, containing
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import DepartmentStaff
from tongyu.duties.queries.scope import Range

DEPTH = {
    BodyKind.COUNTY: 0,
    BodyKind.DEPARTMENT: 1,
    BodyKind.TOWNSHIP: 1,
    BodyKind.SCHOOL: 2,
    BodyKind.GRADE: 3,
    BodyKind.SCHOOL_CLASS: 4,
}
UNIT_DEPTH = {"county": 0, "department": 1, "township": 1, "body": 1, "school": 2, "grade": 3, "class": 4}
"""How far below the county a unit stands; a unit that is no body stands below the class."""
STEPS = (BodyKind.TOWNSHIP, BodyKind.SCHOOL, BodyKind.SCHOOL_CLASS)


@dataclass(frozen=True)
class Place:
    """A body that a board speaks of. `own` is the asker's whole jurisdiction."""

    code: int
    hi: int
    kind: str
    name: str
    own: bool
    above: str = ""
    """The school of a class, the township of a school."""

    @property
    def range(self) -> Range | None:
        """What to narrow the queries to; nothing for the asker's whole jurisdiction."""
        return None if self.own else Range(self.code, self.hi)


def own_place(asker: Asker, on: date) -> Place:
    """The asker's whole jurisdiction."""
    return _place(Body.objects.select_related("parent__parent").get(code=asker.lo), asker, on)


def place_at(asker: Asker, code: int, on: date) -> Place | None:
    """A body that the asker may open, or None: inside the range, or, for a department, in its county."""
    county = containing(asker.body_code, BodyKind.COUNTY)
    elsewhere = asker.role is DepartmentStaff and county <= code < county + WIDTH[BodyKind.COUNTY]
    if not (asker.reaches(code) or elsewhere):
        return None
    body = Body.objects.select_related("parent__parent").filter(code=code).first()
    return _place(body, asker, on) if body else None


def next_kind(place: Place, unit: str) -> BodyKind | None:
    """The bodies to show below a place on the way to units of that sort; None when the units come next."""
    depth = DEPTH.get(BodyKind(place.kind), 1)
    target = UNIT_DEPTH.get(unit.partition(":")[0], 5)
    return next((kind for kind in STEPS if depth < DEPTH[kind] < target), None)


def _place(body: Body, asker: Asker, on: date) -> Place:
    above = ""
    if body.kind == BodyKind.SCHOOL_CLASS and body.parent and body.parent.parent:
        above = body.parent.parent.name
    elif body.kind in (BodyKind.SCHOOL, BodyKind.GRADE) and body.parent:
        above = body.parent.name
    return Place(
        body.code, body.hi, body.kind, body.grade_name_on(school_year_of(on)), body.code == asker.lo, above
    )
