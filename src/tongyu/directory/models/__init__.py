"""Bodies, terms, people, and the roles that people hold."""

from tongyu.directory.models.accounts import Account, Session
from tongyu.directory.models.appointments import Appointment
from tongyu.directory.models.bodies import Body
from tongyu.directory.models.change_sets import (
    Choice,
    Fate,
    HandChange,
    RosterAbsent,
    RosterChange,
    RosterConflict,
    RosterLayout,
)
from tongyu.directory.models.people import Enrolment, Guardian, Guardianship, Staff, Student
from tongyu.directory.models.roster import RosterImport, RosterKind, RosterState
from tongyu.directory.models.terms import Holiday, SchoolYear, Term

__all__ = [
    "Account",
    "Appointment",
    "Body",
    "Choice",
    "Enrolment",
    "Fate",
    "Guardian",
    "Guardianship",
    "HandChange",
    "Holiday",
    "RosterAbsent",
    "RosterChange",
    "RosterConflict",
    "RosterImport",
    "RosterKind",
    "RosterLayout",
    "RosterState",
    "SchoolYear",
    "Session",
    "Staff",
    "Student",
    "Term",
]
