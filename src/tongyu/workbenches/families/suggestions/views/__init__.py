"""The pages of suggestions: the leader's, and the guardians'."""

from tongyu.workbenches.families.suggestions.views.answering import detail, list_suggestions
from tongyu.workbenches.families.suggestions.views.family import (
    family,
    family_detail,
    family_new,
    family_published,
    family_take_back,
)

__all__ = [
    "detail",
    "family",
    "family_detail",
    "family_new",
    "family_published",
    "family_take_back",
    "list_suggestions",
]
