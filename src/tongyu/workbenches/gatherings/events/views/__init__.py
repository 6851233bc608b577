"""The pages of events: looking, entering and changing, signing in."""

from tongyu.workbenches.gatherings.events.views.entering import cancel, correct, enter, hold, new
from tongyu.workbenches.gatherings.events.views.looking import detail, list_events, month
from tongyu.workbenches.gatherings.events.views.signing_in import attendance, code, sign_in

__all__ = [
    "attendance",
    "cancel",
    "code",
    "correct",
    "detail",
    "enter",
    "hold",
    "list_events",
    "month",
    "new",
    "sign_in",
]
