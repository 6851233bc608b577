"""Named reads of the directory; each starts from the asker."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.directory.families.entitled import ties_on
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, RosterImport, Staff, Student, Transfer
from tongyu.directory.models.transfers import OPEN
from tongyu.directory.rules import IMPORT_ROSTER, SEE_BODIES, SEE_PUPILS, SEE_STAFF


def visible_bodies(asker: Asker, on: date) -> QuerySet[Body]:
    """Schools, townships and other bodies that stand on that day, without grades and classes."""
    places = Body.objects.standing_on(on).exclude(kind__in=[BodyKind.GRADE, BodyKind.SCHOOL_CLASS])
    return SEE_BODIES.rows(asker, places).select_related("parent")


def visible_staff(asker: Asker) -> QuerySet[Staff]:
    """Staff in the asker's range who have not left."""
    return SEE_STAFF.rows(asker, Staff.objects.filter(left_on=None))


def visible_students(asker: Asker) -> QuerySet[Student]:
    """Pupils enrolled now, with the guardians of today (`ties`) and the move that is open (`open_transfers`)."""
    ties = ties_on(today()).select_related("guardian").order_by("position")
    enrolled = Student.objects.filter(enrolments__left_on=None, enrolments__isnull=False)
    moves = Transfer.objects.filter(state__in=OPEN)
    return SEE_PUPILS.rows(asker, enrolled).prefetch_related(
        Prefetch("guardianships", ties, to_attr="ties"),
        Prefetch("transfers", moves, to_attr="open_transfers"),
    )


class ClassMate(NamedTuple):
    """A pupil as the class list shows one: name and marks, nothing that is encrypted."""

    id: UUID
    name: str
    name_key: str
    left_behind: bool | None
    single_parent: bool | None


# Whoever left is still of the class last attended, and no longer in it.
CLASS_LIST = """
SELECT {fields} FROM directory_student s
WHERE s.org = %(place)s AND EXISTS (
    SELECT FROM directory_enrolment e WHERE e.org = %(place)s AND e.student_id = s.id AND e.left_on IS NULL)
"""


def class_list(asker: Asker) -> list[ClassMate]:
    """The pupils of the asker's own class by name. One query, planned once. PermissionDenied without the right."""
    SEE_PUPILS.check(asker)
    sql = CLASS_LIST.format(fields=", ".join(ClassMate._fields))
    with prepared_cursor() as cursor:
        cursor.execute(sql, untyped({"place": asker.body_code}))
        pupils = [ClassMate(*row) for row in cursor.fetchall()]
    return sorted(pupils, key=lambda pupil: (pupil.name_key or pupil.name, pupil.id))


def visible_rosters(asker: Asker) -> QuerySet[RosterImport]:
    """Uploads of the asker's range, the newest first, without the files themselves."""
    return IMPORT_ROSTER.rows(asker, RosterImport.objects.defer("content", "faults")).order_by("-uploaded_at")


ENROLMENTS = """
SELECT e.id, e.org, e.entered_on, e.left_on, s.org FROM directory_enrolment e
JOIN directory_student s ON s.id = e.student_id
WHERE e.student_id = %s::uuid AND e.org >= %s::bigint AND e.org < %s::bigint ORDER BY e.entered_on
"""


class Attendance(NamedTuple):
    """A pupil's time in a class, `[entered_on, left_on)`, and the class that the pupil is in now."""

    pk: UUID
    org: int
    entered_on: date
    left_on: date | None
    place: int


def enrolments_of(asker: Asker, student: UUID) -> list[Attendance]:
    """The pupil's times in classes of the asker's range, the earliest first. Read at every visit that is saved."""
    with prepared_cursor() as cursor:
        cursor.execute(ENROLMENTS, [student, str(asker.lo), str(asker.hi)])
        return [Attendance(*row) for row in cursor.fetchall()]
