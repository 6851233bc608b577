"""The pages of committees: looking, electing, voting, changing, their business, and the guardians' own."""

from tongyu.workbenches.families.committees.views.business import (
    decision_done,
    decision_new,
    meeting,
    meeting_new,
    proposal,
)
from tongyu.workbenches.families.committees.views.changing import correct, dissolve, members
from tongyu.workbenches.families.committees.views.counting import (
    close,
    draw,
    paper,
    recount,
    roll,
    take_office,
)
from tongyu.workbenches.families.committees.views.electing import elect, new, renew
from tongyu.workbenches.families.committees.views.elections import (
    add_candidate,
    call,
    cancel,
    candidate,
    dates,
    election,
)
from tongyu.workbenches.families.committees.views.families import (
    family,
    family_decision_done,
    family_election,
    family_proposal,
    family_propose,
    family_put_forward,
    family_vote,
)
from tongyu.workbenches.families.committees.views.looking import detail, list_committees, school

__all__ = [
    "add_candidate",
    "call",
    "cancel",
    "candidate",
    "close",
    "correct",
    "dates",
    "decision_done",
    "decision_new",
    "detail",
    "dissolve",
    "draw",
    "elect",
    "election",
    "family",
    "family_decision_done",
    "family_election",
    "family_proposal",
    "family_propose",
    "family_put_forward",
    "family_vote",
    "list_committees",
    "meeting",
    "meeting_new",
    "members",
    "new",
    "paper",
    "proposal",
    "recount",
    "renew",
    "roll",
    "school",
    "take_office",
]
