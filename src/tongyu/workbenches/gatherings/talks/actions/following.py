"""Days of talks that are to come when schools merge, split or change township.

A day goes along with the class or school that offers it, bookings and all. What a school that goes on had offered to
classes that leave it is off for these, and their families are told.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.reorganising.after import Reorganised
from tongyu.workbenches.gatherings.talks.actions.ending import end, lock_slots
from tongyu.workbenches.gatherings.talks.actions.telling import tell_ended
from tongyu.workbenches.gatherings.talks.models import Booking, Ended, TalkDay

PLACES = (
    "unnest(%(old)s::bigint[], %(new)s::bigint[], %(lo)s::bigint[], %(hi)s::bigint[]) AS m(old, new, lo, hi)"
)
MOVE = (
    f"UPDATE talks_talkday t SET org = m.new, lo = m.lo, hi = m.hi FROM {PLACES} "
    "WHERE t.org = m.old AND t.id = ANY(%(days)s::uuid[])",
    f"UPDATE talks_talkdesk t SET org = m.new, lo = m.lo, hi = m.hi FROM {PLACES} "
    "WHERE t.org = m.old AND t.day_id = ANY(%(days)s::uuid[])",
    f"UPDATE talks_talkslot t SET org = m.new, lo = m.lo, hi = m.hi FROM talks_talkdesk d, {PLACES} "
    "WHERE t.org = m.old AND d.id = t.desk_id AND d.day_id = ANY(%(days)s::uuid[])",
    f"UPDATE talks_talkclass t SET org = m.new FROM talks_talkdesk d, {PLACES} "
    "WHERE t.org = m.old AND d.id = t.desk_id AND d.day_id = ANY(%(days)s::uuid[])",
    f"UPDATE talks_talkclass t SET lo = m.new, hi = m.new + t.hi - t.lo FROM talks_talkdesk d, {PLACES} "
    "WHERE t.lo = m.old AND d.id = t.desk_id AND d.day_id = ANY(%(days)s::uuid[])",
    f"UPDATE talks_booking t SET org = m.new FROM talks_talkdesk d, {PLACES} "
    "WHERE t.org = m.old AND d.id = t.desk_id AND d.day_id = ANY(%(days)s::uuid[])",
)


def follow_reorganisation(event: Reorganised) -> None:
    """Carry the days to come along; end the bookings of classes that leave the school whose day it is."""
    places = event.taken_over()
    coming = TalkDay.objects.filter(day__gte=event.day, cancelled_at=None)
    moving = list(coming.filter(org__in=list(places)).values_list("pk", flat=True))
    _end_left_behind(event, moving)
    with connection.cursor() as cursor:
        for statement in MOVE:
            cursor.execute(statement, _values(places, moving))


def _end_left_behind(event: Reorganised, moving: Sequence[Any]) -> None:
    rows = Booking.objects.filter(
        org__in=list(event.successors), ended_at=None, desk__day__day__gte=event.day
    ).exclude(desk__day__in=moving)
    lock_slots(rows.values_list("slot", flat=True))
    line = _("学校调整（%(paper)s），请和新学校的老师另约。") % {"paper": event.paper}
    for booking in rows.select_related("desk__day"):
        tell_ended(end(booking, Ended.DAY, event.by, line))


def _values(places: Mapping[int, int], days: Sequence[Any]) -> dict[str, Any]:
    new = list(places.values())
    schools = [codes.containing(code, BodyKind.SCHOOL) for code in new]
    return {
        "old": list(places),
        "new": new,
        "lo": schools,
        "hi": [codes.upper(code, BodyKind.SCHOOL) for code in schools],
        "days": [str(day) for day in days],
    }
