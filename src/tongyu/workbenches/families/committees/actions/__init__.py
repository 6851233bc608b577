"""What can be done with committees, their elections, and their business."""

from tongyu.workbenches.families.committees.actions.terms import (
    MOST_MEMBERS,
    NewMember,
    change_members,
    correct_committee,
    dissolve_committee,
    elect_committee,
    end_terms,
    follow_reorganisation,
    renew_term,
    take_up_terms,
    withdraw_committee,
)

__all__ = [
    "MOST_MEMBERS",
    "NewMember",
    "change_members",
    "correct_committee",
    "dissolve_committee",
    "elect_committee",
    "end_terms",
    "follow_reorganisation",
    "renew_term",
    "take_up_terms",
    "withdraw_committee",
]
