"""Bodies, terms, people, and the roles that people hold."""

from tongyu.directory.models.accounts import Account, Session
from tongyu.directory.models.appointments import Appointment
from tongyu.directory.models.bodies import Body
from tongyu.directory.models.people import Enrolment, Guardian, Guardianship, Staff, Student
from tongyu.directory.models.reorganisations import Reorganisation, ReorganisationKind
from tongyu.directory.models.roster import RosterImport, RosterKind, RosterState
from tongyu.directory.models.second_places import SecondPlace, SecondPlaceMode
from tongyu.directory.models.terms import Holiday, SchoolYear, Term
from tongyu.directory.models.transfers import Transfer, TransferKind, TransferState

__all__ = [
    "Account",
    "Appointment",
    "Body",
    "Enrolment",
    "Guardian",
    "Guardianship",
    "Holiday",
    "Reorganisation",
    "ReorganisationKind",
    "RosterImport",
    "RosterKind",
    "RosterState",
    "SchoolYear",
    "SecondPlace",
    "SecondPlaceMode",
    "Session",
    "Staff",
    "Student",
    "Term",
    "Transfer",
    "TransferKind",
    "TransferState",
]
