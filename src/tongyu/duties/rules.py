"""Who may lift a duty."""

from tongyu.core.access import Inside, Rule
from tongyu.directory.roles import OfficeStaff

EXEMPT = Rule("duties.exempt", (OfficeStaff,), Inside("code"))
