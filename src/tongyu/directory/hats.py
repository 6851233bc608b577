"""The hats an account may wear today, and the asker that follows from the one worn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from tongyu.core.access import Asker, Ward
from tongyu.core.clock import today
from tongyu.core.context import Scope, acting
from tongyu.core.prepared import prepared_cursor
from tongyu.directory.models import Account
from tongyu.directory.models.people import Guardianship
from tongyu.directory.roles import ROLE_BY_KEY, DirectoryRole, GuardianRole

FAMILY_HAT = UUID("00000000-0000-4000-8000-0000000fa417")
"""Stands for the hat of a guardian where others have their appointment; an account has one of it."""
HATS = "SELECT directory_hats(%s::bigint, %s::date)::text"
FAMILY = "SELECT directory_family(%s::bigint, %s::date)::text"


@dataclass(frozen=True)
class Hat:
    """A role at a body that an account holds today."""

    appointment_id: UUID
    role: type[DirectoryRole]
    asker: Asker

    @property
    def label(self) -> str:
        """Role and body, as the hat switch shows them; of a guardian the children's names."""
        return f"{self.asker.body_name} · {self.role.name}"


def hats_of(account: Account, on: date) -> list[Hat]:
    """All hats of the account on that day, the oldest first; empty when it holds none.

    A hat reaches as far as its role says, so a role counts only at the kind of body it is held at.
    """
    scope = Scope(person=str(account.pk), actor=f"account:{account.pk}")
    with acting(scope), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute(HATS, [str(account.pk), on])
        hats = hats_from(account, json.loads(cursor.fetchone()[0]), on)
        if account.guardian:
            cursor.execute(FAMILY, [str(account.pk), on])
            hats += family_hats(account, json.loads(cursor.fetchone()[0]), on)
    return hats


def still_wears(asker: Asker, on: date) -> bool:
    """Whether the asker's account holds that role at that body on the day; for what was asked for a while ago."""
    account = Account.objects.filter(pk=asker.account_id, is_active=True).first()
    worn = hats_of(account, on) if account else []
    return any((hat.role, hat.asker.body_code) == (asker.role, asker.body_code) for hat in worn)


def hats_from(account: Account, rows: Sequence[Sequence[Any]], on: date) -> list[Hat]:
    """The hats in what the database function `directory_hats` said for that day."""
    hats = [_hat(account, row, on) for row in rows if ROLE_BY_KEY[row[1]].signs_in]
    return [hat for hat in hats if hat.asker.body_kind in hat.role.held_at]


def family_hats(account: Account, rows: Sequence[Sequence[Any]], on: date) -> list[Hat]:
    """The one hat of a guardian with children in school, out of what `directory_family` said; none without."""
    if not rows:
        return []
    wards = wards_from(rows, on)
    asker = Asker(
        account_id=account.pk,
        name=rows[0][2],
        role=GuardianRole,
        body_code=0,
        body_name="、".join(ward.name for ward in wards),
        body_kind="family",
        lo=0,
        hi=0,
        appointment_id=FAMILY_HAT,
        invented=any(row[3] for row in rows),
        wards=wards,
    )
    return [Hat(FAMILY_HAT, GuardianRole, asker)]


def wards_now(account_id: int, on: date) -> tuple[Ward, ...]:
    """The children of the account at this statement of the running transaction, not as of the request's begin."""
    with prepared_cursor() as cursor:
        cursor.execute(FAMILY, [str(account_id), on])
        return wards_from(json.loads(cursor.fetchone()[0]), on)


def wards_from(rows: Sequence[Sequence[Any]], on: date) -> tuple[Ward, ...]:
    """The children in what the database function `directory_family` said."""
    return tuple(_ward(row, on) for row in rows)


def _ward(row: Sequence[Any], on: date) -> Ward:
    student, guardian, _who, _invented, name, org, relation = row[:7]
    capacity, decides, picks_up, stage, entry_year, number, school = row[7:]
    tie = Guardianship(relation=relation, stated_capacity=capacity, may_decide_stated=decides)
    return Ward(
        student_id=UUID(student),
        name=name,
        org=org,
        class_name=class_name(stage, entry_year, number, on),
        school_name=school,
        guardian_id=UUID(guardian),
        relation=relation,
        may_decide=tie.may_decide,
        may_pick_up=picks_up,
    )


def scope_of(asker: Asker, request_id: str = "", purpose: str = "") -> Scope:
    """The database scope under which this asker's requests run."""
    return Scope(
        lo=asker.lo,
        hi=asker.hi,
        person=str(asker.account_id),
        actor=f"account:{asker.account_id}",
        purpose=purpose,
        request=request_id,
        hat=f"{asker.role.key}@{asker.body_code}",
        family=today().isoformat() if asker.role is GuardianRole else "",
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
        staff_id=UUID(staff_id),
        appointment_id=UUID(appointment_id),
        invented=invented,
    )
    return Hat(UUID(appointment_id), role, asker)


@lru_cache(maxsize=4096)
def class_name(stage: int, entry_year: int, number: int, on: date) -> str:
    """The class's name on that day, such as 三年级2班."""
    from tongyu.directory.models import Body

    return Body(stage=stage, entry_year=entry_year, number=number).grade_name_on(school_year_of(on))


def school_year_of(day: date) -> int:
    """The calendar year in whose September the day's school year starts."""
    return day.year if day.month >= 9 else day.year - 1
