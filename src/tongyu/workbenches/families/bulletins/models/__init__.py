"""What is kept of a bulletin: the words, the children it went to, the families' answers."""

from tongyu.workbenches.families.bulletins.models.answers import Answer, BulletinChild
from tongyu.workbenches.families.bulletins.models.bulletins import Bulletin, BulletinFile, Reminder
from tongyu.workbenches.families.bulletins.models.deciding import Act, Need, State, Whose

__all__ = [
    "Act",
    "Answer",
    "Bulletin",
    "BulletinChild",
    "BulletinFile",
    "Need",
    "Reminder",
    "State",
    "Whose",
]
