"""Gatherings that are planned when schools merge, split or change township: families of a class stay invited.

What took place stays where it was recorded; what is to come goes along with the class or school that planned it, and
is for the same classes under their new codes.
"""

from typing import Any

from django.db import connection

from tongyu.directory.reorganising.after import Reorganised

PLACES = "unnest(%(old)s::bigint[], %(new)s::bigint[]) AS m(old, new)"
COMING = """
SELECT id FROM events_event
WHERE occurred_on >= %(day)s AND held_at IS NULL AND cancelled_at IS NULL AND withdrawn_at IS NULL
"""
MOVE = (
    # Rewritten twice, a place could stand there twice: a merged school and the school it goes into, both invited.
    f"""
DELETE FROM events_eventscope s USING {PLACES}, events_eventscope t
WHERE s.lo = m.old AND t.event_id = s.event_id AND t.lo = m.new AND s.event_id IN ({COMING})
""",
    f"""
UPDATE events_eventscope s SET lo = m.new, hi = m.new + s.hi - s.lo
FROM {PLACES} WHERE s.lo = m.old AND s.event_id IN ({COMING})
""",
    f"""
DELETE FROM events_eventorganiser o USING {PLACES}, events_eventorganiser t
WHERE o.body = m.old AND t.event_id = o.event_id AND t.body = m.new AND NOT o.main AND o.event_id IN ({COMING})
""",
    f"""
UPDATE events_eventorganiser o SET body = m.new FROM {PLACES} WHERE o.body = m.old AND o.event_id IN ({COMING})
""",
    f"UPDATE events_eventscope s SET org = m.new FROM {PLACES} WHERE s.org = m.old AND s.event_id IN ({COMING})",
    f"UPDATE events_eventorganiser o SET org = m.new FROM {PLACES} WHERE o.org = m.old AND o.event_id IN ({COMING})",
    f"UPDATE events_event e SET org = m.new FROM {PLACES} WHERE e.org = m.old AND e.id IN ({COMING})",
)
ANSWERS = tuple(
    f"UPDATE {table} a SET org = m.new FROM {PLACES} WHERE a.org = m.old AND a.event_id IN ({COMING})"
    for table in ("events_familyanswer", "events_familyquestion", "events_sharedanswer")
)


def follow_reorganisation(event: Reorganised) -> None:
    """Carry what is planned along, with what families have answered and asked."""
    places = event.taken_over()
    values: dict[str, Any] = {"old": list(places), "new": list(places.values()), "day": event.day}
    with connection.cursor() as cursor:
        for statement in (*ANSWERS, *MOVE):
            cursor.execute(statement, values)
