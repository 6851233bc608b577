"""A pupil's time in a class ends, another begins: the one way in which enrolments are written in bulk."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.ids import uuid7

COLUMNS_OF_ENROLMENT = ("id", "student", "org", "entered_on", "left_on", "entry_reason", "leave_reason")
CLOSE = """
UPDATE directory_enrolment SET left_on = GREATEST(%s, entered_on), leave_reason = %s
WHERE left_on IS NULL AND student_id = ANY(%s)
"""


def end_enrolments(students: Sequence[UUID], day: date, reason: str) -> int:
    """End the open time in a class of these pupils: `day` is the first on which they are not there. How many."""
    if not students:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [day, reason, list(students)])
        return int(cursor.rowcount)


def enrolment_row(student: UUID, org: int, since: date, reason: str) -> Sequence[Any]:
    """One open enrolment as `insert_values` takes it with `COLUMNS_OF_ENROLMENT`."""
    return uuid7(), student, org, since, None, reason, ""
