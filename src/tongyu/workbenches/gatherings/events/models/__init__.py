"""Events, their scopes and organisers, and who took part."""

from tongyu.workbenches.gatherings.events.models.events import (
    Event,
    EventOrganiser,
    EventScope,
    Organizer,
    Status,
)
from tongyu.workbenches.gatherings.events.models.participation import How, Participation

__all__ = ["Event", "EventOrganiser", "EventScope", "How", "Organizer", "Participation", "Status"]
