"""The forms of committees, of elections, of their business."""

from tongyu.workbenches.families.committees.forms.terms import (
    ChangeForm,
    CorrectTermForm,
    DissolveForm,
    MemberForm,
    TermForm,
    member_rows,
)

__all__ = ["ChangeForm", "CorrectTermForm", "DissolveForm", "MemberForm", "TermForm", "member_rows"]
