"""The pages of events: looking, entering and changing, signing in, the families of a class, a guardian's own."""

from tongyu.workbenches.gatherings.events.views.confirming import confirm, doubted, looked_into
from tongyu.workbenches.gatherings.events.views.entering import cancel, correct, enter, hold, new
from tongyu.workbenches.gatherings.events.views.families import (
    families,
    follow_up,
    invite,
    paper,
    taps,
    told,
)
from tongyu.workbenches.gatherings.events.views.family import answer, ask, family_event, family_list
from tongyu.workbenches.gatherings.events.views.looking import detail, list_events, month
from tongyu.workbenches.gatherings.events.views.questions import questions, reply
from tongyu.workbenches.gatherings.events.views.signing_in import attendance, code, sign_in

__all__ = [
    "answer",
    "ask",
    "attendance",
    "cancel",
    "code",
    "confirm",
    "correct",
    "detail",
    "doubted",
    "enter",
    "families",
    "family_event",
    "family_list",
    "follow_up",
    "hold",
    "invite",
    "list_events",
    "looked_into",
    "month",
    "new",
    "paper",
    "questions",
    "reply",
    "sign_in",
    "taps",
    "told",
]
