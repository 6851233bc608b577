"""Signs events into the list of record kinds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)
from tongyu.records import family
from tongyu.records.kinds import Field, Kind, kinds
from tongyu.records.waiting import Waiting, waits
from tongyu.shell import menu
from tongyu.workbenches.gatherings.events.actions import withdraw_event
from tongyu.workbenches.gatherings.events.facts import FACTS
from tongyu.workbenches.gatherings.events.models import Event, Organizer
from tongyu.workbenches.gatherings.events.models.types import TYPES
from tongyu.workbenches.gatherings.events.queries import home
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, SEE_EVENT


def _withdraw(*, record: Event, **given: Any) -> Event:
    """The action under the parameter names of the pages that records share."""
    return withdraw_event(event=record, **given)


menu.register(
    menu.Entry(
        key="events",
        label=_("活动"),
        icon="calendar-event",
        url_name="events:list",
        roles=tuple(
            role.key
            for role in (
                ClassTeacher,
                SubjectTeacher,
                SchoolLeader,
                TownshipStaff,
                DepartmentStaff,
                OfficeStaff,
            )
        ),
        section="work",
        order=30,
        tab=3,
    )
)
family.asked.register(family.Asking("events", home.asked_of, home.COMING))
family.told.register(family.Telling("events", home.told_to, home.RECENT))
family.tiles.register(
    family.Tile(
        key="events",
        label=_("家长会与活动"),
        icon="calendar-event",
        url_name="events:family_list",
        line=home.tile_line,
        order=20,
        when=home.COMING,
        otherwise=home.NONE_COMING,
    )
)
waits.register(Waiting("events", (SchoolLeader.key,), home.doubts))
KIND = kinds.register(
    Kind(
        key=Event.kind_key,
        label=_("活动"),
        bench="gatherings",
        model="events.Event",
        facts=FACTS,
        see=SEE_EVENT,
        write=PLAN_EVENT,
        change=PLAN_EVENT,
        withdraw=_withdraw,
        detail_url="events:detail",
        list_url="events:list",
        new_url="events:new",
        form="tongyu.workbenches.gatherings.events.forms.EventForm",
        icon="calendar-event",
        where={
            "category": Field("category", values={each.key: each.name for each in TYPES}),
            "organizer": Field(
                "ARRAY[attributes->>'organizer', attributes->>'organizer_key']",
                many=True,
                values=dict(Organizer.choices),
            ),
            "with_parents": Field("attributes->>'with_parents'", values={"yes": _("是"), "no": _("否")}),
        },
    )
)
