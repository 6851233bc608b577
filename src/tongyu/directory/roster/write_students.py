"""Writes a student plan: everything in the running transaction, in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from tongyu.core.bulk import insert_rows, insert_values, update_rows
from tongyu.core.ids import uuid7
from tongyu.core.statistics import MANY, refresh_statistics
from tongyu.directory import codes
from tongyu.directory.enrolling import COLUMNS_OF_ENROLMENT, end_enrolments, enrolment_row
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Enrolment, Guardian, Guardianship, Student
from tongyu.directory.name_keys import name_key
from tongyu.directory.roster.pupils import AdultRow, PupilRow
from tongyu.directory.roster.students import StudentPlan, by_fields

CHUNK = 5_000
COLUMNS = {
    "name": ("name", "name_key"),
    "number_index": ("student_number", "student_number_index"),
    "id_index": ("id_number", "id_index"),
}
ADULT_COLUMNS = {
    "name": ("name", "name_key"),
    "phone": ("phone", "phone_index"),
    "id_number": ("id_number", "id_index"),
}
RELATE = """
UPDATE directory_guardianship g SET relation = v.relation
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS v(student_id, guardian_id, relation)
WHERE g.student_id = v.student_id AND g.guardian_id = v.guardian_id AND g.until_day IS NULL
"""
# An adult is visible where a ward is, and to the place that entered the adult: the old school must not go on seeing
# the adults of a pupil who has left it, so that place follows, unless another ward is still there.
FOLLOW = """
UPDATE directory_guardian a SET org = v.entered
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS v(student_id, school, entered)
JOIN directory_guardianship g ON g.student_id = v.student_id
WHERE a.id = g.guardian_id AND a.org >= v.school AND a.org < v.school + %s AND NOT EXISTS (
    SELECT FROM directory_guardianship o
    WHERE o.guardian_id = a.id AND o.org >= v.school AND o.org < v.school + %s)
