"""Named writes: give a role, end it, take back a mistaken entry, open an account."""

import json
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation, UniqueViolation

from tongyu.core import audit
from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.core.ids import uuid7
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.directory.passwords import give_password, given_account
from tongyu.directory.roles import ClassTeacher
from tongyu.directory.rollover.after import Event
from tongyu.directory.roster.after import Imported
from tongyu.records.life import changing
from tongyu.records.models import Revision
from tongyu.workbenches.coordination.appointments import queries, rules

KIND = "appointment"


def appoint(
    *,
    by: Asker,
    role: str,
    body: int,
    from_day: date,
    staff: UUID | None = None,
    holder_name: str = "",
    holder_employer: str = "",
    replaces: bool = False,
    id: UUID | None = None,
) -> Appointment:
    """Give the role at the body from that day on.

    Legal vice-principals and counsellors come from outside: name and employer; all others are on the staff list.
    With `replaces` the class teacher of that day ends on it. The same `id` again answers with what stands. Raises
    ValidationError when the class has a teacher in that time, PermissionDenied when the asker may not give it.
    """
    if role not in {one.key for one in rules.may_give(by)}:
        raise PermissionDenied("appointments.appoint")
    legal = role in rules.LEGAL_KEYS
    place = queries.places_for(by, role, from_day).filter(code=body).first()
    if place is None:
        raise ValidationError({"body": _("这一天没有这个单位，或不在您的管理范围。")})
    person = None if legal or staff is None else queries.staff_of(by).filter(pk=staff).first()
    if not legal and person is None:
        raise ValidationError({"staff": _("请从教职工名单中选择。")})
    if legal and not (holder_name.strip() and holder_employer.strip()):
        raise ValidationError({"holder_name": _("请填写姓名和来自单位。")})
    row = Appointment(
        id=id or uuid7(),
        org=body,
        role=role,
        staff=person,
        account_id=person.account_id if person else None,
        holder_name=holder_name.strip() if legal else "",
        holder_employer=holder_employer.strip() if legal else "",
        from_day=from_day,
        entered_at=now(),
        by_account=by.account_id,
    )
    with transaction.atomic(), _door(by, role):
        standing = Appointment.objects.filter(pk=row.pk).first()
        if standing is not None:
            return _same(standing, row)
        if replaces and role == ClassTeacher.key:
            _end_former(by, body, from_day)
        return _insert(row)


def end_appointment(*, by: Asker, appointment: Appointment, until_day: date, reason: str) -> Appointment:
    """End the role: it is held up to, not including, `until_day`. Needs a reason."""
    check_change(by, appointment)
    if until_day <= appointment.from_day:
        raise ValidationError({"until_day": _("结束日期要晚于任职开始日期；登记有误请用“撤回”。")})
    with transaction.atomic(), _door(by, appointment.role), changing(KIND, [appointment.pk]):
        locked = _locked(appointment)
        if locked.until_day is not None and locked.until_day <= until_day:
            raise ValidationError({"until_day": _("这项任职已经结束。")})
        _remember(locked, by=by, act=Revision.CORRECTED, reason=reason)
        locked.until_day = until_day
        locked.save(update_fields=["until_day"])
    return locked


def withdraw_appointment(*, by: Asker, appointment: Appointment, reason: str) -> Appointment:
    """Take back an entry that was never true; it stays readable and counts for nothing."""
    check_change(by, appointment)
    with transaction.atomic(), _door(by, appointment.role), changing(KIND, [appointment.pk]):
        locked = _locked(appointment)
        _remember(locked, by=by, act=Revision.WITHDRAWN, reason=reason)
        locked.withdrawn_at = now()
        locked.save(update_fields=["withdrawn_at"])
    return locked


@transaction.atomic
def open_account(*, by: Asker, staff: UUID, username: str) -> tuple[Account, str]:
    """Open an account for somebody on the staff list; returns it and the first password, which is shown once."""
    person = _person(by, staff)
    if person.account_id:
        raise ValidationError(_("这位教职工已有账号。"))
    account, password = given_account(username)
    person.account = account
    person.save(update_fields=["account"])
    Appointment.objects.filter(staff=person, account_id=None).update(account_id=account.pk)
    audit.note("open_account", "directory_staff", str(person.pk), person.org, {"username": account.username})
    return account, password


