"""Who writes suggestions, who reads and answers them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tongyu.core.access import Anywhere, Asker, AtOwnBody, Relation, Rule
from tongyu.directory.roles import GuardianRole, SchoolLeader


@dataclass(frozen=True)
class OwnWriting(Relation):
    """What the asker wrote."""

    def filter(self, asker: Asker) -> Q:
        return Q(by_account=asker.account_id)

    def holds(self, asker: Asker, row: Any) -> bool:
        return bool(row.by_account == asker.account_id)


WRITE = Rule("suggestion.write", (GuardianRole,), Anywhere())
"""To the school of an own child; the action asks which."""
OWN = Rule("suggestion.own", (GuardianRole,), OwnWriting())
ANSWER = Rule("suggestion.answer", (SchoolLeader,), AtOwnBody())
SEE = Rule("suggestion.see", (SchoolLeader,), AtOwnBody())
