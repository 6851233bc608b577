"""Named reads of committees, each starting from the asker."""

from tongyu.workbenches.families.committees.queries.standing import (
    Post,
    SchoolSummary,
    in_office,
    last_terms,
    posts,
    schools,
    visible,
)

__all__ = ["Post", "SchoolSummary", "in_office", "last_terms", "posts", "schools", "visible"]
