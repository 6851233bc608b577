"""Bookings of whoever has no right to them any more: a block, an ended guardianship, a child that left the school.

Nothing needs to run for the right to end: `hold` refuses the guardian at once, and whoever wants the slot releases it
first. The hourly job only tidies what nobody asked for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from tongyu.core import jobs
from tongyu.core.clock import moment, now, today
from tongyu.core.context import acting, everywhere
from tongyu.directory.transfers.after import Move
from tongyu.workbenches.gatherings.talks.actions.ending import lock_slots
from tongyu.workbenches.gatherings.talks.models import Ended
from tongyu.workbenches.gatherings.talks.queries.lapsing import LAPSED

END = f"""
WITH gone AS (
    UPDATE talks_booking b SET ended_at = %(now)s, ended_by = 0, ended = %(why)s
    WHERE b.id IN ({LAPSED}) AND b.slot_id = ANY (%(locked)s::uuid[]) RETURNING b.slot_id
)
UPDATE talks_talkslot SET booked = false WHERE id IN (SELECT slot_id FROM gone)
"""
SLOTS = f"SELECT slot_id FROM talks_booking WHERE id IN ({LAPSED})"


@transaction.atomic
def release(*, slots: Sequence[UUID] | None = None, student: UUID | None = None) -> int:
    """End what lapsed: in these slots, of this child, or everywhere; returns how many. Set-based."""
    asked: dict[str, Any] = {
        "at": moment(),
        "today": today(),
        "slots": None if slots is None else [str(slot) for slot in slots],
        "student": None if student is None else str(student),
    }
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(SLOTS, asked)
        found = [row[0] for row in cursor.fetchall()]
        if not found:
            return 0
        lock_slots(found)
        cursor.execute(
            END, {**asked, "now": now(), "why": Ended.NO_RIGHT, "locked": [str(one) for one in found]}
        )
        return cursor.rowcount


@contextmanager
def on_move(move: Move) -> Iterator[None]:
    """A child that leaves the school leaves its talks there."""
    yield
    release(student=move.student)


@jobs.periodic("talks.release", "7 * * * *", label=gettext_lazy("释放已无权的面谈预约"), again=True)
def release_all() -> None:
    """Every hour: free the slots of bookings that hold no more."""
    release()
