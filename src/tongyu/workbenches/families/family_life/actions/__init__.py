"""Named writes of family life, and the reminder of a parent who is away."""

from tongyu.workbenches.families.family_life.actions.reminding import remind_absent_parents
from tongyu.workbenches.families.family_life.actions.writing import (
    record_activity,
    share_agreement,
    sign_agreement,
    take_back,
    tell_contact,
)

__all__ = [
    "record_activity",
    "remind_absent_parents",
    "share_agreement",
    "sign_agreement",
    "take_back",
    "tell_contact",
]
