"""The pages of committees: looking, electing, changing."""

from tongyu.workbenches.families.committees.views.changing import correct, dissolve, members
from tongyu.workbenches.families.committees.views.electing import elect, new, renew
from tongyu.workbenches.families.committees.views.looking import detail, list_committees, school

__all__ = ["correct", "detail", "dissolve", "elect", "list_committees", "members", "new", "renew", "school"]
