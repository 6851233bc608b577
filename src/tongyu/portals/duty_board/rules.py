"""Who may see the boards, and who may have everything computed again."""

from tongyu.core.access import Anywhere, Inside, Rule
from tongyu.directory.roles import SIGNING_IN, OfficeStaff, SystemAdmin

SEE = Rule("duty_board.see", tuple(role for role in SIGNING_IN if role is not SystemAdmin), Anywhere())
"""Counts hold no person; which places a role may open is told in `reach.py`."""
SEE_NAMES = Rule("duty_board.see_names", SEE.roles, Inside())
"""The single duty with its pupil or body: only inside the asker's own range, as row-level security has it."""
BURDEN = Rule("duty_board.burden", (OfficeStaff,), Anywhere())
RECOMPUTE = Rule("duty_board.recompute", (OfficeStaff,), Anywhere())
