"""What this room tells a guardian's home page: invitations without an answer, and what came of meetings this week."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import CHINA, moment
from tongyu.records import confirming
from tongyu.records.family import Task, Told
from tongyu.shell.formatting import short_day
from tongyu.shell.rows import Line
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.queries.own import invited_events, own_answers
from tongyu.workbenches.gatherings.events.rules import still_open, wards_in

ORDER = 20
INVITED = (
    "EXISTS (SELECT FROM events_eventscope s JOIN events_event r ON r.id = s.event_id"
    " WHERE s.lo = ANY(%(places)s::bigint[]) AND r.invited_at IS NOT NULL AND r.withdrawn_at IS NULL AND {which})"
)
COMING = INVITED.format(which="r.occurred_on >= %(on)s::date")
RECENT = INVITED.format(
    which="r.occurred_on >= %(on)s::date - 36 AND (r.cancelled_at IS NOT NULL OR r.shared_at IS NOT NULL)"
)
NONE_COMING = gettext_lazy("会前会后都能提问")


def asked_of(asker: Asker, on: date) -> list[Task]:
    """One task for each child whose invitation this guardian has not answered. Three queries."""
    coming = [
        event for event in invited_events(asker).filter(occurred_on__gte=on) if still_open(event, moment())
    ]
    answers = own_answers(asker, coming) if coming else {}
    return [
        Task(
            ward.student_id,
            when(event),
            " · ".join(filter(None, (event.place, _("请回复是否参加")))),
            reverse("events:family_event", args=[event.pk]),
            "users-group",
            _("回复"),
            ORDER,
        )
        for event in coming
        for ward in wards_in(asker, event)
        if (event.pk, ward.student_id) not in answers
    ]


def told_to(asker: Asker, on: date) -> list[Told]:
    """Meetings called off or summed up in the week that ends today."""
    since = on - timedelta(days=6)
    found = []
    for event in invited_events(asker).filter(occurred_on__gte=since - timedelta(days=30)):
        said = event.cancelled_at or event.shared_at
        if said is None or not since <= said.astimezone(CHINA).date():
            continue
        off = event.cancelled_at is not None
        text = _("“%(title)s”取消了") if off else _("“%(title)s”的小结可以看了")
        url = reverse("events:family_event", args=[event.pk])
        badge, tone = (_("取消"), "amber") if off else (_("家长会"), "blue")
        day = said.astimezone(CHINA).date()
        found += [
            Told(ward.student_id, badge, tone, text % {"title": event.title}, day, url)
            for ward in wards_in(asker, event)
        ]
    return found


def doubts(asker: Asker, on: date) -> list[Line]:
    """For the leader: how many gatherings guardians say were not held."""
    number = confirming.waiting(asker, Event.kind_key).count()
    text = _("%d 次活动，家长说没有举行") % number
    return [Line(text, reverse("events:doubted"), _("请核实并答复"), icon="calendar-event")] if number else []


def tile_line(asker: Asker, on: date) -> str:
    """How many are to come."""
    count = invited_events(asker).filter(occurred_on__gte=on, cancelled_at=None, held_at=None).count()
    return _("%d 场将要举行") % count if count else str(NONE_COMING)


def when(event: Event) -> str:
    """Title, day and hour."""
    hour = event.starts_at.astimezone(CHINA).strftime(" %H:%M") if event.starts_at else ""
    return f"{event.title} {short_day(event.occurred_on)}{hour}"
