"""Who may do what with messages."""

from tongyu.core.access import Anywhere, Inside, Rule
from tongyu.directory.roles import EVERY_HAT, ClassTeacher, SchoolLeader

SEE_INBOX = Rule("notices.see_inbox", EVERY_HAT, Anywhere())
"""The own inbox; row-level security and every query keep it the own one."""
SEE_UNREACHED = Rule("notices.see_unreached", (ClassTeacher, SchoolLeader), Inside())
