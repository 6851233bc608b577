"""Committees and their members, elections with ballots that belong to nobody, meetings, decisions, proposals."""

from tongyu.workbenches.families.committees.models.business import Decision, Meeting, Proposal
from tongyu.workbenches.families.committees.models.committee import (
    LEVEL_OF,
    Committee,
    Level,
    Member,
    Office,
)
from tongyu.workbenches.families.committees.models.elections import (
    Ballot,
    Candidate,
    Election,
    PaperSheet,
    Standing,
    Voted,
    Way,
)

__all__ = [
    "LEVEL_OF",
    "Ballot",
    "Candidate",
    "Committee",
    "Decision",
    "Election",
    "Level",
    "Meeting",
    "Member",
    "Office",
    "PaperSheet",
    "Proposal",
    "Standing",
    "Voted",
    "Way",
]
