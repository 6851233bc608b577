"""The whole directory of the invented county, first in memory, then seen the way the rooms' demos see it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from tongyu.cli.demo.bodies import Changes, Tree, add_changes, add_schools, upper_tree
from tongyu.cli.demo.families import Families
from tongyu.cli.demo.numbers import Numbers
from tongyu.cli.demo.places import SHOWCASE
from tongyu.cli.demo.pupils import Registrar, Roll
from tongyu.cli.demo.shape import SHOWCASE_CLASS, class_sizes, school_shapes
from tongyu.cli.demo.staffing import Staffing, staff_county, staff_school
from tongyu.cli.demo.terms import calendars
from tongyu.directory.calendar import Calendar
from tongyu.directory.models import Body, Staff
from tongyu.directory.roles import ClassTeacher, SchoolLeader, SubjectTeacher
from tongyu.records.demos import Dice


@dataclass
class Plan:
    """Everything that will be written into the directory."""

    day: date
    seed: int
    years: tuple[Calendar, Calendar]
    tree: Tree
    changes: Changes
    staffing: Staffing
    roll: Roll
    known: dict[str, Staff]
    """Who has a sign-in that is printed, by user name."""

    @property
    def known_class(self) -> Body:
        """The class of the known teacher."""
        stage, grade, number = SHOWCASE_CLASS
        wanted = (stage, self.years[1].start_year - grade + 1, number)
        classes = self.tree.classes[0]
        return next((c for c in classes if (c.stage, c.entry_year, c.number) == wanted), classes[0])

    def places(self) -> list[tuple[Body, list[Body]]]:
        """Every school with its classes, the merged one last."""
        found = list(zip(self.tree.schools, self.tree.classes, strict=True))
        if self.changes.merged is not None:
            found.append((self.changes.merged, list(self.changes.merged_classes.values())))
        return found


def plan_county(students: int, day: date, seed: int) -> Plan:
    """The invented county with that many pupils, as it stands on `day`. Writes nothing."""
    years = calendars(day)
    numbers = Numbers()
    shapes = school_shapes(students)
    tree = upper_tree()
    add_schools(tree, shapes, numbers, years[1].start_year)
    changes = add_changes(tree, years[1], numbers, day)
    staffing = Staffing(Dice(f"tongyu {seed} {day} staff"), numbers, years[1], day)
    county_staff = staff_county(tree, staffing)
    plan = Plan(day, seed, years, tree, changes, staffing, Roll(), {})
    for place, (school, classes) in enumerate(plan.places()):
        staff_school(school, classes, staffing, complete=place == 0)
    plan.roll = _enter_pupils(plan, numbers, class_sizes(shapes, students))
    plan.known = _known(plan, county_staff)
    for username, staff in plan.known.items():
        staffing.usernames[staff.pk] = username
    return plan


def _enter_pupils(plan: Plan, numbers: Numbers, sizes: list[list[int]]) -> Roll:
    dice = Dice(f"tongyu {plan.seed} {plan.day} pupils")
    siblings: dict[tuple[int, int], list[Body]] = defaultdict(list)
    for classes in plan.tree.classes:
        for class_ in classes:
            siblings[class_.stage or 0, class_.entry_year or 0].append(class_)
    registrar = Registrar(dice, numbers, plan.years[1], plan.day, plan.changes, siblings)
    homes = {
        body.code: Families(dice, numbers, division, body.name)
        for division, body in plan.tree.townships.items()
    }
    for school, classes, counts in zip(plan.tree.schools, plan.tree.classes, sizes, strict=True):
        families = homes[school.parent_id or 0]
        for class_, size in zip(classes, counts, strict=True):
            registrar.fill(class_, size, families, special=school.school_kind == "special")
    return registrar.roll


def _known(plan: Plan, county_staff: dict[str, Staff]) -> dict[str, Staff]:
    """One person per role: the names under which one signs in."""
    showcase = plan.tree.townships[SHOWCASE]
    school, class_ = plan.tree.schools[0], plan.known_class
    return {
        "office": county_staff[plan.tree.office.name],
        "education": county_staff["education"],
        "department": county_staff["justice"],
        "township": county_staff[showcase.name],
        "leader": _holder(plan, SchoolLeader.key, school),
        "teacher": _holder(plan, ClassTeacher.key, class_),
        "subject": _holder(plan, SubjectTeacher.key, class_),
        "admin": county_staff["admin"],
    }


def _holder(plan: Plan, role: str, body: Body) -> Staff:
    found = [
        a for a in plan.staffing.appointments if a.role == role and a.org == body.code and not a.until_day
    ]
    assert found, f"nobody is {role} at {body}"
    assert found[0].staff is not None
    return found[0].staff