@transaction.atomic
def reissue_password(*, by: Asker, staff: UUID) -> tuple[Account, str]:
    """A new first password for somebody who lost theirs; whoever is signed in under the account is signed out.

    Raises ValidationError when there is no account, or when it also holds a role that the asker does not reach:
    a school that sets the password could otherwise act for the township or the office.
    """
    person = _person(by, staff)
    if person.account is None:
        raise ValidationError(_("这位教职工还没有账号。"))
    account = Account.objects.select_for_update().get(pk=person.account.pk)
    if not all(by.reaches(place) for place in queries.places_of(account)):
        raise ValidationError(_("这个账号还有别的单位的职务，请由协同育人办公室重设密码。"))
    password = give_password(account)
    audit.note("reissue_password", "directory_staff", str(person.pk), person.org)
    return account, password


def _person(by: Asker, staff: UUID) -> Staff:
    people = queries.staff_of(by).select_for_update(of=("self",))
    person = people.filter(pk=staff).first() if rules.OPEN_ACCOUNT.allows(by) else None
    if person is None:
        raise PermissionDenied("appointments.open_account")
    return person


def _door(by: Asker, role: str) -> AbstractContextManager[Any]:
    """Legal roles are given by the justice department at schools outside its own range."""
    through = role in rules.LEGAL_KEYS and rules.APPOINT_LEGAL.allows(by)
    return queries.whole_county(by) if through else nullcontext()


def check_change(by: Asker, row: Appointment) -> None:
    """Raise PermissionDenied unless the asker may end or withdraw this appointment."""
    legal = row.role in rules.LEGAL_KEYS and rules.APPOINT_LEGAL.allows(by)
    if row.role not in {one.key for one in rules.may_give(by)} or not (legal or by.reaches(row.org)):
        raise PermissionDenied("appointments.change")


def _insert(row: Appointment) -> Appointment:
    try:
        with changing(KIND, [row.pk]):
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):  # the id stands at another body
            raise ValidationError(_("这条记录已用同一编号保存过，内容不同。请刷新页面后重新填写。")) from None
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        raise ValidationError(
            {"from_day": _("这个班在这段时间已有班主任。请勾选“同时结束原班主任”，或先结束原任职。")}
        ) from None
    return row


def _same(standing: Appointment, sent: Appointment) -> Appointment:
    names = ("org", "role", "staff_id", "holder_name", "holder_employer", "from_day", "by_account")
    if any(getattr(standing, name) != getattr(sent, name) for name in names):
        raise ValidationError(_("这条记录已用同一编号保存过，内容不同。请刷新页面后重新填写。"))
    return standing


def _end_former(by: Asker, body: int, from_day: date) -> None:
    """End whoever leads the class on that day; one who began on it is a mistake to be withdrawn, not ended."""
    rows = Appointment.objects.filter(org=body, role=ClassTeacher.key, from_day__lt=from_day)
    for former in queries.held_on(rows, from_day):
        end_appointment(by=by, appointment=former, until_day=from_day, reason=_("由新任班主任接任"))


def remember_ended(imported: Imported) -> None:
    """Keep with each appointment that a staff file ended why it ended, as when it is ended by hand."""
    reason = imported.reason or _("教职工名册里是另一位班主任")
    for row in imported.ended:
        _remember(row, by=imported.by, act=Revision.CORRECTED, reason=reason)


def remember_roll_over(event: Event) -> None:
    """Keep with each appointment that a roll-over ended why it ended."""
    closed = set(event.closed)
    reasons = {True: _("班级毕业"), False: _("新学年另行安排")}
    Revision.objects.bulk_create(
        _revision(row, by=event.by, act=Revision.CORRECTED, reason=reasons[row.org in closed])
        for row in event.ended
    )


def remember_undone(event: Event) -> None:
    """The same appointments stand again, because the roll-over was undone."""
    reason = _("升级结转已撤销，任职恢复")
    Revision.objects.bulk_create(
        _revision(row, by=event.by, act=Revision.CORRECTED, reason=reason) for row in event.ended
    )


def _locked(row: Appointment) -> Appointment:
    locked = Appointment.objects.select_for_update().get(pk=row.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("这条记录已经撤回，不能再修改。"))
    return locked


def _remember(row: Appointment, *, by: Asker, act: str, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    if len(reason.strip()) > 200:
        raise ValidationError({"reason": _("原因不超过200个字。")})
    _revision(row, by=by, act=act, reason=reason.strip()).save(force_insert=True)


def _revision(row: Appointment, *, by: Asker, act: str, reason: str) -> Revision:
    return Revision(
        kind=KIND,
        record_id=row.pk,
        org=row.org,
        act=act,
        reason=reason,
        before_text=row_text(row),
        by_account=by.account_id,
        by_role=by.role.key,
    )


def row_text(row: Appointment) -> str:
    """What may change of an appointment, as the revision keeps it."""
    return json.dumps({"until_day": row.until_day.isoformat() if row.until_day else None})
