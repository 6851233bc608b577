"""Signs events into the list of record kinds."""

from django.utils.translation import gettext_lazy as _

from tongyu.records.kinds import Field, Kind, kinds
from tongyu.workbenches.gatherings.events.facts import FACTS
from tongyu.workbenches.gatherings.events.models import Event, Organizer
from tongyu.workbenches.gatherings.events.models.types import TYPES
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, SEE_EVENT

KIND = kinds.register(
    Kind(
        key=Event.kind_key,
        label=_("活动"),
        bench="gatherings",
        model="events.Event",
        facts=FACTS,
        see=SEE_EVENT,
        write=PLAN_EVENT,
        detail_url="events:detail",
        list_url="events:list",
        new_url="events:new",
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
