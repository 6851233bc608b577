"""Named writes to transfers: begin, confirm, decline, withdraw."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Student, Transfer, TransferKind, TransferState
from tongyu.directory.rules import ANSWER_TRANSFER, BEGIN_TRANSFER
from tongyu.directory.transfers import refusing
from tongyu.directory.transfers.carrying import carry_out, stop

SENT = (
    "kind", "student_id", "to_school", "wish", "elsewhere", "reason", "by_account",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Where a pupil is to go, when and why.

    Within the school `to_class`; to another school of the county `to_school`, perhaps with the class that is wished
    for; out of the county the school `elsewhere`.
    """

    kind: TransferKind
    student: UUID
    day: date
    reason: str
    to_class: int | None = None
    to_school: int | None = None
    wish: int | None = None
    elsewhere: str = ""


@transaction.atomic
def begin_transfer(*, by: Asker, id: UUID, wanted: Wanted) -> Transfer:
    """Propose a pupil to another school; move one inside the own school, or out of the county.

    What needs nobody else's word is carried out at once, or on its day when that lies ahead. The same `id` sent
    again answers with what stands. Raises ValidationError by field (`day`, `to_class`, `to_school`, `reason`), for a
    pupil who has left or has another open transfer; PermissionDenied when the pupil is out of reach.
    """
    row = plan_transfer(by=by, id=id, wanted=wanted)
    if not row._state.adding:
        return row
    try:
        with transaction.atomic():
            new = insert_once(row)
    except IntegrityError as error:
        raise refusing.another_open() from error
    if not new:
        return _standing(row)
    if row.state == TransferState.AGREED and row.day <= clock.today():
        carry_out(row)
    return row


@transaction.atomic
def plan_transfer(*, by: Asker, id: UUID, wanted: Wanted) -> Transfer:
    """What `begin_transfer` would write, unsaved; refuses what it refuses. What stands already is given as it is."""
    BEGIN_TRANSFER.check(by)
    row = Transfer(
        id=id,
        kind=wanted.kind,
        student_id=wanted.student,
        day=wanted.day,
        reason=wanted.reason.strip(),
        by_account=by.account_id,
        entered_at=clock.now(),
    )
    _lead(row, by, wanted)
    if Transfer.objects.filter(pk=id).exists():
        return _standing(row)
    pupil = BEGIN_TRANSFER.rows(by, Student.objects.filter(pk=wanted.student)).first()
    if pupil is None:
        raise PermissionDenied(BEGIN_TRANSFER.key)
    row.org, row.name = pupil.org, pupil.name
    _check(row, pupil)
    return row


@transaction.atomic
def confirm_transfer(*, by: Asker, transfer: UUID, to_class: int, day: date) -> Transfer:
    """The receiving school takes the pupil into a class, from a day on; carried out when the day has come.

    Again with the same class and day it answers with what stands. Raises ValidationError by field, and for a transfer
    that is declined, withdrawn, done or confirmed otherwise.
    """
    row = _locked(transfer)
    ANSWER_TRANSFER.check(by, row)
    taken = row.state in (TransferState.AGREED, TransferState.DONE)
    if taken and (row.confirmed_by, row.to_class, row.day) == (by.account_id, to_class, day):
        return row
    refusing.check_open(row, TransferState.PROPOSED)
    refusing.check_day(day, clock.today())
    refusing.check_class(to_class, row.to_school or 0, day)
    row.to_class, row.day, row.state = to_class, day, TransferState.AGREED
    row.confirmed_by, row.confirmed_at = by.account_id, clock.now()
    row.save(update_fields=["to_class", "day", "state", "confirmed_by", "confirmed_at"])
    if day <= clock.today():
        carry_out(row)
    return row


@transaction.atomic
def decline_transfer(*, by: Asker, transfer: UUID, reason: str) -> Transfer:
    """The receiving school does not take the pupil; until the day also after it has confirmed. Again: nothing."""
    row = _locked(transfer)
    ANSWER_TRANSFER.check(by, row)
    if row.kind != TransferKind.BETWEEN:
        raise PermissionDenied(ANSWER_TRANSFER.key)
    return _stopped(row, TransferState.DECLINED, reason, by)


@transaction.atomic
def withdraw_transfer(*, by: Asker, transfer: UUID, reason: str) -> Transfer:
    """The school that began it takes it back, until the day. Twice changes nothing."""
    row = _locked(transfer)
    BEGIN_TRANSFER.check(by, row)
    return _stopped(row, TransferState.WITHDRAWN, reason, by)


def _stopped(row: Transfer, state: TransferState, reason: str, by: Asker) -> Transfer:
    why = refusing.told(reason, "reason")
    if (row.state, row.ended_by, row.ended_reason) == (state, by.account_id, why):
        return row
    refusing.check_open(row, TransferState.PROPOSED, TransferState.AGREED)
    stop(row, state, why, by.account_id)
    return row


def _lead(row: Transfer, by: Asker, wanted: Wanted) -> None:
    """Where the row leads, and whether somebody else must agree."""
    row.state = TransferState.AGREED
    if wanted.kind == TransferKind.WITHIN:
        row.to_school = codes.containing(by.body_code, BodyKind.SCHOOL)
        row.to_class = wanted.to_class
    elif wanted.kind == TransferKind.BETWEEN:
        row.to_school, row.wish, row.state = wanted.to_school, wanted.wish, TransferState.PROPOSED
    elif wanted.kind == TransferKind.AWAY:
        row.elsewhere = wanted.elsewhere.strip()
    else:
        raise ValueError(f"{wanted.kind} is not begun by the school that has the pupil")


def _check(row: Transfer, pupil: Student) -> None:
    """Raise ValidationError by field unless the new row may stand."""
    refusing.told(row.reason, "reason")
    today, own = clock.today(), codes.containing(row.org, BodyKind.SCHOOL)
    refusing.check_day(row.day, today, refusing.enrolment_of(pupil).entered_on)
    if row.kind == TransferKind.WITHIN:
        refusing.check_class(row.to_class or 0, own, row.day)
        if row.to_class == row.org:
            raise ValidationError({"to_class": _("该生就在这个班，请选另一个班。")})
    if row.kind == TransferKind.BETWEEN:
        refusing.check_school(row.to_school or 0, own, row.day)
        if row.wish is not None:
            refusing.check_class(row.wish, row.to_school or 0, row.day)
    row.clean_fields(exclude=["student"])
    refusing.check_no_other(pupil)


def _locked(pk: UUID) -> Transfer:
    """The transfer, held until the transaction ends: of two answers at once the second sees the first."""
    row = Transfer.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied(ANSWER_TRANSFER.key)
    return row


def _standing(sent: Transfer) -> Transfer:
    """The row that stands under the id, when it is the same one sent twice; the day may be another by now."""
    found = Transfer.objects.filter(pk=sent.pk).first()
    if found is None or not all(getattr(found, name) == getattr(sent, name) for name in SENT):
        raise refusing.used_id()
    return found
