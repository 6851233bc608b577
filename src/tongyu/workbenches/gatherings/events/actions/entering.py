"""Enter an event: before it takes place, or afterwards in one go."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.ids import uuid7
from tongyu.records.entering import enter
from tongyu.workbenches.gatherings.events.actions.places import places
from tongyu.workbenches.gatherings.events.models import Event
from tongyu.workbenches.gatherings.events.models.types import BY_KEY
from tongyu.workbenches.gatherings.events.rules import PLAN_EVENT

FIRST_DAY = date(2015, 1, 1)
YEARS_AHEAD = 2


@transaction.atomic
def plan_event(
    *,
    by: Asker,
    type: str,
    occurred_on: date,
    id: UUID | None = None,
    title: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
    scopes: Iterable[int] | None = None,
    co_organisers: Iterable[int] = (),
    organizer: str = "",
    with_parents: bool = False,
    expected: int | None = None,
    summary: str = "",
    entered_at: datetime | None = None,
) -> Event:
    """Put an event on the calendar under the asker's body. It proves nothing until it was held."""
    return _enter(
        by=by,
        id=id,
        scopes=scopes,
        co_organisers=co_organisers,
        organizer=organizer,
        type=type,
        occurred_on=occurred_on,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        with_parents=with_parents,
        expected=expected,
        summary=summary,
        entered_at=entered_at,
    )


@transaction.atomic
def record_held(
    *,
    by: Asker,
    type: str,
    occurred_on: date,
    id: UUID | None = None,
    title: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
    scopes: Iterable[int] | None = None,
    co_organisers: Iterable[int] = (),
    organizer: str = "",
    with_parents: bool = False,
    participants: int | None = None,
    hours: Decimal | None = None,
    summary: str = "",
    entered_at: datetime | None = None,
) -> Event:
    """Enter an event that took place, in one go."""
    check_took_place(occurred_on)
    return _enter(
        by=by,
        id=id,
        scopes=scopes,
        co_organisers=co_organisers,
        organizer=organizer,
        type=type,
        occurred_on=occurred_on,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        with_parents=with_parents,
        participants=participants,
        hours=hours,
        summary=summary,
        entered_at=entered_at,
        held_at=entered_at or now(),
    )


def check_took_place(day: date) -> None:
    """Raise when the day is still to come."""
    if day > today():
        raise ValidationError({"occurred_on": _("这一天还没有到。请先保存为计划，举行之后再确认。")})


def check_day(day: date) -> None:
    """Raise when the day is no plausible day of an event."""
    if not FIRST_DAY <= day <= date(today().year + YEARS_AHEAD, 12, 31):
        raise ValidationError({"occurred_on": _("请核对日期，年份不对。")})


def check_times(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raise when the end comes before the start."""
    if ends_at is not None and (starts_at is None or ends_at <= starts_at):
        raise ValidationError({"ends_at": _("结束时间应晚于开始时间。")})


def _enter(
    *,
    by: Asker,
    id: UUID | None,
    scopes: Iterable[int] | None,
    co_organisers: Iterable[int],
    organizer: str,
    **fields: Any,
) -> Event:
    PLAN_EVENT.check(by)
    if fields["type"] not in BY_KEY:
        raise ValidationError({"type": _("请选择活动类型。")})
    check_day(fields["occurred_on"])
    check_times(fields["starts_at"], fields["ends_at"])
    fields["title"] = fields["title"].strip() or str(BY_KEY[fields["type"]].name)
    where = places(by=by, org=by.body_code, scopes=scopes, co_organisers=co_organisers, organizer=organizer)
    event, _created = enter(Event(id=id or uuid7(), **fields), by=by, parts=where.write)
    return event
