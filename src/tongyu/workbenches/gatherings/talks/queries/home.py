"""What this room tells a guardian's home page: talks without a time, and the times that are booked."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import CHINA, moment
from tongyu.records.family import Task, Told
from tongyu.shell.formatting import short_day
from tongyu.workbenches.gatherings.talks.models import TalkDesk
from tongyu.workbenches.gatherings.talks.queries.own import own_bookings
from tongyu.workbenches.gatherings.talks.rules import FAMILY_DESK, receives

ORDER = 25


def asked_of(asker: Asker, on: date) -> list[Task]:
    """One task for each child and day with a teacher who receives it and has no time yet. Three queries."""
    desks = FAMILY_DESK.rows(
        asker,
        TalkDesk.objects.filter(
            day__day__gte=on, day__cancelled_at__isnull=True, day__closes_at__gt=moment(), slots__booked=False,
            slots__blocked=False, slots__closed=False,
        ),
    )  # fmt: skip
    found = list(desks.select_related("day").prefetch_related("classes").distinct())
    booked = _booked(asker) if found else set()
    waiting: dict[tuple[Any, Any], list[TalkDesk]] = {}
    for desk in found:
        for ward in asker.wards:
            if (
                receives(desk.classes.all(), ward.org, ward.student_id)
                and (desk.pk, ward.student_id) not in booked
            ):
                waiting.setdefault((desk.day_id, ward.student_id), []).append(desk)
    return [
        Task(
            student,
            f"{rows[0].day.title} {short_day(rows[0].day.day)}",
            _("%(who)s · 请选时间") % {"who": "、".join(desk.name for desk in rows)},
            reverse("talks:family_day", args=[day]),
            "calendar-time",
            _("选时间"),
            ORDER,
        )
        for (day, student), rows in waiting.items()
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


def _booked(asker: Asker) -> set[tuple[Any, Any]]:
    return {(row.desk_id, row.student_id) for row in own_bookings(asker) if row.ended_at is None}
