"""Who was there: by list, class by class, or by scanning the code on the event's page."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import moment
from tongyu.directory.models import Body
from tongyu.records import life
from tongyu.workbenches.gatherings.events.models import Event, How, Participation, Status
from tongyu.workbenches.gatherings.events.queries import people_of_class
from tongyu.workbenches.gatherings.events.rules import (
    SEE_EVENT,
    SIGN_IN_LIST,
    SIGN_IN_SELF,
    may_scan,
)

SALT = "events.sign_in"
TOKEN_LASTS = timedelta(minutes=15)
"""Long enough to sign in to the own account after scanning; a code that is passed on is worth little. The page at the
door draws a new one every two minutes."""
Marks = Mapping[tuple[UUID, UUID | None], bool | None]


@transaction.atomic
def sign_in_list(
    *,
    by: Asker,
    event: Event,
    class_code: int,
    marks: Marks,
    rest_present: bool = False,
    hours: Decimal | None = None,
) -> int:
    """Tick off a class: (pupil, guardian or None) → yes, no or None for not recorded; returns the number of rows.

    Only pupils of the class and their guardians are taken. `rest_present` marks everybody present who is not
    marked otherwise; without it people who are not named stay as they are.
    """
    SEE_EVENT.check(by, event)
    SIGN_IN_LIST.check(by, Body.objects.get(code=class_code))
    if event.withdrawn_at is not None or event.status is Status.CANCELLED:
        raise ValidationError(_("这次活动已经取消或撤回，不能登记到场。"))
    people = people_of_class(class_code, on=event.occurred_on, with_parents=event.with_parents)
    wanted = {person: marks[person] for person in people if person in marks}
    if rest_present:
        wanted = {person: True if wanted.get(person) is None else wanted[person] for person in people}
    with life.changing(event.kind_key, [event.pk]):
        return _write(by, event, class_code, wanted, hours)


def sign_in_token(event: Event) -> str:
    """What the code on the event's page holds; it works for a few minutes."""
    return signing.dumps(str(event.pk), salt=SALT)


@transaction.atomic
def sign_in_by_token(*, by: Asker, token: str) -> Participation:
    """Record that the staff member who scanned was there. Scanning twice is one sign-in."""
    event = event_of_token(by, token)
    SIGN_IN_SELF.check(by, event)
    if by.staff_id is None:
        raise ValidationError(_("这个账号没有对应的教职工，不能签到。"))
    if event.withdrawn_at is not None or event.status is Status.CANCELLED:
        raise ValidationError(_("这次活动已经取消或撤回，不能签到。"))
    with life.changing(event.kind_key, [event.pk]):
        row = Participation(
            event=event,
            org=by.body_code,
            staff_id=by.staff_id,
            attended=True,
            how=How.QR,
            by_account=by.account_id,
        )
        Participation.objects.bulk_create([row], ignore_conflicts=True)
    return row


def event_of_token(by: Asker, token: str) -> Event:
    """The event that the scanned code stands for.

    Raises ValidationError when the code is stale, the event has not begun, or it is not for the asker.
    """
    try:
        pk = signing.loads(token, salt=SALT, max_age=TOKEN_LASTS)
    except signing.SignatureExpired:
        raise ValidationError(_("签到码已经过期，请扫描活动页面上最新的签到码。")) from None
    except signing.BadSignature:
        raise ValidationError(_("签到码无效，请重新扫描。")) from None
    event = SIGN_IN_SELF.rows(by, Event.objects.all()).prefetch_related("scopes").filter(pk=pk).first()
    if event is None:
        raise ValidationError(_("没有找到这次活动，或者没有邀请您所在的单位。"))
    if not may_scan(event, moment()):
        raise ValidationError(_("活动还没有开始，请到现场再扫码签到。"))
    return event


def _write(
    by: Asker,
    event: Event,
    class_code: int,
    wanted: Mapping[tuple[UUID, UUID | None], bool | None],
    hours: Decimal | None,
) -> int:
    """Insert or change; in the order of ids, so that two teachers at once never wait for each other in a circle."""
    standing = {
        (row.student_id, row.guardian_id): row
        for row in Participation.objects.select_for_update()
        .filter(event=event, org=class_code, student__isnull=False, family=False)
        .order_by("id")
    }
    fresh, changed = [], []
    for (student, guardian), attended in wanted.items():
        row = standing.get((student, guardian))
        given = hours if attended else None
        if row is None:
            fresh.append(
                Participation(
                    event=event,
                    org=class_code,
                    student_id=student,
                    guardian_id=guardian,
                    attended=attended,
                    hours=given,
                    by_account=by.account_id,
                )
            )
        elif (row.attended, row.hours) != (attended, given):
            row.attended, row.hours, row.by_account = attended, given, by.account_id
            changed.append(row)
    Participation.objects.bulk_create(fresh, ignore_conflicts=True)
    Participation.objects.bulk_update(changed, ["attended", "hours", "by_account"])
    return len(fresh) + len(changed)
