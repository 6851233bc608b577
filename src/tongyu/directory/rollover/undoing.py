"""Takes a roll-over back: every row as it stood before, unless something rests on it by now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.statistics import without_nested_loops
from tongyu.directory.models import Appointment, RollOver, RollOverChange
from tongyu.directory.rollover.after import Event, Kept, Made, Obstacle, obstacles, tell_undone
from tongyu.directory.rollover.writing import APPOINTMENT, BODY, ENROLMENT, STUDENT


@dataclass(frozen=True)
class Table:
    """A table that the roll-over changes: its name, its key and the columns that are put back."""

    name: str
    key: str
    key_type: str
    columns: Mapping[str, str]


TABLES = {
    ENROLMENT: Table("directory_enrolment", "id", "uuid", {"left_on": "date", "leave_reason": "text"}),
    STUDENT: Table("directory_student", "id", "uuid", {"org": "bigint"}),
    APPOINTMENT: Table("directory_appointment", "id", "uuid", {"until_day": "date"}),
    BODY: Table("directory_body", "code", "bigint", {"closed_on": "date"}),
}
MINE = "c.roll_over_id = %(roll_over)s AND c.subject = %(subject)s"
CHANGED = """
SELECT c.org, count(*) FROM directory_rolloverchange c LEFT JOIN {name} t ON t.{key} = c.row_id::{key_type}
WHERE {mine} AND (t.{key} IS NULL OR NOT to_jsonb(t) @> c.after) GROUP BY 1
"""
RESTORE = """
UPDATE {name} t SET {columns} FROM directory_rolloverchange c
WHERE {mine} AND c.before IS NOT NULL AND t.{key} = c.row_id::{key_type}
"""
REMOVE = """
DELETE FROM {name} t USING directory_rolloverchange c
WHERE {mine} AND c.before IS NULL AND t.{key} = c.row_id::{key_type}
"""
WRITTEN = "SELECT row_id{cast} FROM directory_rolloverchange c WHERE {mine} AND c.before IS {null}"
# A pupil whose time in the class would be open again, and who is in another class by now.
ENROLLED_AGAIN = """
SELECT c.org, count(*) FROM directory_rolloverchange c
JOIN directory_enrolment e ON e.id = c.row_id::uuid
JOIN directory_enrolment n ON n.student_id = e.student_id AND n.id <> e.id AND n.entered_on >= %(day)s
WHERE c.roll_over_id = %(roll_over)s AND c.subject = 'enrolment' AND c.before IS NOT NULL
  AND NOT EXISTS (SELECT FROM directory_rolloverchange m WHERE m.roll_over_id = c.roll_over_id
                  AND m.subject = 'enrolment' AND m.before IS NULL AND m.row_id = n.id::text)
GROUP BY 1
"""
NEW_PUPILS = """
SELECT e.org, count(*) FROM directory_enrolment e
WHERE e.org = ANY(%(bodies)s) AND NOT e.id = ANY(%(enrolments)s) GROUP BY 1
"""
NEW_POSTS = "SELECT org, count(*) FROM directory_appointment WHERE org = ANY(%(bodies)s) GROUP BY 1"
# A new class teacher where the old one would stand again.
SUCCEEDED = """
SELECT o.org, count(*) FROM directory_rolloverchange c
JOIN directory_appointment o ON o.id = c.row_id::uuid AND o.role = 'class_teacher'
JOIN directory_appointment n ON n.org = o.org AND n.id <> o.id AND n.role = 'class_teacher'
 AND n.withdrawn_at IS NULL
 AND daterange(n.from_day, n.until_day) && daterange(%(day)s, (c.before ->> 'until_day')::date)
WHERE c.roll_over_id = %(roll_over)s AND c.subject = 'appointment' GROUP BY 1
"""


def what_rests_on(roll_over: RollOver) -> list[Obstacle]:
    """Everything that was built on the roll-over since, with its places; empty when it can be undone."""
    made = made_by(roll_over)
    values = {
        "roll_over": roll_over.pk,
        "day": roll_over.day,
        "bodies": list(made.bodies),
        "enrolments": list(made.enrolments),
    }
    found = [
        Obstacle(_("学生已有新的就读经历"), _places(ENROLLED_AGAIN, values)),
        Obstacle(_("新班里已编入学生"), _places(NEW_PUPILS, values)),
        Obstacle(_("新班里已有任职"), _places(NEW_POSTS, values)),
        Obstacle(_("已任命新的班主任"), _places(SUCCEEDED, values)),
        Obstacle(_("学籍、班级或任职后来又有改动"), _changed_since(roll_over)),
    ]
    return [one for one in found if one.places] + obstacles(made)


def made_by(roll_over: RollOver) -> Made:
    """The bodies and enrolments that the roll-over made."""
    bodies = _written(roll_over, BODY, "::bigint", "NULL")
    enrolments: list[UUID] = _written(roll_over, ENROLMENT, "::uuid", "NULL")
    return Made(roll_over.county_id, bodies, enrolments)


def write_undo(roll_over: RollOver, by: Asker) -> None:
    """Put every row back; the caller has made sure that nothing rests on it, and holds tables and transaction."""
    posts = _written(roll_over, APPOINTMENT, "::uuid", "NOT NULL")
    closed = _written(roll_over, BODY, "::bigint", "NOT NULL")
    others = RollOverChange.objects.filter(roll_over=roll_over).exclude(subject__in=list(TABLES))
    kept = [Kept(one.subject, one.row_id, one.org, one.before, one.after) for one in others]
    ended = list(Appointment.objects.filter(pk__in=posts).order_by("org", "id"))
    for subject, table in TABLES.items():
        values = {"roll_over": roll_over.pk, "subject": subject}
        columns = ", ".join(
            f"{name} = (c.before ->> '{name}')::{kind}" for name, kind in table.columns.items()
        )
        with without_nested_loops() as cursor:
            # Made rows first: a pupil has one open enrolment only.
            cursor.execute(_sql(REMOVE, table), values)
            cursor.execute(_sql(RESTORE, table, columns=columns), values)
    tell_undone(Event(by, roll_over.county_id, roll_over.day, closed, ended, kept))


def _changed_since(roll_over: RollOver) -> dict[int, int]:
    found: Counter[int] = Counter()
    for subject, table in TABLES.items():
        found.update(_places(_sql(CHANGED, table), {"roll_over": roll_over.pk, "subject": subject}))
    return dict(found)


def _written(roll_over: RollOver, subject: str, cast: str, null: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            WRITTEN.format(cast=cast, null=null, mine=MINE), {"roll_over": roll_over.pk, "subject": subject}
        )
        return [row[0] for row in cursor.fetchall()]


def _places(sql: str, values: Mapping[str, Any]) -> dict[int, int]:
    with without_nested_loops() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _sql(template: str, table: Table, columns: str = "") -> str:
    return template.format(
        name=table.name, key=table.key, key_type=table.key_type, mine=MINE, columns=columns
    )
