"""A small invented county for tests: build the places and people a story needs, and nothing else.

    county = County()
    school = county.school(county.township("太极镇"), "太极镇中心小学")
    class_ = county.class_(school, entry_year=2023, number=1)
    teacher = county.teacher(class_)          # an Asker
    pupil = county.pupil(class_, "马某某")

Everything is written under a system scope; the tests themselves act as an asker (`as_asker(asker)`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from tongyu.core.access import Asker
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory import codes
from tongyu.directory.families.accounts import with_phone
from tongyu.directory.families.joining import link
from tongyu.directory.hats import hats_of, scope_of
from tongyu.directory.kinds import DEPARTMENTS, STAGES, BodyKind, SchoolKind
from tongyu.directory.models import (
    Account,
    Appointment,
    Body,
    Enrolment,
    Guardian,
    Guardianship,
    SchoolYear,
    Staff,
    Student,
    Term,
)
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    DirectoryRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    SystemAdmin,
    TownshipStaff,
)
from tongyu.plan import queries as plan_queries
from tongyu.plan.rules import ObligationRule

DAY = date(2026, 11, 23)
CODE = codes.county_code(622923)
OPENED = date(2020, 9, 1)
_numbers = count(1)


@contextmanager
def as_asker(asker: Asker) -> Iterator[None]:
    """Run a block as that asker: database scope and all, in one transaction."""
    with acting(scope_of(asker)), transaction.atomic():
        yield


@contextmanager
def as_system(actor: str = "test") -> Iterator[None]:
    """Run a block with everything in reach."""
    with acting(system_scope(actor)), transaction.atomic():
        yield


def rules_on(day: date, county: int = CODE) -> list[ObligationRule]:
    """Every obligation of the plan by which the county works on the day."""
    plan = plan_queries.active(county, day)
    return plan_queries.rules(plan, county, day)


class County:
    """The county, its office, departments, and the school year 2026—2027 with both terms."""

    def __init__(self, division: int = 622923) -> None:
        self.division = division
        with as_system():
            self.body = self._body(codes.county_code(division), BodyKind.COUNTY, "永靖县")
            self.office = self._body(
                codes.county_body_code(self.code, codes.OFFICE_NUMBER),
                BodyKind.OFFICE,
                "县协同育人工作领导小组办公室",
                self.body,
            )
            self.departments = {
                key: self._body(
                    codes.county_body_code(self.code, number),
                    BodyKind.DEPARTMENT,
                    name,
                    self.body,
                    key=key,
                )
                for key, (number, name) in DEPARTMENTS.items()
            }
            self.years = {year: self._school_year(year) for year in (2025, 2026)}
        self._townships = 0

    @property
    def code(self) -> int:
        """The county's code."""
        return codes.county_code(self.division)

    def _school_year(self, year: int) -> SchoolYear:
        row = SchoolYear.objects.create(
            county=self.body,
            start_year=year,
            first_day=date(year, 9, 1),
            last_day=date(year + 1, 8, 31),
        )
        Term.objects.create(
            school_year=row, number=1, first_day=date(year, 9, 1), last_day=date(year + 1, 1, 22)
        )
        Term.objects.create(
            school_year=row, number=2, first_day=date(year + 1, 3, 1), last_day=date(year + 1, 7, 9)
        )
        return row

    def _body(self, code: int, kind: BodyKind, name: str, parent: Body | None = None, **fields: Any) -> Body:
        fields.setdefault("opened_on", OPENED)
        return Body.objects.create(
            code=code, hi=codes.upper(code, kind), kind=kind, name=name, parent=parent, **fields
        )

    def township(self, name: str = "太极镇") -> Body:
        """A township; numbers follow the order of creation."""
        self._townships += 1
        code = codes.township_code(self.division * 1000 + 100 + self._townships)
        with as_system():
            return self._body(code, BodyKind.TOWNSHIP, name, self.body)

    def school(
        self, township: Body, name: str = "中心小学", kind: SchoolKind = SchoolKind.PRIMARY, **fields: Any
    ) -> Body:
        """A school of the township."""
        number = Body.objects.filter(parent=township).count() + 1
        code = codes.school_code_in(township.code, number)
        fields.setdefault("school_code", f"2162{next(_numbers):06d}")
        with as_system():
            return self._body(code, BodyKind.SCHOOL, name, township, school_kind=kind, **fields)

    def grade(self, school: Body, entry_year: int = 2023, **fields: Any) -> Body:
        """The cohort that entered in September of that year."""
        stage = STAGES[SchoolKind(school.school_kind)][0]
        code = codes.grade_code(school.code, stage, entry_year)
        found = Body.objects.filter(code=code).first()
        with as_system():
            return found or self._body(
                code, BodyKind.GRADE, f"{entry_year}级", school, stage=stage, entry_year=entry_year, **fields
            )

    def class_(self, school: Body, entry_year: int = 2023, number: int = 1, **fields: Any) -> Body:
        """A class of the cohort; 2023 is the fourth grade of a primary school in 2026—2027."""
        grade = self.grade(school, entry_year)
        with as_system():
            return self._body(
                codes.class_code(grade.code, number),
                BodyKind.SCHOOL_CLASS,
                f"{entry_year}级{number}班",
                grade,
                stage=grade.stage,
                entry_year=entry_year,
                number=number,
                **fields,
            )

    def pupil(
        self, class_: Body, name: str = "马某某", entered_on: date = date(2026, 9, 1), **fields: Any
    ) -> Student:
        """A pupil enrolled in the class since `entered_on`."""
        number = f"L{next(_numbers):018d}"
        with as_system():
            student = Student.objects.create(
                org=class_.code,
                name=name,
                student_number=number,
                student_number_index=blind_index(number),
                invented=True,
                **fields,
            )
            Enrolment.objects.create(student=student, org=class_.code, entered_on=entered_on)
        return student

    def guardian(
        self, student: Student, name: str = "马家长", relation: str = "father", phone: str = ""
    ) -> Guardian:
        """An adult who answers for the pupil; `phone` is E.164."""
        with as_system():
            guardian = Guardian.objects.create(
                org=student.org,
                name=name,
                invented=True,
                phone=phone or None,
                phone_index=blind_index(phone) if phone else None,
            )
            Guardianship.objects.create(
                student=student,
                org=student.org,
                guardian=guardian,
                relation=relation,
                from_day=date(2026, 9, 1),
            )
        return guardian

    def parent(self, *children: Student, relation: str = "father", name: str = "马家长") -> Asker:
        """A guardian of these pupils who has joined; the asker as of 2026-11-23."""
        phone = f"+86160{next(_numbers):08d}"
        guardian = self.guardian(children[0], name, relation, phone)
        with as_system():
            for child in children[1:]:
                Guardianship.objects.create(
                    student=child,
                    org=child.org,
                    guardian=guardian,
                    relation=relation,
                    from_day=date(2026, 9, 1),
                )
            account = with_phone(phone)
            link(guardian, account)
            account.refresh_from_db()
        return hats_of(account, DAY)[-1].asker

    def staff(self, body: Body, name: str = "某老师") -> Staff:
        """Somebody employed at the body, with an account."""
        with as_system():
            account = Account.objects.create_user(f"person{next(_numbers)}", "tongyu-test-1")
            return Staff.objects.create(org=body.code, name=name, account=account, invented=True)

    def appoint(
        self,
        role: type[DirectoryRole],
        body: Body,
        staff: Staff | None = None,
        from_day: date = date(2026, 9, 1),
        until_day: date | None = None,
    ) -> Asker:
        """Give the role at the body; returns the asker as of 2026-11-23 (or of the first day, if later ended)."""
        employer = body
        if body.kind in (BodyKind.SCHOOL_CLASS, BodyKind.GRADE):
            employer = Body.objects.get(code=codes.containing(body.code, BodyKind.SCHOOL))
        staff = staff or self.staff(employer)
        with as_system():
            appointment = Appointment.objects.create(
                org=body.code,
                role=role.key,
                staff=staff,
                account_id=staff.account_id,
                from_day=from_day,
                until_day=until_day,
                entered_at=timezone.now(),
            )
        day = DAY if until_day is None or until_day > DAY else from_day
        assert staff.account is not None
        return next(h.asker for h in hats_of(staff.account, day) if h.appointment_id == appointment.pk)

    def teacher(self, class_: Body, **kwargs: Any) -> Asker:
        """The class teacher of the class."""
        return self.appoint(ClassTeacher, class_, **kwargs)

    def subject_teacher(self, class_: Body, **kwargs: Any) -> Asker:
        """A subject teacher of the class."""
        return self.appoint(SubjectTeacher, class_, **kwargs)

    def leader(self, school: Body, **kwargs: Any) -> Asker:
        """A leader of the school."""
        return self.appoint(SchoolLeader, school, **kwargs)

    def township_staff(self, township: Body, **kwargs: Any) -> Asker:
        """Somebody of the township's government."""
        return self.appoint(TownshipStaff, township, **kwargs)

    def department_staff(self, key: str, **kwargs: Any) -> Asker:
        """Somebody of the department with that key."""
        return self.appoint(DepartmentStaff, self.departments[key], **kwargs)

    def admin(self, **kwargs: Any) -> Asker:
        """The system's administrator."""
        return self.appoint(SystemAdmin, self.body, **kwargs)

    def office_staff(self, **kwargs: Any) -> Asker:
        """Somebody of the leading group's office."""
        return self.appoint(OfficeStaff, self.office, **kwargs)


def signed_in(asker: Asker) -> Client:
    """A test client signed in as the asker, wearing that hat."""
    client = Client()
    client.force_login(Account.objects.get(pk=asker.account_id))
    session = client.session
    session["hat"] = str(asker.appointment_id)
    session.save()
    return client
