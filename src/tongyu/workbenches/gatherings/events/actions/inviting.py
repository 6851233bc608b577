"""Inviting the families of an event, and what they answer: by themselves, or told to the teacher."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import moment, now, today
from tongyu.core.ids import uuid7
from tongyu.directory.families.entitled import entitled
from tongyu.directory.families.guarding import hold
from tongyu.directory.models import Body
from tongyu.workbenches.gatherings.events.actions import telling
from tongyu.workbenches.gatherings.events.models import Event, FamilyAnswer, Says, ToldBy
from tongyu.workbenches.gatherings.events.rules import (
    FAMILY_EVENT,
    PLAN_EVENT,
    SEE_EVENT,
    SIGN_IN_LIST,
    may_invite,
    still_open,
    wards_in,
)


@transaction.atomic
def invite_families(*, by: Asker, event: Event, line: str = "") -> Event:
    """Invite the families of the event's classes, and tell them; again with another line changes the line.

    Clauses 三(一), 三(六).
    Raises ValidationError when no families are meant: parents do not take part, a whole township is, or it is over.
    """
    PLAN_EVENT.check(by, event)
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if not may_invite(locked):
        raise ValidationError(_("只能邀请班级、年级或学校的家长，而且活动要有家长参加、还没有举行。"))
    if today() > locked.occurred_on:
        raise ValidationError(_("活动的日期已经过去，不能再邀请。请先更正日期。"))
    locked.invitation = line.strip()[:200]
    locked.invited_at = locked.invited_at or now()
    locked.version += 1
    locked.save(update_fields=["invitation", "invited_at", "version"])
    telling.tell_invited(locked, by)
    return locked


@transaction.atomic
def answer_invitation(*, by: Asker, event: Event, student: UUID, says: str) -> FamilyAnswer:
    """A guardian's one tap for one child; changeable until the event starts. The other guardian's answer stays.

    Raises PermissionDenied when the child is no ward any more, ValidationError when it is too late.
    """
    ward = hold(by, student)
    FAMILY_EVENT.check(by, event)
    if ward not in wards_in(by, event):
        raise PermissionDenied(FAMILY_EVENT.key)
    return _answer(event, ward.org, student, ward.guardian_id, says, "", by)


@transaction.atomic
def answer_for(
    *, by: Asker, event: Event, class_code: int, student: UUID, guardian: UUID, says: str, told_by: str
) -> FamilyAnswer:
    """What a family without a phone told the teacher, and how; a later answer of the same guardian replaces it."""
    SEE_EVENT.check(by, event)
    SIGN_IN_LIST.check(by, Body.objects.get(code=class_code))
    if told_by not in ToldBy.values or not told_by:
        raise ValidationError({"told_by": _("请选择家长是怎么回复的。")})
    tie = entitled(today()).filter(org=class_code, student_id=student, guardian_id=guardian).first()
    if tie is None or not any(scope.lo <= class_code < scope.hi for scope in event.scopes.all()):
        raise PermissionDenied(SIGN_IN_LIST.key)
    return _answer(event, class_code, student, guardian, says, told_by, by)


def _answer(
    event: Event, org: int, student: UUID, guardian: UUID, says: str, told_by: str, by: Asker
) -> FamilyAnswer:
    if says not in Says.values:
        raise ValidationError({"says": _("请选择来还是不来。")})
    standing = Event.objects.get(pk=event.pk)
    if not still_open(standing, moment()):
        raise ValidationError(_("活动已经开始、结束或取消，不能再回复。"))
    said = {"says": says, "told_by": told_by, "by_account": by.account_id, "at": now()}
    row, _created = FamilyAnswer.objects.update_or_create(
        event=event,
        student_id=student,
        guardian_id=guardian,
        defaults=said,
        create_defaults={"id": uuid7(), "org": org, **said},
    )
    return row
