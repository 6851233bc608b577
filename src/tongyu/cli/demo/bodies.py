"""The tree of bodies: real county, departments and townships; invented schools, grades and classes."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tongyu.cli.demo.numbers import Numbers
from tongyu.cli.demo.places import COUNTY_NAME, DIVISION, SCHOOL_ENDINGS, SCHOOL_WORDS, TOWNSHIPS
from tongyu.cli.demo.shape import SchoolShape
from tongyu.directory import codes
from tongyu.directory.calendar import Calendar
from tongyu.directory.founding import FirstPerson, NewCounty, upper_bodies
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.name_keys import name_key

LONG_AGO = date(2010, 9, 1)
GROUP_FOUNDED = date(2024, 3, 1)


@dataclass
class Tree:
    """The bodies by what they are; `rows` in an order in which parents come first."""

    county: Body
    departments: dict[str, Body]
    group: Body
    office: Body
    townships: dict[int, Body]
    rows: list[Body]
    schools: list[Body] = field(default_factory=list)
    classes: list[list[Body]] = field(default_factory=list)
    grades: dict[int, Body] = field(default_factory=dict)
    numbers_used: dict[int, int] = field(default_factory=dict)

    def add(
        self, code: int, kind: BodyKind, name: str, parent: Body | None, opened_on: date, **more: Any
    ) -> Body:
        """One more body."""
        body = Body(
            code=code,
            hi=codes.upper(code, kind),
            kind=kind,
            name=name,
            name_key=name_key(name),
            parent=parent,
            opened_on=opened_on,
            **more,
        )
        self.rows.append(body)
        return body


def upper_tree() -> Tree:
    """County, leading group, office, departments and townships."""
    nobody = FirstPerson("", "")
    county = NewCounty(
        division=DIVISION,
        name=COUNTY_NAME,
        since=LONG_AGO,
        leading_group="县协同育人工作领导小组",
        office="县协同育人工作领导小组办公室",
        townships={division: name for division, name, _ in TOWNSHIPS},
        administrator=nobody,
        office_person=nobody,
    )
    rows = upper_bodies(county)
    of = {kind: [body for body in rows if body.kind == kind] for kind in BodyKind}
    group, office = of[BodyKind.LEADING_GROUP][0], of[BodyKind.OFFICE][0]
    group.opened_on = office.opened_on = GROUP_FOUNDED
    return Tree(
        county=rows[0],
        departments={body.key: body for body in of[BodyKind.DEPARTMENT]},
        group=group,
        office=office,
        townships={body.code // codes.WIDTH[BodyKind.TOWNSHIP]: body for body in of[BodyKind.TOWNSHIP]},
        rows=rows,
    )


def add_schools(tree: Tree, shapes: list[SchoolShape], numbers: Numbers, year: int) -> None:
    """A school for each shape, with the grades and classes of the school year that starts in `year`."""
    for shape in shapes:
        school = add_school(tree, shape.township, shape.kind, numbers)
        tree.schools.append(school)
        tree.classes.append(
            [
                add_class(tree, school, stage, year - grade + 1, number)
                for stage, grade, number in shape.classes
            ]
        )


def add_school(tree: Tree, division: int, kind: str, numbers: Numbers, **more: Any) -> Body:
    """One more school of the township, with an invented name and code."""
    number = tree.numbers_used[division] = tree.numbers_used.get(division, 0) + 1
    township = tree.townships[division]
    place = [code for code, _, _ in TOWNSHIPS].index(division)
    word = SCHOOL_WORDS[(place * 11 + number * 7) % len(SCHOOL_WORDS)]
    round_ = "" if number <= len(SCHOOL_WORDS) else f"第{(number - 1) // len(SCHOOL_WORDS) + 1}"
    return tree.add(
        codes.school_code_in(township.code, number),
        BodyKind.SCHOOL,
        f"{township.name}{word}{round_}{SCHOOL_ENDINGS[kind]}",
        township,
        LONG_AGO,
        school_kind=kind,
        school_code=numbers.school_code(kind),
        **more,
    )


def add_class(
    tree: Tree,
    school: Body,
    stage: int,
    entry_year: int,
    number: int,
    opened_on: date | None = None,
    closed_on: date | None = None,
) -> Body:
    """One more class, and its cohort when the school has none yet of that year."""
    code = codes.grade_code(school.code, stage, entry_year)
    september = date(entry_year, 9, 1)
    if code not in tree.grades:
        tree.grades[code] = tree.add(
            code,
            BodyKind.GRADE,
            f"{entry_year}级",
            school,
            september,
            stage=stage,
            entry_year=entry_year,
            closed_on=closed_on,
        )
    return tree.add(
        codes.class_code(code, number),
        BodyKind.SCHOOL_CLASS,
        f"{entry_year}级{number}班",
        tree.grades[code],
        opened_on or september,
        stage=stage,
        entry_year=entry_year,
        number=number,
        closed_on=closed_on,
    )


@dataclass
class Changes:
    """What happened to the tree since: a school merged away in summer, a class opened in mid-term."""

    merged: Body | None = None
    successor: Body | None = None
    merged_classes: dict[int, Body] = field(default_factory=dict)
    """By the code of the class that took the pupils in."""
    split: Body | None = None
    split_from: Body | None = None


def add_changes(tree: Tree, calendar: Calendar, numbers: Numbers, day: date) -> Changes:
    """Merge a school away on 1 September and open a class in the sixth week, when the day is late enough."""
    changes = Changes()
    summer = calendar.year.start
    for school, classes in zip(tree.schools[1:], tree.classes[1:], strict=True):
        older = [c for c in classes if c.entry_year and c.entry_year < summer.year][:2]
        if school.school_kind == "primary" and older:
            division = codes.containing(school.code, BodyKind.TOWNSHIP) // codes.WIDTH[BodyKind.TOWNSHIP]
            changes.successor = school
            changes.merged = add_school(
                tree, division, "primary", numbers, closed_on=summer, succeeded_by=school
            )
            for class_ in older:
                assert class_.stage is not None
                assert class_.entry_year is not None
                gone = add_class(tree, changes.merged, class_.stage, class_.entry_year, 1, closed_on=summer)
                changes.merged_classes[class_.code] = gone
            break
    opened = calendar.terms[0].span.start + timedelta(days=41)
    if opened <= day:
        _split_a_class(tree, changes, opened)
    return changes


def _split_a_class(tree: Tree, changes: Changes, opened: date) -> None:
    """The youngest cohort with two classes or more had one class fewer until `opened`."""
    for classes in tree.classes[1:]:
        for class_ in classes:
            sibling = next((c for c in classes if c.parent_id == class_.parent_id and c.number == 1), None)
            if sibling is not None and class_.number and class_.number > 1 and changes.split is None:
                last = max(
                    (c for c in classes if c.parent_id == class_.parent_id), key=lambda c: c.number or 0
                )
                last.opened_on = opened
                changes.split, changes.split_from = last, sibling
