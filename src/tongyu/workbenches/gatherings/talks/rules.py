"""Who offers talks, who books them, until when; how a day is cut into slots, and which slots are neighbours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from tongyu.core.access import Asker, Inside, OwnWard, Relation, Rule, Touching
from tongyu.core.clock import CHINA
from tongyu.directory.roles import ClassTeacher, GuardianRole, SchoolLeader, SubjectTeacher
from tongyu.workbenches.gatherings.talks.models import TalkClass

SCHOOL = (SchoolLeader, ClassTeacher, SubjectTeacher)
NEIGHBOURS = timedelta(minutes=15)
"""Talks about two children with at most so much time between them are back to back."""


@dataclass(frozen=True)
class OwnDay(Relation):
    """Offered by the asker's own body; a school's leader also acts for the classes of the school."""

    def filter(self, asker: Asker) -> Q:
        return Q(org__gte=asker.lo, org__lt=asker.hi)

    def holds(self, asker: Asker, row: Any) -> bool:
        return asker.reaches(row.org)


@dataclass(frozen=True)
class OwnDesk(Relation):
    """The teacher's own desk (slot, booking), or one of a day that the asker's own body offers."""

    def filter(self, asker: Asker) -> Q:
        return Q(staff_account=asker.account_id) | self._of_school(asker)

    def holds(self, asker: Asker, row: Any) -> bool:
        if row.staff_account == asker.account_id:
            return True
        return asker.role is SchoolLeader and asker.reaches(row.org)

    @staticmethod
    def _of_school(asker: Asker) -> Q:
        if asker.role is not SchoolLeader:
            return Q(pk__in=[])
        return Q(org__gte=asker.lo, org__lt=asker.hi)


@dataclass(frozen=True)
class Receives(Relation):
    """A desk that receives the class of an own child, or the child itself."""

    def filter(self, asker: Asker) -> Q:
        meant = Q(pk__in=[])
        for ward in asker.wards:
            asked = Q(student__isnull=True) | Q(student=ward.student_id)
            rows = TalkClass.objects.filter(asked, lo__lte=ward.org, hi__gt=ward.org)
            meant |= Q(pk__in=rows.values("desk_id"))
        return meant

    def holds(self, asker: Asker, row: Any) -> bool:
        classes = list(row.classes.all())
        return any(receives(classes, ward.org, ward.student_id) for ward in asker.wards)


OFFER = Rule("talks.offer", (SchoolLeader, ClassTeacher), OwnDay())
SEE_DAY = Rule("talks.see", SCHOOL, Touching("org", "lo", "hi"))
KEEP_DESK = Rule("talks.keep_desk", SCHOOL, OwnDesk())
FAMILY_DESK = Rule("talks.family", (GuardianRole,), Receives())
OWN_BOOKING = Rule("talks.own_booking", (GuardianRole,), OwnWard())
PUPILS = Rule("talks.pupils", SCHOOL, Inside())


def receives(classes: Iterable[TalkClass], org: int, student: Any) -> bool:
    """Whether a teacher with these rows receives the family of that child in that class."""
    return any(row.lo <= org < row.hi and row.student_id in (None, student) for row in classes)


def cut(
    day: date, starts: time, ends: time, minutes: int, pause: int, rest: tuple[time, time] | None = None
) -> list[tuple[datetime, datetime]]:
    """The slots of a stretch of one day, `minutes` long with `pause` between them; none touches `rest`.

    Raises ValidationError by field when nothing fits, or when the figures make no sense.
    """
    faults = {}
    if ends <= starts:
        faults["ends"] = _("结束时间应晚于开始时间。")
    if not 5 <= minutes <= 120:
        faults["minutes"] = _("每家谈 5 到 120 分钟。")
    if not 0 <= pause <= 60:
        faults["pause"] = _("间隔 0 到 60 分钟。")
    if rest and rest[1] <= rest[0]:
        faults["rest_until"] = _("休息的结束应晚于开始。")
    if faults:
        raise ValidationError(faults)
    at, end = (datetime.combine(day, each, CHINA) for each in (starts, ends))
    breaks = tuple(datetime.combine(day, each, CHINA) for each in rest) if rest else None
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + pause)
    found = []
    while at + length <= end:
        if breaks and at < breaks[1] and at + length > breaks[0]:
            at = breaks[1]
            continue
        found.append((at, at + length))
        at += step
    if not found:
        raise ValidationError({"ends": _("这段时间里放不下一次面谈。")})
    return found


class Timed(Protocol):
    """Anything with a beginning and an end."""

    starts_at: datetime
    ends_at: datetime


Slot = TypeVar("Slot", bound=Timed)


def neighbours(first: Sequence[Slot], second: Sequence[Slot], most: int = 4) -> list[tuple[Slot, Slot]]:
    """Pairs of slots, one of each, without overlap and at most `NEIGHBOURS` apart, the earliest first."""
    pairs = [(one, other) for one in first for other in second if _gap(one, other) is not None]
    pairs.sort(key=lambda pair: (min(each.starts_at for each in pair), _gap(*pair), pair[0].starts_at))
    return pairs[:most]


def _gap(one: Timed, other: Timed) -> timedelta | None:
    before, after = sorted((one, other), key=lambda each: each.starts_at)
    gap = after.starts_at - before.ends_at
    return gap if timedelta(0) <= gap <= NEIGHBOURS else None
