"""Families at the door, by child: taps of the teacher (with or without network), paper, a guardian's own scan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import moment, now, today
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import hold
from tongyu.directory.models import Body
from tongyu.records import life
from tongyu.workbenches.gatherings.events.actions.signing_in import event_of_token
from tongyu.workbenches.gatherings.events.models import Event, FollowUp, How, Participation, SignInTap, Way
from tongyu.workbenches.gatherings.events.queries import families_of_class, pupils_of_class
from tongyu.workbenches.gatherings.events.rules import SEE_EVENT, SIGN_IN_LIST, has_begun, wards_in

MOST_TAPS = 200
STORED, KNOWN, REFUSED = "stored", "known", "refused"


@dataclass(frozen=True)
class Tap:
    """What one tap on the list said: `attended` is yes, no, or None for not recorded."""

    id: UUID
    student: UUID
    attended: bool | None
    tapped_at: datetime | None = None


@transaction.atomic
def take_taps(*, by: Asker, event: Event, class_code: int, taps: Iterable[Tap], how: str) -> dict[UUID, str]:
    """Taps in the order they were made → what became of each: stored, known (sent before), or refused.

    Each is decided by itself; one that is refused (no pupil of the class, an id used for something else) keeps no
    other from being stored. What was stored once is never applied a second time, so that a late repetition does not
    overwrite what somebody said since. Raises ValidationError when the event is off or the list too long.
    """
    taps = list(taps)
    if len(taps) > MOST_TAPS:
        raise ValidationError(_("一次最多保存 %d 条，请分几次。") % MOST_TAPS)
    with life.changing(event.kind_key, [event.pk]):
        locked = _at_the_door(by, event, class_code)
        pupils = set(pupils_of_class(class_code, locked.occurred_on).values_list("student_id", flat=True))
        known = {row.pk: row for row in SignInTap.objects.filter(pk__in=[tap.id for tap in taps])}
        became: dict[UUID, str] = {}
        fresh: dict[UUID, SignInTap] = {}
        for tap in taps:
            standing = known.get(tap.id) or fresh.get(tap.id)
            if standing is not None:
                became[tap.id] = KNOWN if _same(standing, tap, event, by) else REFUSED
            elif tap.student not in pupils:
                became[tap.id] = REFUSED
            else:
                fresh[tap.id] = _row(by, locked, class_code, tap, how)
                became[tap.id] = STORED
        for tap_id in _insert(fresh):
            became[tap_id] = REFUSED  # an id that stands out of the asker's sight
            del fresh[tap_id]
        _mark(locked, class_code, {row.student_id: row.attended for row in fresh.values()}, by, how)
    return became


@transaction.atomic
def mark_families(
    *, by: Asker, event: Event, class_code: int, marks: Mapping[UUID, bool | None], rest: bool | None = None,
    how: str = How.LIST,
) -> int:  # fmt: skip
    """The same without taps: child → yes, no or not recorded; `rest` for every child of whom nothing is recorded."""
    with life.changing(event.kind_key, [event.pk]):
        locked = _at_the_door(by, event, class_code)
        wanted: dict[UUID, bool | None] = {}
        for family in families_of_class(locked, class_code, today()):
            said = marks.get(family.student, family.present)
            said = rest if said is None and rest is not None else said
            if said is not family.present:
                wanted[family.student] = said
        _mark(locked, class_code, wanted, by, how)
    return len(wanted)


@transaction.atomic
def sign_in_guardian(*, by: Asker, token: str) -> Event:
    """Record that the guardian who scanned was there, for every own child the event is for. Scanning twice is one.

    Raises ValidationError for a stale code, and when the event is off.
    """
    event = event_of_token(by, token)
    wards = [hold(by, ward.student_id) for ward in wards_in(by, event)]
    if not event.stands or not wards:
        raise ValidationError(_("这次活动已经取消或撤回，不能签到。"))
    with acting(everywhere()), life.changing(event.kind_key, [event.pk]):
        Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        for ward in wards:
            said = {"attended": True, "how": How.QR, "by_account": by.account_id}
            Participation.objects.update_or_create(
                event=event,
                student_id=ward.student_id,
                guardian_id=ward.guardian_id,
                defaults=said,
                create_defaults={"id": uuid7(), "org": ward.org, **said},
            )
    return event


@transaction.atomic
def tell_absent(*, by: Asker, event: Event, class_code: int, students: Iterable[UUID], way: str) -> int:
    """Tick how absent families were told what the meeting was about; returns how many are told anew.

    Only families recorded as absent are taken; another way for the same family replaces the first. Raises
    ValidationError before the event has begun.
    """
    if way not in Way.values:
        raise ValidationError({"way": _("请选择是怎么告知的。")})
    locked = _at_the_door(by, event, class_code)
    if not has_begun(locked, moment()):
        raise ValidationError(_("活动还没有开始，到时再登记。"))
    wanted = set(students)
    absent = [f for f in families_of_class(locked, class_code, today()) if f.present is False]
    rows = [
        FollowUp(
            id=uuid7(),
            event=locked,
            org=class_code,
            student_id=family.student,
            way=way,
            by_account=by.account_id,
            at=now(),
        )
        for family in absent
        if family.student in wanted and family.followed_up != way
    ]
    FollowUp.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["event", "student"],
        update_fields=["way", "by_account", "at"],
    )
    return len(rows)


def _at_the_door(by: Asker, event: Event, class_code: int) -> Event:
    """The event, locked, after the checks; two teachers of one meeting write one after the other."""
    SEE_EVENT.check(by, event)
    SIGN_IN_LIST.check(by, Body.objects.get(code=class_code))
    locked = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if not any(scope.lo <= class_code < scope.hi for scope in locked.scopes.all()):
        raise ValidationError(_("这次活动不是为这个班举行的。"))
    if not locked.stands or not locked.with_parents:
        raise ValidationError(_("这次活动已经取消或撤回，或者没有家长参加，不能登记家庭到场。"))
    return locked


def _row(by: Asker, event: Event, class_code: int, tap: Tap, how: str) -> SignInTap:
    return SignInTap(
        id=tap.id,
        event=event,
        org=class_code,
        student_id=tap.student,
        attended=tap.attended,
        how=how,
        tapped_at=tap.tapped_at,
        received_at=now(),
        by_account=by.account_id,
    )


def _same(row: SignInTap, tap: Tap, event: Event, by: Asker) -> bool:
    said = (tap.student, tap.attended, event.pk, by.account_id)
    return (row.student_id, row.attended, row.event_id, row.by_account) == said


def _insert(fresh: Mapping[UUID, SignInTap]) -> list[UUID]:
    """Insert what is new; returns the ids that stand already somewhere out of sight. The event's lock is held."""
    SignInTap.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    stored = set(SignInTap.objects.filter(pk__in=list(fresh)).values_list("pk", flat=True))
    return [tap for tap in fresh if tap not in stored]


def _mark(event: Event, class_code: int, wanted: Mapping[UUID, bool | None], by: Asker, how: str) -> None:
    """Write what is known of each family on the row without a guardian; a no and an open mark hold for all rows."""
    rows = Participation.objects.filter(event=event, org=class_code, student__in=list(wanted))
    adults = [row for row in rows if row.family or row.guardian_id]
    changed = []
    for row in adults:
        said = wanted[row.student_id]  # type: ignore[index]
        if row.attended is not said and (row.family or said is not True):
            row.attended, row.how, row.by_account = said, how, by.account_id
            changed.append(row)
    present = {row.student_id for row in adults if row.family}
    fresh = [
        Participation(
            event=event,
            org=class_code,
            student_id=student,
            family=True,
            attended=said,
            how=how,
            by_account=by.account_id,
        )
        for student, said in wanted.items()
        if student not in present and said is not None
    ]
    Participation.objects.bulk_update(changed, ["attended", "how", "by_account"])
    Participation.objects.bulk_create(fresh)
