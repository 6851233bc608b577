"""The plan's tables: what an edition says, which county it binds, and what a county's office adds."""

from tongyu.plan.models.edition import (
    Clause,
    CountyPlan,
    EditionChange,
    Interpretation,
    Obligation,
    Parameter,
    Plan,
)
from tongyu.plan.models.local import LocalNumber, OfficeReading

__all__ = [
    "Clause",
    "CountyPlan",
    "EditionChange",
    "Interpretation",
    "LocalNumber",
    "Obligation",
    "OfficeReading",
    "Parameter",
    "Plan",
]
