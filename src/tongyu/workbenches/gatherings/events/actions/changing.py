"""What may happen to an event that is on record: it took place, was cancelled, is corrected or taken back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import moment, now
from tongyu.records import life
from tongyu.workbenches.gatherings.events.actions import telling
from tongyu.workbenches.gatherings.events.actions.entering import check_day, check_times, check_took_place
from tongyu.workbenches.gatherings.events.actions.places import places
from tongyu.workbenches.gatherings.events.models import Event, Status
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT, still_open


@transaction.atomic
def hold_event(
    *,
    by: Asker,
    event: Event,
    occurred_on: date | None = None,
    participants: int | None = None,
    hours: Decimal | None = None,
    summary: str = "",
    share: bool = False,
) -> Event:
    """Say that a planned event took place; a second tap with the same words changes nothing.

    With `share` the families that were invited read the summary.
    """
    PLAN_EVENT.check(by, event)
    with life.changing(event.kind_key, [event.pk]):
        locked = Event.objects.select_for_update().get(pk=event.pk)
        if locked.withdrawn_at is not None or locked.status is Status.CANCELLED:
            raise ValidationError(_("这次活动已经取消或撤回，不能再确认举行。"))
        if locked.status is Status.HELD:
            return _unless_different(locked, participants, hours, summary)
        locked.occurred_on = occurred_on or locked.occurred_on
        check_day(locked.occurred_on)
        check_took_place(locked.occurred_on)
        locked.participants, locked.hours, locked.summary = participants, hours, summary.strip()
        locked.held_at = now()
        locked.shared_at = locked.held_at if share and locked.summary and locked.invited_at else None
        locked.version += 1
        locked.full_clean(validate_unique=False, validate_constraints=False)
        locked.save()
    return locked


@transaction.atomic
def cancel_event(*, by: Asker, event: Event, reason: str) -> Event:
    """Call a planned event off. One that took place is withdrawn instead."""
    PLAN_EVENT.check(by, event)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因。")})
    with life.changing(event.kind_key, [event.pk]):
        locked = Event.objects.select_for_update().get(pk=event.pk)
        if locked.status is Status.CANCELLED:
            return locked
        if locked.status is Status.HELD or locked.withdrawn_at is not None:
            raise ValidationError(_("这次活动已经举行或撤回，不能取消；如登记有误，请撤回记录。"))
        locked.cancelled_at, locked.cancel_reason = now(), reason.strip()[:200]
        locked.version += 1
        locked.save(update_fields=["cancelled_at", "cancel_reason", "version"])
        if locked.invited_at is not None:
            telling.tell_off(locked, by, locked.cancel_reason)
    return locked


@transaction.atomic
def correct_event(
    *,
    by: Asker,
    event: Event,
    version: int,
    reason: str,
    changes: dict[str, Any],
    scopes: Iterable[int] | None = None,
    co_organisers: Iterable[int] = (),
    organizer: str = "",
) -> Event:
    """Change what was entered, with a reason. `scopes` None leaves scopes and organisers as they are.

    Families that were invited to what is still to come are told of another day, hour or place; those of places that
    are added are invited.
    """
    PLAN_EVENT.check(by, event)
    day = changes.get("occurred_on", event.occurred_on)
    check_day(day)
    if event.held_at is not None:
        check_took_place(day)
    check_times(changes.get("starts_at", event.starts_at), changes.get("ends_at", event.ends_at))
    where = None
    if scopes is not None:
        where = places(by=by, org=event.org, scopes=scopes, co_organisers=co_organisers, organizer=organizer)
    with life.changing(event.kind_key, [event.pk]):
        corrected = life.correct(event, by=by, reason=reason, version=version, changes=changes)
        if where is not None:
            where.rewrite(corrected)
    if still_open(corrected, moment()):
        if _told_of(event) != _told_of(corrected):
            telling.tell_changed(corrected, by)
        if where is not None:
            telling.tell_invited(corrected, by)
    return corrected


@transaction.atomic
def withdraw_event(*, by: Asker, event: Event, version: int, reason: str) -> Event:
    """Take the record back; it stays readable and proves nothing."""
    PLAN_EVENT.check(by, event)
    was_open = still_open(event, moment())
    withdrawn = life.withdraw(event, by=by, reason=reason, version=version)
    if was_open:
        telling.tell_off(withdrawn, by, "")
    return withdrawn


def _told_of(event: Event) -> tuple[Any, ...]:
    """What families go by."""
    return event.occurred_on, event.starts_at, event.place


def _unless_different(event: Event, participants: int | None, hours: Decimal | None, summary: str) -> Event:
    said = (event.participants, event.hours, event.summary)
    if said != (participants, hours, summary.strip()):
        raise ValidationError(_("这次活动已经确认举行。要修改人数或小结，请用“更正”。"))
    return event
