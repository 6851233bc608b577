"""Events, their scopes and organisers, who took part, and what families and school tell each other about them."""

from tongyu.workbenches.gatherings.events.models.events import (
    Event,
    EventOrganiser,
    EventScope,
    Organizer,
    Status,
)
from tongyu.workbenches.gatherings.events.models.families import (
    FamilyAnswer,
    FollowUp,
    Says,
    SignInTap,
    ToldBy,
    Way,
)
from tongyu.workbenches.gatherings.events.models.participation import How, Participation
from tongyu.workbenches.gatherings.events.models.questions import FamilyQuestion, SharedAnswer

__all__ = [
    "Event",
    "EventOrganiser",
    "EventScope",
    "FamilyAnswer",
    "FamilyQuestion",
    "FollowUp",
    "How",
    "Organizer",
    "Participation",
    "Says",
    "SharedAnswer",
    "SignInTap",
    "Status",
    "ToldBy",
    "Way",
]
