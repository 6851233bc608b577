"""Pupils with their families, and their way through the classes."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tongyu.cli.demo import names
from tongyu.cli.demo.bodies import Changes
from tongyu.cli.demo.families import Families, Family
from tongyu.cli.demo.numbers import Numbers
from tongyu.core.encryption import blind_index
from tongyu.directory.calendar import Calendar
from tongyu.directory.models import Body, Enrolment, Guardian, Guardianship, Student
from tongyu.directory.name_keys import name_key
from tongyu.records.demos import CHINA, Dice

DISABLED, TWINS, WITHOUT_ID = 0.006, 0.012, 0.02
TRANSFERRED, FROM_OUTSIDE, LEFT = 0.005, 0.004, 0.002
AGE_AT_ENTRY = {0: 3, 1: 6, 2: 12, 3: 15, 5: 7}


@dataclass
class Roll:
    """Everything about pupils that is to be written."""

    students: list[Student] = field(default_factory=list)
    guardians: list[Guardian] = field(default_factory=list)
    guardianships: list[Guardianship] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)


@dataclass
class Registrar:
    """Enters pupils class by class."""

    dice: Dice
    numbers: Numbers
    year: Calendar
    day: date
    changes: Changes
    siblings: dict[tuple[int, int], list[Body]]
    """Classes by (stage, entry year): where a transferred pupil may have come from."""
    roll: Roll = field(default_factory=Roll)

    def fill(self, class_: Body, size: int, families: Families, *, special: bool) -> None:
        """Enter `size` pupils into the class."""
        twin: tuple[Family, date] | None = None
        for _ in range(size):
            if twin:
                family, born_on = twin
                twin = None
            else:
                born_on = self._birthday(class_)
                family = families.for_child(born_on, class_.code)
                if self.dice.chance(TWINS):
                    twin = family, born_on
            student = self._student(class_, family, born_on, special=special)
            self._answer_for(student, family)
            self._enrol(student, class_)

    def _birthday(self, class_: Body) -> date:
        assert class_.stage is not None
        assert class_.entry_year is not None
        eldest = date(class_.entry_year - AGE_AT_ENTRY[class_.stage] - 1, 9, 1)
        return eldest + timedelta(days=self.dice.randrange(365))

    def _student(self, class_: Body, family: Family, born_on: date, *, special: bool) -> Student:
        dice = self.dice
        sex = names.MALE if dice.chance(0.53) else names.FEMALE
        name = names.full_name(dice, family.style, family.surname, sex)
        id_number = None if dice.chance(WITHOUT_ID) else self.numbers.id_number(born_on, sex)
        number = self.numbers.student_number(id_number)
        student = Student(
            id=dice.uuid7(datetime(2025, 9, 1, 8, tzinfo=CHINA)),
            org=class_.code,
            name=name,
            name_key=name_key(name),
            invented=True,
            student_number=number,
            student_number_index=blind_index(number),
            id_number=id_number,
            id_index=blind_index(id_number) if id_number else None,
            sex=sex,
            born_on=born_on,
            disability=str(dice.randint(1, 7)) if special or dice.chance(DISABLED) else "",
            left_behind=family.left_behind,
            single_parent=family.single_parent,
            address=family.address,
        )
        self.roll.students.append(student)
        return student

    def _answer_for(self, student: Student, family: Family) -> None:
        for position, adult in enumerate(family.adults, 1):
            if adult.guardian.pk not in self.roll.seen:
                self.roll.seen.add(adult.guardian.pk)
                self.roll.guardians.append(adult.guardian)
            self.roll.guardianships.append(
                Guardianship(
                    id=self.dice.uuid7(datetime(2025, 9, 1, 8, tzinfo=CHINA)),
                    student=student,
                    org=student.org,
                    guardian=adult.guardian,
                    relation=adult.relation,
                    position=position,
                    lives_together=adult.lives_together,
                    from_day=student.born_on or date(2020, 9, 1),
                )
            )

    def _enrol(self, student: Student, class_: Body) -> None:
        """One open enrolment, and the closed ones that led to it."""
        assert class_.stage is not None
        assert class_.entry_year is not None
        dice, changes = self.dice, self.changes
        september = max(date(class_.entry_year, 9, 1), date(self.year.start_year - 5, 9, 1))
        if changes.split and class_.code == changes.split.code:
            assert changes.split_from is not None
            self._move(student, changes.split_from, class_, september, class_.opened_on, "分班")
        elif class_.code in changes.merged_classes and dice.chance(0.4):
            merged = changes.merged_classes[class_.code]
            self._move(student, merged, class_, september, self.year.year.start, "并校")
        elif self.day < self.year.terms[0].span.start + timedelta(days=14):
            self._time(student, class_, september, None, "")
        elif dice.chance(TRANSFERRED) and self._transfer(student, class_, september):
            return
        elif dice.chance(FROM_OUTSIDE):
            first = self._day_of_term()
            self._time(student, class_, first, None, "县外转入")
        elif dice.chance(LEFT):
            self._time(student, class_, september, self._day_of_term(), "", "转出县外")
        else:
            self._time(student, class_, september, None, "")

    def _transfer(self, student: Student, class_: Body, september: date) -> bool:
        assert class_.stage is not None
        assert class_.entry_year is not None
        day = self._day_of_term()
        others = [
            other
            for other in self.siblings[class_.stage, class_.entry_year]
            if other.parent_id != class_.parent_id and other.opened_on < day
        ]
        if not others or day <= september:
            return False
        self._move(student, self.dice.choice(others), class_, september, day, "转学")
        return True

    def _day_of_term(self) -> date:
        term = self.year.terms[0].span
        weeks = max(1, ((min(self.day, term.last_day) - term.start).days) // 7)
        return term.start + timedelta(days=7 * self.dice.randrange(weeks) + 1)

    def _move(self, student: Student, old: Body, new: Body, first: date, moved: date, why: str) -> None:
        self._time(student, old, first, moved, "", why)
        self._time(student, new, moved, None, why)

    def _time(
        self, student: Student, class_: Body, first: date, left: date | None, entry: str, leave: str = ""
    ) -> None:
        self.roll.enrolments.append(
            Enrolment(
                id=self.dice.uuid7(datetime(first.year, first.month, first.day, 8, tzinfo=CHINA)),
                student=student,
                org=class_.code,
                entered_on=first,
                left_on=left,
                entry_reason=entry,
                leave_reason=leave,
            )
        )
