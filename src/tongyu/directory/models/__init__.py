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
from tongyu.directory.models.families import (
    AccountPhone,
    ClassInvitation,
    Consent,
    GuardianBlock,
    JoinRequest,
    JoinState,
    OneTimeCode,
)
from tongyu.directory.models.identities import Identity, Vendor
from tongyu.directory.models.people import (
    Capacity,
    Enrolment,
    Guardian,
    Guardianship,
    Relation,
    Staff,
    Student,
)
from tongyu.directory.models.reorganisations import Reorganisation, ReorganisationKind
from tongyu.directory.models.rollover import (
    Outcome,
    RollOver,
    RollOverChange,
    RollOverLine,
    RollOverSchool,
    RollOverState,
)
from tongyu.directory.models.roster import RosterImport, RosterKind, RosterState
from tongyu.directory.models.second_places import SecondPlace, SecondPlaceMode
from tongyu.directory.models.terms import Holiday, SchoolYear, Term
from tongyu.directory.models.transfers import Transfer, TransferKind, TransferState

__all__ = [
    "Account",
    "AccountPhone",
    "Appointment",
    "Body",
    "Capacity",
    "Choice",
    "ClassInvitation",
    "Consent",
    "Enrolment",
    "Fate",
    "Guardian",
    "GuardianBlock",
    "Guardianship",
    "HandChange",
    "Holiday",
    "Identity",
    "JoinRequest",
    "JoinState",
    "OneTimeCode",
    "Outcome",
    "Relation",
    "Reorganisation",
    "ReorganisationKind",
    "RollOver",
    "RollOverChange",
    "RollOverLine",
    "RollOverSchool",
    "RollOverState",
    "RosterAbsent",
    "RosterChange",
    "RosterConflict",
    "RosterImport",
    "RosterKind",
    "RosterLayout",
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
    "Vendor",
]
