"""What can be done with events: plan, hold, enter afterwards, cancel, correct, withdraw, sign in."""

from tongyu.workbenches.gatherings.events.actions.changing import (
    cancel_event,
    correct_event,
    hold_event,
    withdraw_event,
)
from tongyu.workbenches.gatherings.events.actions.entering import plan_event, record_held
from tongyu.workbenches.gatherings.events.actions.signing_in import (
    sign_in_by_token,
    sign_in_list,
    sign_in_token,
)

__all__ = [
    "cancel_event",
    "correct_event",
    "hold_event",
    "plan_event",
    "record_held",
    "sign_in_by_token",
    "sign_in_list",
    "sign_in_token",
    "withdraw_event",
]
