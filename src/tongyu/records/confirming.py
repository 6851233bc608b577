"""A guardian confirms that something took place with the own child, or says that it did not (never required).

A record whose room keeps a column `confirmed` shows what the standing answers say together: True when all say yes,
False when all say no, None without an answer and while two guardians disagree. A "no" goes to the school's leader.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker, Inside, Rule
from tongyu.core.clock import now
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import hold
from tongyu.directory.roles import SchoolLeader
from tongyu.records import life
from tongyu.records.models import Confirmation, Record

LOOK_INTO = Rule("records.look_into", (SchoolLeader,), Inside())
"""Whoever looks into what a guardian says did not take place."""


@dataclass(frozen=True)
class Said:
    """How many guardians say yes, and no, of one record."""

    yes: int
    no: int

    @property
    def confirmed(self) -> bool | None:
        """What they say together; None when nobody said anything or they disagree."""
        if self.yes and self.no:
            return None
        return True if self.yes else False if self.no else None

    @property
    def disagree(self) -> bool:
        """One says yes, another no."""
        return bool(self.yes and self.no)


@transaction.atomic
def answer(*, by: Asker, record: Record, student: UUID, took_place: bool, words: str = "") -> Confirmation:
    """Say whether the record about the own child is true. The same answer again is the one that stands.

    The caller has found the record among those that the asker may see. Raises PermissionDenied for a child that is
    not the asker's any more, ValidationError for a withdrawn record or too many words.
    """
    ward = hold(by, student)
    words = words.strip()
    if len(words) > 200:
        raise ValidationError({"words": _("不能超过200个字。")})
    with acting(everywhere()), life.changing(record.kind_key, [record.pk]):
        locked: Any = type(record)._default_manager.select_for_update().get(pk=record.pk)
        if locked.withdrawn_at is not None:
            raise ValidationError(_("学校已撤回这条记录，不用再答复。"))
        standing = _standing(locked).filter(by_account=by.account_id, student_id=student).first()
        if standing is not None and (standing.took_place, standing.words or "") == (took_place, words):
            return standing
        if standing is not None:
            standing.replaced_at = now()
            standing.save(update_fields=["replaced_at"])
        made = Confirmation.objects.create(
            id=uuid7(),
            kind=record.kind_key,
            record_id=record.pk,
            org=locked.org,
            student_id=student,
            guardian_id=ward.guardian_id,
            by_account=by.account_id,
            took_place=took_place,
            words=words or None,
            at=now(),
        )
        locked.confirmed = said_of(locked).confirmed
        locked.save(update_fields=["confirmed"])
    return made


@transaction.atomic
def look_into(*, by: Asker, answer: Confirmation, outcome: str) -> Confirmation:
    """The leader has looked into a "no" and says what was found; once. The guardian's answer stays as it is."""
    LOOK_INTO.check(by, answer)
    outcome = outcome.strip()
    if not outcome or len(outcome) > 200:
        raise ValidationError({"outcome": _("请写明核实的情况，不超过200个字。")})
    locked = Confirmation.objects.select_for_update().get(pk=answer.pk)
    if locked.took_place:
        raise PermissionDenied(LOOK_INTO.key)
    if locked.looked_at is None:
        locked.looked_at, locked.looked_by, locked.outcome = now(), by.account_id, outcome
        locked.save(update_fields=["looked_at", "looked_by", "outcome"])
    return locked


def said_of(record: Record) -> Said:
    """The standing answers of all guardians, counted; for those who reach the record's place."""
    answers = list(_standing(record).values_list("took_place", flat=True))
    return Said(sum(answers), len(answers) - sum(answers))


def own(asker: Asker, kind: str) -> dict[UUID, Confirmation]:
    """The asker's own standing answers of that kind, by record."""
    rows = Confirmation.objects.filter(kind=kind, by_account=asker.account_id, replaced_at=None)
    return {row.record_id: row for row in rows}


def waiting(asker: Asker, kind: str = "") -> QuerySet[Confirmation]:
    """What guardians say did not take place and nobody has looked into, the oldest first."""
    rows = LOOK_INTO.rows(
        asker, Confirmation.objects.filter(took_place=False, looked_at=None, replaced_at=None)
    )
    return (rows.filter(kind=kind) if kind else rows).order_by("at")


def _standing(record: Record) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(kind=record.kind_key, record_id=record.pk, replaced_at=None)
