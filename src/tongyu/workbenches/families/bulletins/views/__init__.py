"""The pages of bulletins."""

from tongyu.workbenches.families.bulletins.views.family import family, family_answer, family_detail
from tongyu.workbenches.families.bulletins.views.files import file
from tongyu.workbenches.families.bulletins.views.following import detail, enter, progress, remind, withdraw
from tongyu.workbenches.families.bulletins.views.sending import bulletin_list, new
from tongyu.workbenches.families.bulletins.views.slips import slip, slips

__all__ = [
    "bulletin_list",
    "detail",
    "enter",
    "family",
    "family_answer",
    "family_detail",
    "file",
    "new",
    "progress",
    "remind",
    "slip",
    "slips",
    "withdraw",
]
