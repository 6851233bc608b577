"""Who works where, and who is what from when to when."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tongyu.cli.demo import names
from tongyu.cli.demo.bodies import Tree
from tongyu.cli.demo.numbers import Numbers
from tongyu.core.encryption import blind_index
from tongyu.directory import roles
from tongyu.directory.calendar import Calendar
from tongyu.directory.models import Appointment, Body, Staff
from tongyu.directory.name_keys import name_key
from tongyu.records.demos import CHINA, Dice

VACANT, CHANGED, NO_LEGAL = 0.03, 0.03, 0.12


@dataclass
class Staffing:
    """Staff and appointments to be written; `usernames` by the staff's id."""

    dice: Dice
    numbers: Numbers
    year: Calendar
    day: date
    staff: list[Staff] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    usernames: dict[object, str] = field(default_factory=dict)

    def hire(self, body: Body, born: int = 1985) -> Staff:
        """Somebody employed at the body."""
        name, sex = names.adult(self.dice)
        birthday = date(born, 1, 1) + timedelta(days=self.dice.randrange(-4000, 4000))
        id_number, phone = self.numbers.id_number(birthday, sex), self.numbers.phone()
        staff = Staff(
            id=self.dice.uuid7(datetime(2024, 9, 1, 8, tzinfo=CHINA)),
            org=body.code,
            name=name,
            name_key=name_key(name),
            invented=True,
            staff_number=f"YJ{len(self.staff) + 1:05d}",
            sex=sex,
            phone=phone,
            phone_index=blind_index(phone),
            id_number=id_number,
            id_index=blind_index(id_number),
        )
        self.staff.append(staff)
        self.usernames[staff.pk] = f"yj{len(self.staff):05d}"
        return staff

    def appoint(
        self,
        staff: Staff,
        role: type[roles.DirectoryRole],
        body: Body,
        from_day: date,
        until: date | None = None,
    ) -> Appointment:
        """The staff holds the role at the body from that day."""
        at = datetime(from_day.year, from_day.month, from_day.day, 9, tzinfo=CHINA)
        appointment = Appointment(
            id=self.dice.uuid7(at),
            org=body.code,
            role=role.key,
            staff=staff,
            from_day=from_day,
            until_day=until,
            entered_at=at,
            received_at=at,
        )
        self.appointments.append(appointment)
        return appointment

    def appoint_from_outside(
        self, name: str, employer: str, role: type[roles.DirectoryRole], body: Body, from_day: date
    ) -> None:
        """Somebody who is not on the county's staff list holds the role."""
        at = datetime(from_day.year, from_day.month, from_day.day, 9, tzinfo=CHINA)
        self.appointments.append(
            Appointment(
                id=self.dice.uuid7(at),
                org=body.code,
                role=role.key,
                holder_name=name,
                holder_employer=employer,
                from_day=from_day,
                entered_at=at,
                received_at=at,
            )
        )


def staff_county(tree: Tree, staffing: Staffing) -> dict[str, Staff]:
    """The people of office, departments and townships; returns who has a known sign-in."""
    known: dict[str, Staff] = {}
    long_ago = date(staffing.year.start_year - 2, 9, 1)
    for body, role, people in _county_posts(tree):
        for place in range(people):
            staff = staffing.hire(body, 1980)
            staffing.appoint(staff, role, body, long_ago)
            if place == 0:
                known[body.key or body.name] = staff
    admin = staffing.hire(tree.departments["education"], 1990)
    staffing.appoint(admin, roles.SystemAdmin, tree.county, long_ago)
    known["admin"] = admin
    return known


def _county_posts(tree: Tree) -> list[tuple[Body, type[roles.DirectoryRole], int]]:
    posts: list[tuple[Body, type[roles.DirectoryRole], int]] = [(tree.office, roles.OfficeStaff, 2)]
    posts += [
        (body, roles.DepartmentStaff, 3 if key == "education" else 1)
        for key, body in tree.departments.items()
    ]
    return posts + [(body, roles.TownshipStaff, 2) for body in tree.townships.values()]


def staff_school(school: Body, classes: list[Body], staffing: Staffing, *, complete: bool) -> None:
    """Leaders, class teachers, subject teachers and legal offices; `complete` leaves nothing vacant."""
    dice, start = staffing.dice, staffing.year.year.start
    before = date(start.year - 1, 9, 1)
    for _ in range(1 + (len(classes) > 6) + (len(classes) > 14)):
        staffing.appoint(staffing.hire(school, 1976), roles.SchoolLeader, school, before)
    teachers = [staffing.hire(school) for _ in classes]
    for class_, teacher in zip(classes, teachers, strict=True):
        _class_teacher(class_, teacher, staffing, before, complete=complete)
    others = [staffing.hire(school) for _ in range(max(1, len(classes) * 2 // 3))]
    for place, class_ in enumerate(classes):
        if class_.closed_on:
            continue
        first = max(start, class_.opened_on)
        for offset in (0, 1):
            other = others[(place + offset) % len(others)]
            if offset == 0 or len(others) > 1:
                staffing.appoint(other, roles.SubjectTeacher, class_, first)
        neighbour = teachers[(place + 1) % len(teachers)]
        if len(teachers) > 1 and dice.chance(0.6):
            staffing.appoint(neighbour, roles.SubjectTeacher, class_, first)
    if not school.closed_on:
        _legal_offices(school, staffing, complete=complete)


def _class_teacher(class_: Body, teacher: Staff, staffing: Staffing, before: date, *, complete: bool) -> None:
    dice, start = staffing.dice, staffing.year.year.start
    first = max(before, class_.opened_on)
    if class_.closed_on:
        staffing.appoint(teacher, roles.ClassTeacher, class_, min(first, before), class_.closed_on)
        return
    throw = 1.0 if complete else dice.random()
    if throw < VACANT and first < start:
        staffing.appoint(teacher, roles.ClassTeacher, class_, first, start)
        return
    change = start + timedelta(days=49)
    if throw < VACANT + CHANGED and change <= staffing.day and first < change:
        staffing.appoint(teacher, roles.ClassTeacher, class_, first, change)
        first, teacher = change, staffing.hire(Body(code=_school_of(class_)))
    staffing.appoint(teacher, roles.ClassTeacher, class_, first)


def _school_of(class_: Body) -> int:
    return class_.code - class_.code % 10**5


def _legal_offices(school: Body, staffing: Staffing, *, complete: bool) -> None:
    dice, start = staffing.dice, staffing.year.year.start
    assert school.parent is not None
    place = school.parent.name
    if complete or not dice.chance(NO_LEGAL):
        name, _ = names.adult(dice)
        employer = dice.choice((f"{place}派出所", "县公安局", "县人民检察院", "县人民法院"))
        staffing.appoint_from_outside(
            name, employer, roles.LegalVicePrincipal, school, date(start.year - 1, 9, 1)
        )
    if dice.chance(0.3):
        name, _ = names.adult(dice)
        staffing.appoint_from_outside(name, f"{place}司法所", roles.LegalCounsellor, school, start)
