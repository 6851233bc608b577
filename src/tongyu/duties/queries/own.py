"""The duties of a class as its teacher's page needs them: few columns, one statement that is planned once."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from tongyu.core.access import Asker
from tongyu.core.prepared import prepared_cursor, untyped


class Owed(NamedTuple):
    """One standing in short; `subject` is the pupil, or None for a duty of the class itself."""

    id: int
    obligation_id: int
    start_on: date
    end_on: date
    due_on: date
    subject: UUID | None
    state: str
    done: int
    needed: int


OWED = """
SELECT id, obligation_id, start_on, end_on, due_on, subject, state, count, needed FROM duties_standing
WHERE org = %(place)s AND start_on <= %(on)s AND (subject IS NULL OR end_on > %(on)s)
"""


def owed_at(asker: Asker, on: date) -> list[Owed]:
    """What stands on that day at the asker's own body: what runs for its pupils, and every duty of its own that
    has begun. One query."""
    with prepared_cursor() as cursor:
        cursor.execute(OWED, untyped({"place": asker.body_code, "on": on}))
        return [Owed(*row) for row in cursor.fetchall()]
