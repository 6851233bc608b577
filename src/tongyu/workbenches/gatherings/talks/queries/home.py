"""What this room tells a guardian's home page: talks without a time, and the times that are booked."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import CHINA, moment
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.records.family import Task, Told
from tongyu.shell.formatting import short_day
from tongyu.workbenches.gatherings.talks.queries.own import own_bookings

ORDER = 25
ASKS = (
    "EXISTS (SELECT FROM talks_talkday r WHERE r.day >= %(on)s::date AND r.cancelled_at IS NULL"
    " AND r.closes_at > %(moment)s::timestamptz)"
)
UNBOOKED = """
SELECT y.id, w.student, y.title, y.day, array_agg(DISTINCT d.name ORDER BY d.name)
FROM unnest(%(students)s::uuid[], %(classes)s::bigint[]) AS w(student, org)
JOIN talks_talkclass c ON c.lo <= w.org AND c.hi > w.org AND (c.student_id IS NULL OR c.student_id = w.student)
JOIN talks_talkdesk d ON d.id = c.desk_id
JOIN talks_talkday y ON y.id = d.day_id
WHERE y.day >= %(on)s::date AND y.cancelled_at IS NULL AND y.closes_at > %(moment)s::timestamptz
  AND EXISTS (SELECT FROM talks_talkslot s WHERE s.desk_id = d.id AND NOT s.booked AND NOT s.blocked AND NOT s.closed)
  AND NOT EXISTS (SELECT FROM talks_booking b WHERE b.desk_id = d.id AND b.student_id = w.student
                  AND b.guardian_id = ANY(%(guardians)s::uuid[]) AND b.ended_at IS NULL)
GROUP BY y.id, w.student ORDER BY y.day, y.id, w.student
"""
TELLS = (
    "EXISTS (SELECT FROM talks_booking r WHERE r.student_id = ANY(%(students)s::uuid[]) AND r.ended_at IS NULL"
    " AND r.starts_at >= %(on)s::date)"
)


def asked_of(asker: Asker, on: date) -> list[Task]:
    """One task for each child and day with a teacher who receives it and has no time yet. One query."""
    values: dict[str, Any] = {
        "students": [ward.student_id for ward in asker.wards],
        "classes": [ward.org for ward in asker.wards],
        "guardians": [ward.guardian_id for ward in asker.wards],
        "on": on,
        "moment": moment(),
    }
    with prepared_cursor() as cursor:
        cursor.execute(UNBOOKED, untyped(values))
        rows = cursor.fetchall()
    return [
        Task(
            student,
            f"{title} {short_day(held)}",
            _("%(who)s · 请选时间") % {"who": "、".join(names)},
            reverse("talks:family_day", args=[day]),
            "calendar-time",
            _("选时间"),
            ORDER,
        )
        for day, student, title, held, names in rows
    ]


def told_to(asker: Asker, on: date) -> list[Told]:
    """The times that are booked and still to come."""
    return [
        Told(
            row.student_id,
            _("面谈"),
            "blue",
            _("%(day)s %(at)s 和%(who)s面谈")
            % {
                "day": short_day(row.desk.day.day),
                "at": row.starts_at.astimezone(CHINA).strftime("%H:%M"),
                "who": row.desk.name,
            },
            row.booked_at.astimezone(CHINA).date(),
            reverse("talks:family_day", args=[row.desk.day_id]),
        )
        for row in own_bookings(asker)
        if row.ended_at is None and row.desk.day.day >= on
    ]
