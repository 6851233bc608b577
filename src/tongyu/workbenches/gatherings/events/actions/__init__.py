"""What can be done with events: plan, hold, enter afterwards, cancel, correct, withdraw, sign in; and with families."""

from tongyu.workbenches.gatherings.events.actions.asking import answer_question, ask_question
from tongyu.workbenches.gatherings.events.actions.changing import (
    cancel_event,
    correct_event,
    hold_event,
    withdraw_event,
)
from tongyu.workbenches.gatherings.events.actions.entering import plan_event, record_held
from tongyu.workbenches.gatherings.events.actions.families import (
    Tap,
    mark_families,
    sign_in_guardian,
    take_taps,
    tell_absent,
)
from tongyu.workbenches.gatherings.events.actions.inviting import (
    answer_for,
    answer_invitation,
    invite_families,
)
from tongyu.workbenches.gatherings.events.actions.signing_in import (
    sign_in_by_token,
    sign_in_list,
    sign_in_token,
)

__all__ = [
    "Tap",
    "answer_for",
    "answer_invitation",
    "answer_question",
    "ask_question",
    "cancel_event",
    "correct_event",
    "hold_event",
    "invite_families",
    "mark_families",
    "plan_event",
    "record_held",
    "sign_in_by_token",
    "sign_in_guardian",
    "sign_in_list",
    "sign_in_token",
    "take_taps",
    "tell_absent",
    "withdraw_event",
]