"""

STUDENT = (
    "id", "org", "name", "name_key", "invented", "student_number", "student_number_index", "id_number", "id_index",
    "sex",
    "born_on", "disability", "left_behind", "single_parent", "address",
)  # fmt: skip
GUARDIAN = ("id", "org", "name", "name_key", "invented", "phone", "phone_index", "id_number", "id_index")
GUARDIANSHIP = (
    "id", "student", "org", "guardian", "relation", "position", "lives_together", "from_day", "until_day",
)  # fmt: skip

T = TypeVar("T")


def write_students(plan: StudentPlan, report: Callable[[int, int], None]) -> None:
    """Write everything the plan holds; must run inside a transaction."""
    steps = len(plan.new) * 2 + len(plan.changed) + len(plan.new_adults) + len(plan.ties) + 1
    done = 0

    def wrote(count: int) -> None:
        nonlocal done
        done += count
        report(done, steps)

    def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        insert_values(model, names, rows, report=wrote)

    done += insert_rows(list(plan.places.new.values()))
    _close(plan)
    insert(Student, STUDENT, (_new_student(*pair) for pair in plan.new))
    for fields, pairs in by_fields(plan).items():
        for part in _parts(pairs):
            rows = [_student(known.id, pupil) for known, pupil in part]
            wrote(update_rows(rows, _columns(fields, COLUMNS)))
    _follow(plan)
    insert(Enrolment, COLUMNS_OF_ENROLMENT, _enrolments(plan))
    insert(
        Guardian,
        GUARDIAN,
        (
            (
                key,
                org,
                one.name,
                name_key(one.name),
                False,
                one.phone,
                one.phone_index,
                one.id_number,
                one.id_index,
            )
            for key, org, one in plan.new_adults
        ),
    )
    for key, (adult, names) in plan.changed_adults.items():
        update_rows([_guardian(key, 0, adult)], _columns(names, ADULT_COLUMNS))
    insert(
        Guardianship,
        GUARDIANSHIP,
        (
            (uuid7(), tie.student, tie.org, tie.guardian, tie.relation, tie.position, None, plan.day, None)
            for tie in plan.ties
        ),
    )
    if plan.changed_ties:
        with connection.cursor() as cursor:
            cursor.execute(RELATE, [list(column) for column in zip(*plan.changed_ties, strict=True)])
    if len(plan.new) >= MANY:
        refresh_statistics(Student, Enrolment, Guardian, Guardianship)
    report(steps, steps)


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while part := list(islice(source, CHUNK)):
        yield part


def _columns(names: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
    return [column for name in sorted(names) for column in table.get(name, (name,))]


def _new_student(key: Any, one: PupilRow) -> Sequence[Any]:
    return (
        key, one.org, one.name, name_key(one.name), False, one.number, one.number_index, one.id_number, one.id_index,
        one.sex, one.born_on, one.disability or "", one.left_behind or 0, bool(one.single_parent), one.address,
    )  # fmt: skip


def _student(key: Any, pupil: PupilRow) -> Student:
    return Student(
        id=key,
        org=pupil.org,
        name=pupil.name,
        name_key=name_key(pupil.name),
        student_number=pupil.number,
        student_number_index=pupil.number_index,
        id_number=pupil.id_number,
        id_index=pupil.id_index,
        sex=pupil.sex,
        born_on=pupil.born_on,
        disability=pupil.disability or "",
        left_behind=pupil.left_behind or 0,
        single_parent=bool(pupil.single_parent),
        address=pupil.address,
    )


def _guardian(key: Any, org: int, adult: AdultRow) -> Guardian:
    return Guardian(
        id=key,
        org=org,
        name=adult.name,
        name_key=name_key(adult.name),
        phone=adult.phone,
        phone_index=adult.phone_index,
        id_number=adult.id_number,
        id_index=adult.id_index,
    )


def _close(plan: StudentPlan) -> None:
    """End the time in the old class: of those who changed school, who changed class."""
    moved = [(known, pupil) for known, pupil, fields in plan.changed if "org" in fields and known.enrolled]
    groups = {
        plan.leave_reason: [known.id for known in plan.leaving],
        "转学": [known.id for known, pupil in moved if not _same_school(known.org, pupil.org)],
        "调班": [known.id for known, pupil in moved if _same_school(known.org, pupil.org)],
    }
    for reason, students in groups.items():
        end_enrolments(students, plan.day, reason)


def _follow(plan: StudentPlan) -> None:
    """The adults of those who changed school are known to the new one; the ties have moved with the pupils."""
    moved = [
        (known.id, codes.containing(known.org, BodyKind.SCHOOL), pupil.org)
        for known, pupil, fields in plan.changed
        if "org" in fields and not _same_school(known.org, pupil.org)
    ]
    if moved:
        width = codes.WIDTH[BodyKind.SCHOOL]
        with connection.cursor() as cursor:
            cursor.execute(FOLLOW, [*map(list, zip(*moved, strict=True)), width, width])


def _same_school(one: int, other: int) -> bool:
    return codes.containing(one, BodyKind.SCHOOL) == codes.containing(other, BodyKind.SCHOOL)


def _enrolments(plan: StudentPlan) -> Iterator[Sequence[Any]]:
    for key, pupil in plan.new:
        yield enrolment_row(key, pupil.org, _since(plan, pupil.org), plan.entry_reason)
    for known, pupil, fields in plan.changed:
        if fields & {"org", "enrolled"}:
            reason = "转入" if not _same_school(known.org, pupil.org) else "调班"
            yield enrolment_row(known.id, pupil.org, plan.day, reason if known.enrolled else "重新入校")


def _since(plan: StudentPlan, org: int) -> date:
    """A class that had nobody is being entered for the first time: its pupils were there since September."""
    if org in plan.classes_with_pupils:
        return plan.day
    return min(date(school_year_of(plan.day), 9, 1), plan.day)
