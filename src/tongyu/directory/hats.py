"""The hats an account may wear today, and the asker that follows from the one worn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from tongyu.core.access import Asker
from tongyu.core.context import Scope, acting
from tongyu.core.prepared import prepared_cursor
from tongyu.directory.models import Account
from tongyu.directory.roles import ROLE_BY_KEY, DirectoryRole

# Appointments of one's own are visible by `app.person`, before any range is known.
HATS = """
SELECT a.id, a.role, a.staff_id, s.name, s.invented,
       b.code, b.hi, b.kind, b.key, b.name, b.stage, b.entry_year, b.number, p.name
FROM directory_appointment a
JOIN directory_staff s ON s.id = a.staff_id
JOIN directory_body b ON b.code = a.org
LEFT JOIN directory_body p ON b.kind = 'school_class' AND p.code = b.code - b.code %% 100000
WHERE a.account_id = %s::bigint AND a.withdrawn_at IS NULL
  AND a.from_day <= %s AND (a.until_day IS NULL OR a.until_day > %s)
  AND b.opened_on <= %s AND (b.closed_on IS NULL OR b.closed_on > %s)
  AND (s.left_on IS NULL OR s.left_on > %s)
ORDER BY a.from_day, a.id
"""


@dataclass(frozen=True)
class Hat:
    """A role at a body that an account holds today."""

    appointment_id: UUID
    role: type[DirectoryRole]
    asker: Asker

    @property
    def label(self) -> str:
        """Role and body, as the hat switch shows them."""
        return f"{self.asker.body_name} · {self.role.name}"


def hats_of(account: Account, on: date, request_id: str = "") -> list[Hat]:
    """All hats of the account on that day, the oldest first; empty when it holds none.

    A hat reaches as far as its role says, so a role counts only at the kind of body it is held at.
    """
    scope = Scope(person=str(account.pk), actor=f"account:{account.pk}", request=request_id)
    with acting(scope), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute(HATS, [str(account.pk), on, on, on, on, on])
        rows = cursor.fetchall()
    hats = [_hat(account, row, on) for row in rows if ROLE_BY_KEY[row[1]].signs_in]
    return [hat for hat in hats if hat.asker.body_kind in hat.role.held_at]


def scope_of(asker: Asker, request_id: str = "", purpose: str = "") -> Scope:
    """The database scope under which this asker's requests run."""
    return Scope(
        lo=asker.lo,
        hi=asker.hi,
        person=str(asker.account_id),
        actor=f"account:{asker.account_id}",
        purpose=purpose,
        request=request_id,
    )


def _hat(account: Account, row: Sequence[Any], on: date) -> Hat:
    appointment_id, role_key, staff_id, name, invented, code, hi, kind, key, body_name = row[:10]
    stage, entry_year, number, school = row[10:]
    role = ROLE_BY_KEY[role_key]
    lo, upper = role.jurisdiction(code, hi, key)
    if kind == "school_class":
        body_name = f"{school} {class_name(stage, entry_year, number, on)}"
    asker = Asker(
        account_id=account.pk,
        name=name,
        role=role,
        body_code=code,
        body_name=body_name,
        body_kind=kind,
        body_key=key,
        lo=lo,
        hi=upper,
        staff_id=staff_id,
        appointment_id=appointment_id,
        invented=invented,
    )
    return Hat(appointment_id, role, asker)


@lru_cache(maxsize=4096)
def class_name(stage: int, entry_year: int, number: int, on: date) -> str:
    """The class's name on that day, such as 三年级2班."""
    from tongyu.directory.models import Body

    return Body(stage=stage, entry_year=entry_year, number=number).grade_name_on(school_year_of(on))


def school_year_of(day: date) -> int:
    """The calendar year in whose September the day's school year starts."""
    return day.year if day.month >= 9 else day.year - 1
