"""The written county as the rooms' demos see it (`tongyu.records.demos.DemoCounty`)."""

from collections import defaultdict

from tongyu.cli.demo.county import Plan
from tongyu.directory.hats import class_name
from tongyu.directory.models import Appointment, Body, Student
from tongyu.directory.roles import ClassTeacher, SchoolLeader, SubjectTeacher
from tongyu.records.demos import (
    DemoBody,
    DemoClass,
    DemoCounty,
    DemoGuardian,
    DemoPupil,
    DemoSchool,
    DemoStaff,
    Dice,
)

BEST, WORST = 0.97, 0.3


def county_view(plan: Plan) -> DemoCounty:
    """Call it after the staff have their accounts, because records are signed with them."""
    dice = Dice(f"tongyu {plan.seed} diligence")
    tree = plan.tree
    people = _people(plan)
    pupils = _pupils(plan)
    climate = {body.code: dice.uniform(0.45, 0.92) for body in tree.townships.values()}
    schools = [
        _school(plan, school, classes, _diligence(dice, climate[school.parent_id or 0]), people, pupils)
        for school, classes in plan.places()
    ]
    return DemoCounty(
        code=tree.county.code,
        hi=tree.county.hi,
        day=plan.day,
        seed=plan.seed,
        years=plan.years,
        schools=schools,
        departments={
            key: _body(body, dice.uniform(0.4, 0.95), people) for key, body in tree.departments.items()
        },
        townships=[_body(body, climate[body.code], people) for body in tree.townships.values()],
        office=_body(tree.office, BEST, people),
    )


def _diligence(dice: Dice, climate: float) -> float:
    """A school does about as well as its township, with a few far better and a few far worse."""
    return min(BEST, max(WORST, dice.gauss(climate, 0.13)))


def _people(plan: Plan) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in plan.staffing.appointments:
        if appointment.staff_id is not None:
            found[appointment.org].append(appointment)
    return found


def _staff(appointments: list[Appointment], role: str = "") -> list[DemoStaff]:
    return [
        DemoStaff(
            id=a.staff.pk,
            account_id=a.account_id,
            name=a.staff.name,
            role=a.role,
            body=a.org,
            from_day=a.from_day,
            until_day=a.until_day,
        )
        for a in appointments
        if a.staff is not None and (not role or a.role == role)
    ]


def _body(body: Body, diligence: float, people: dict[int, list[Appointment]]) -> DemoBody:
    return DemoBody(body.code, body.hi, body.name, body.key, diligence, _staff(people[body.code]))


def _pupils(plan: Plan) -> dict[int, list[DemoPupil]]:
    guardians: dict[object, list[DemoGuardian]] = defaultdict(list)
    for tie in plan.roll.guardianships:
        adult = DemoGuardian(
            id=tie.guardian_id,
            name=tie.guardian.name,
            relation=tie.relation,
            lives_together=bool(tie.lives_together),
            account_id=tie.guardian.account_id,
        )
        guardians[tie.student_id].append(adult)
    found: dict[int, list[DemoPupil]] = defaultdict(list)
    for time in plan.roll.enrolments:
        pupil: Student = time.student
        found[time.org].append(
            DemoPupil(
                id=pupil.pk,
                enrolment_id=time.pk,
                name=pupil.name,
                org=time.org,
                now_in=pupil.org,
                entered_on=time.entered_on,
                left_on=time.left_on,
                left_behind=pupil.left_behind,
                single_parent=pupil.single_parent,
                disability=pupil.disability,
                guardians=tuple(guardians[pupil.pk]),
            )
        )
    return found


def _school(
    plan: Plan,
    school: Body,
    classes: list[Body],
    diligence: float,
    people: dict[int, list[Appointment]],
    pupils: dict[int, list[DemoPupil]],
) -> DemoSchool:
    return DemoSchool(
        code=school.code,
        hi=school.hi,
        name=school.name,
        township=school.parent_id or 0,
        kind=school.school_kind,
        diligence=diligence,
        opened_on=school.opened_on,
        closed_on=school.closed_on,
        leaders=_staff(people[school.code], SchoolLeader.key),
        classes=[
            DemoClass(
                code=c.code,
                name=class_name(c.stage or 0, c.entry_year or 0, c.number or 0, plan.day),
                grade=c.parent_id or 0,
                stage=c.stage or 0,
                entry_year=c.entry_year or 0,
                number=c.number or 0,
                opened_on=c.opened_on,
                closed_on=c.closed_on,
                teachers=_staff(people[c.code], ClassTeacher.key),
                subject_teachers=_staff(people[c.code], SubjectTeacher.key),
                pupils=pupils[c.code],
            )
            for c in classes
        ],
    )
