"""What happens to grades and classes when the school year turns. Pure, but for reading the tree once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tongyu.directory import codes
from tongyu.directory.kinds import NAMES_OF_GRADES, STAGES, BodyKind, SchoolKind, Stage, grades_taught
from tongyu.directory.models import Body, RollOver

MOST_NEW_CLASSES = 40
BELOW = (BodyKind.GRADE, BodyKind.SCHOOL_CLASS)


@dataclass
class Opening:
    """The first classes of one stage of a school: how many, and which of them are not there yet."""

    stage: Stage
    default: int
    chosen: int
    grade: int
    new: list[int] = field(default_factory=list)


@dataclass
class SchoolShape:
    """One school: the classes that graduate, those that move up, those that open."""

    body: Body
    graduating: list[Body] = field(default_factory=list)
    moving: list[Body] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    entered: list[Body] = field(default_factory=list)
    """Classes of the new cohort that stand already, because their roster came first."""

    @property
    def new(self) -> list[int]:
        """The codes of the classes that the roll-over opens here."""
        return [code for opening in self.openings for code in opening.new]

    @property
    def next_year(self) -> set[int]:
        """The codes of all classes of the new year."""
        return {body.code for body in (*self.moving, *self.entered)} | set(self.new)

    def below(self, code: int) -> list[int]:
        """The classes of the new year, one cohort below that of the class `code`: where a pupil repeats."""
        cohort = codes.containing(code, BodyKind.GRADE) + codes.WIDTH[BodyKind.GRADE]
        return sorted(one for one in self.next_year if codes.containing(one, BodyKind.GRADE) == cohort)


@dataclass
class Shape:
    """The schools of a range on the last day of the old year, and what the new year makes of them."""

    year: int
    day: date
    schools: dict[int, SchoolShape] = field(default_factory=dict)
    grades: list[Body] = field(default_factory=list)
    """Cohorts that graduate, and so close."""
    standing: set[int] = field(default_factory=set)
    """Grades and classes that are there already on `day`, closed ones of the new cohort too: never opened twice."""

    @property
    def graduating(self) -> list[int]:
        """Codes of the classes that graduate."""
        return [body.code for school in self.schools.values() for body in school.graduating]

    @property
    def moving(self) -> list[int]:
        """Codes of the classes that move up."""
        return [body.code for school in self.schools.values() for body in school.moving]

    @property
    def new(self) -> list[int]:
        """Codes of the classes that open."""
        return [code for school in self.schools.values() for code in school.new]

    @property
    def next_year(self) -> set[int]:
        """Codes of every class of the new year."""
        return {code for school in self.schools.values() for code in school.next_year}


def read_shape(
    roll_over: RollOver, lo: int, hi: int, chosen: Mapping[int, Mapping[str, Any]] | None = None
) -> Shape:
    """The shape of `[lo, hi)`; `chosen` holds numbers of new classes by school and stage (default: as many as leave).

    Two queries.
    """
    year, day = roll_over.start_year, roll_over.day
    shape = Shape(year, day)
    before = Body.objects.standing_on(day - timedelta(days=1)).within(lo, hi)
    for body in before.filter(kind=BodyKind.SCHOOL):
        shape.schools[body.code] = SchoolShape(body)
    cohorts = Body.objects.within(lo, hi).filter(kind__in=BELOW).order_by("code")
    for body in cohorts:
        _place(shape, body)
    for code, school in shape.schools.items():
        if school.body.closed_on is None or school.body.closed_on > day:
            school.openings = _openings(shape, school, (chosen or {}).get(code, {}))
    return shape


def _place(shape: Shape, body: Body) -> None:
    """Sort one grade or class: graduating, moving up, already of the new year."""
    school = shape.schools.get(codes.containing(body.code, BodyKind.SCHOOL))
    goes_on = body.closed_on is None or body.closed_on > shape.day
    if body.entry_year == shape.year or (goes_on and body.opened_on <= shape.day):
        shape.standing.add(body.code)
    if school is None or body.entry_year is None or body.stage is None:
        return
    there = body.opened_on < shape.day and (body.closed_on is None or body.closed_on >= shape.day)
    if body.entry_year == shape.year:
        if body.kind == BodyKind.SCHOOL_CLASS and goes_on:
            school.entered.append(body)
    elif there and shape.year - body.entry_year >= len(
        grades_taught(school.body.school_kind, Stage(body.stage))
    ):
        (shape.grades if body.kind == BodyKind.GRADE else school.graduating).append(body)
    elif there and goes_on and body.kind == BodyKind.SCHOOL_CLASS:
        school.moving.append(body)


def _openings(shape: Shape, school: SchoolShape, chosen: Mapping[str, Any]) -> list[Opening]:
    """As many first classes as the outgoing cohort has; without one as many as the youngest cohort."""
    kind = school.body.school_kind
    stages = STAGES[SchoolKind(kind)] if kind else tuple(NAMES_OF_GRADES)
    found = []
    for stage in stages:
        last = shape.year - len(grades_taught(kind, stage))
        leaving = [body for body in school.graduating if (body.stage, body.entry_year) == (stage, last)]
        youngest = [
            body for body in school.moving if (body.stage, body.entry_year) == (stage, shape.year - 1)
        ]
        default = len(leaving) or len(youngest)
        if not kind and not default:
            continue
        number = min(max(int(chosen.get(str(int(stage)), default)), 0), MOST_NEW_CLASSES)
        grade = codes.grade_code(school.body.code, stage, shape.year)
        new = [codes.class_code(grade, place) for place in range(1, number + 1)]
        found.append(
            Opening(stage, default, number, grade, [code for code in new if code not in shape.standing])
        )
    return found
