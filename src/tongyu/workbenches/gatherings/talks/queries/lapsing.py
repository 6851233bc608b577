"""Bookings that hold no more: the guardian may not see the child any more, or the child left the school."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.clock import moment, today
from tongyu.core.context import acting, everywhere
from tongyu.directory.families.entitled import ENTITLED

LAPSED = f"""
SELECT b.id FROM talks_booking b JOIN talks_talkslot s ON s.id = b.slot_id
WHERE b.ended_at IS NULL AND b.starts_at > %(at)s
  AND (%(slots)s::uuid[] IS NULL OR b.slot_id = ANY (%(slots)s::uuid[]))
  AND (%(student)s::uuid IS NULL OR b.student_id = %(student)s::uuid)
  AND NOT EXISTS (
      SELECT 1 FROM directory_guardianship g JOIN directory_enrolment e ON e.student_id = g.student_id
      WHERE g.student_id = b.student_id AND g.guardian_id = b.guardian_id AND {ENTITLED}
        AND e.entered_on <= %(today)s AND (e.left_on IS NULL OR e.left_on > %(today)s)
        AND e.org >= s.lo AND e.org < s.hi)
"""


def lapsed_slots(slots: Iterable[UUID]) -> set[UUID]:
    """Which of these slots are booked by somebody without a right to it any more. Says nothing of who that was."""
    asked: dict[str, Any] = {
        "at": moment(), "today": today(), "slots": [str(slot) for slot in slots], "student": None,
    }  # fmt: skip
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(f"SELECT slot_id FROM talks_booking WHERE id IN ({LAPSED})", asked)
        return {row[0] if isinstance(row[0], UUID) else UUID(str(row[0])) for row in cursor.fetchall()}
