"""The pages of home visits."""

from tongyu.workbenches.families.home_visits.views.family import doubted, family_visit, looked_into
from tongyu.workbenches.families.home_visits.views.lists import class_page, visit_list
from tongyu.workbenches.families.home_visits.views.visits import correct, detail, follow_up, new

__all__ = [
    "class_page",
    "correct",
    "detail",
    "doubted",
    "family_visit",
    "follow_up",
    "looked_into",
    "new",
    "visit_list",
]
