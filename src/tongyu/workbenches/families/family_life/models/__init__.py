"""What is kept of family life."""

from tongyu.workbenches.families.family_life.models.activities import ActivityKind, DiaryLine, FamilyActivity
from tongyu.workbenches.families.family_life.models.agreements import (
    SUGGESTIONS,
    AgreementKind,
    AgreementText,
    FamilyAgreement,
)
from tongyu.workbenches.families.family_life.models.contacts import FamilyContact

__all__ = [
    "SUGGESTIONS",
    "ActivityKind",
    "AgreementKind",
    "AgreementText",
    "DiaryLine",
    "FamilyActivity",
    "FamilyAgreement",
    "FamilyContact",
]
