"""The move itself: on its day the pupil's place changes, and with it who may see whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.context import acting, current_scope
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Enrolment, Student, Transfer, TransferKind, TransferState
from tongyu.directory.models.transfers import OPEN
from tongyu.directory.rollover.exceptions import forget_said
from tongyu.directory.roster.places import Places
from tongyu.directory.roster.pupils import PupilRow
from tongyu.directory.roster.roll import KnownPupil, load_roll
from tongyu.directory.roster.students import StudentPlan
from tongyu.directory.roster.write_students import write_students
from tongyu.directory.transfers import refusing
from tongyu.directory.transfers.after import Move, moving
from tongyu.directory.transfers.second import end_with_move


def carry_out(row: Transfer) -> None:
    """Move the pupil on `row.day`; the caller holds the row and the transaction. Raises ValidationError by field.

    Closes the enrolment on the day and opens the new one, moves the pupil's place and ties, and has the duties of
    both places judged anew (`after.moving`). Rights of the old school end with this transaction.
    """
    county = codes.containing(row.org, BodyKind.COUNTY)
    left = None if row.kind == TransferKind.ARRIVAL else row.org
    with moving(Move(row.student_id, county, row.day, left, row.to_class)), in_whole_county(county):
        write_students(_plan(row), lambda done, total: None)
        end_with_move(row.student_id, row.day, row.to_class)
        forget_said([row.student_id])
    settle(row)


def settle(row: Transfer) -> None:
    """Note that the pupil has moved; the name goes, since whoever has the pupil now sees it."""
    row.state, row.done_at, row.name = TransferState.DONE, clock.now(), ""
    row.save(update_fields=["state", "done_at", "name", "day"])


def stop(row: Transfer, state: TransferState, reason: str, account: int | None) -> None:
    """End an open transfer without a move."""
    row.state, row.name, row.ended_reason = state, "", reason[:200]
    row.ended_by, row.ended_at = account, clock.now()
    row.save(update_fields=["state", "name", "ended_reason", "ended_by", "ended_at"])


@contextmanager
def in_whole_county(county: int) -> Iterator[None]:
    """The narrow door of a move, which touches two schools: the county's range, under the asker's own name.

    Only for writing what a school has proposed and the other confirmed, and for finding a number on the roll.
    """
    hi = codes.upper(county, BodyKind.COUNTY)
    with acting(replace(current_scope(), lo=county, hi=hi, purpose="transfer")):
        yield


def carry_out_due(today: date) -> tuple[int, int]:
    """Carry out every agreed transfer whose day has come; returns how many, and how many met an obstacle.

    Each in its own transaction: one that cannot be carried out says why to both schools and keeps nobody waiting. An
    error that nobody foresaw is raised when all the others are through.
    """
    due = Transfer.objects.filter(state=TransferState.AGREED, day__lte=today).order_by("day", "id")
    with transaction.atomic():
        waiting = list(due.values_list("pk", flat=True))
    done: list[bool | None] = []
    errors: list[Exception] = []
    for pk in waiting:
        try:
            done.append(_carry_out_one(pk, today))
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return done.count(True), done.count(False)


def stop_without_pupil(today: date) -> int:
    """Stop the open moves of pupils who are on no roll any more, as after graduating; returns how many.

    An arrival names a pupil who is not there yet, and stays.
    """
    enrolled = Enrolment.objects.filter(student=OuterRef("student")).filter(
        Q(left_on=None) | Q(left_on__gt=today)
    )
    left = Transfer.objects.filter(~Exists(enrolled), state__in=OPEN).exclude(kind=TransferKind.ARRIVAL)
    with transaction.atomic():
        rows = list(left.order_by("id").select_for_update(skip_locked=True, of=("self",)))
        for row in rows:
            stop(row, TransferState.STOPPED, _("学生已不在册（毕业或离校）。"), None)
    return len(rows)


def _carry_out_one(pk: UUID, today: date) -> bool | None:
    with transaction.atomic():
        agreed = Transfer.objects.select_for_update(skip_locked=True, of=("self",))
        row = agreed.filter(pk=pk, state=TransferState.AGREED).first()
        if row is None:
            return None
        try:
            with transaction.atomic():
                carry_out(row)
        except ValidationError as refusal:
            if row.day < today and "day" in getattr(refusal, "error_dict", {}):
                return _carry_out_today(row, today)
            stop(row, TransferState.STOPPED, refusal.messages[0], None)
            return False
    return True


def _carry_out_today(row: Transfer, today: date) -> bool:
    """The work was late and the old class has gone on recording: the move holds from today, unless a school year has
    ended since: the class that was chosen may have graduated, and the roll-over decides where the pupil is."""
    if school_year_of(row.day) != school_year_of(today):
        why = _("约定的日子之后学年已经结束，没有办成；请在新学年重新发起。")
        stop(row, TransferState.STOPPED, why, None)
        return False
    row.day = today
    try:
        with transaction.atomic():
            carry_out(row)
    except ValidationError as refusal:
        stop(row, TransferState.STOPPED, refusal.messages[0], None)
        return False
    return True


def _plan(row: Transfer) -> StudentPlan:
    """The move as a roster file would bring it; under the county's scope."""
    if row.to_class is not None:
        refusing.hold_class(row.to_class, row.to_school or 0, row.day)
    known = _held(row)
    plan = StudentPlan(row.day, Places(None, row.day), leave_reason="转出县外")
    if row.to_class is None:
        plan.leaving.append(known)
        return plan
    plan.changed.append((known, _same_pupil(known, row.to_class), frozenset({"org"})))
    return plan


def _held(row: Transfer) -> KnownPupil:
    """The pupil, locked, still in the class that the transfer speaks of."""
    student = Student.objects.select_for_update(of=("self",)).filter(pk=row.student_id).first()
    if student is None or student.org != row.org:
        raise ValidationError(_("该生已经不在原来的班级（可能由名册导入改动过），请重新发起。"))
    refusing.check_day(row.day, clock.today(), refusing.enrolment_of(student).entered_on)
    index = bytes(student.student_number_index)
    return load_roll([], [index], [], row.org, row.org + 1).by_number[index]


def _same_pupil(known: KnownPupil, org: int) -> PupilRow:
    """The pupil unchanged, in another class."""
    return PupilRow(
        row=0,
        org=org,
        number="",
        number_index=known.number_index,
        name=known.name,
        sex=None,
        id_number=None,
        id_index=None,
        born_on=None,
        disability=None,
        left_behind=None,
        single_parent=None,
        address=None,
    )
