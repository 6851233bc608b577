"""Who may see and change the directory."""

from tongyu.core.access import Anywhere, Inside, Rule
from tongyu.directory.roles import SIGNING_IN, ClassTeacher, OfficeStaff, SchoolLeader

SEE_CALENDAR = Rule("directory.see_calendar", SIGNING_IN, Anywhere())
SET_CALENDAR = Rule("directory.set_calendar", (OfficeStaff,), Anywhere())
SEE_PUPILS = Rule("directory.see_pupils", (SchoolLeader, ClassTeacher), Inside())
IMPORT_ROSTER = Rule("directory.import_roster", (OfficeStaff, SchoolLeader), Inside())
SEE_STAFF = Rule("directory.see_staff", (OfficeStaff, SchoolLeader), Inside())
SEE_BODIES = Rule("directory.see_bodies", SIGNING_IN, Inside("code"))
