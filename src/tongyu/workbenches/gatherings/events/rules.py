"""Who sees events, who plans them, who records who was there; until when families answer, and what they said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from tongyu.core.access import Asker, Inside, OwnWard, Relation, Rule
from tongyu.core.clock import CHINA
from tongyu.directory.codes import WIDTH, containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.roles import (
    ClassTeacher,
    DepartmentStaff,
    GuardianRole,
    OfficeStaff,
    SchoolLeader,
    SubjectTeacher,
    TownshipStaff,
)
from tongyu.workbenches.gatherings.events.models import Event, EventOrganiser, EventScope, Says

EARLY = timedelta(hours=1)
ORGANISING = (ClassTeacher, SchoolLeader, TownshipStaff, DepartmentStaff, OfficeStaff)


@dataclass(frozen=True)
class Concerned(Relation):
    """Recorded inside the asker's range, meant for a place that the range touches, or organised by one inside it."""

    def filter(self, asker: Asker) -> Q:
        meant = EventScope.objects.filter(lo__lt=asker.hi, hi__gt=asker.lo)
        organised = EventOrganiser.objects.filter(body__gte=asker.lo, body__lt=asker.hi)
        return (
            Q(org__gte=asker.lo, org__lt=asker.hi)
            | Q(pk__in=meant.values("event_id"))
            | Q(pk__in=organised.values("event_id"))
        )

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.reaches(row.org):
            return True
        if row.scopes.filter(lo__lt=asker.hi, hi__gt=asker.lo).exists():
            return True
        return bool(row.organisers.filter(body__gte=asker.lo, body__lt=asker.hi).exists())


@dataclass(frozen=True)
class OwnPlace(Relation):
    """Recorded under the asker's own body; a school's leader also acts for the classes of the school."""

    def filter(self, asker: Asker) -> Q:
        if asker.role is SchoolLeader:
            return Q(org__gte=asker.lo, org__lt=asker.hi)
        return Q(org=asker.body_code)

    def holds(self, asker: Asker, row: Any) -> bool:
        if asker.role is SchoolLeader:
            return asker.reaches(row.org)
        return bool(row.org == asker.body_code)


@dataclass(frozen=True)
class Invited(Relation):
    """An event to which the families were invited, for a place that holds the class of an own child."""

    def filter(self, asker: Asker) -> Q:
        meant = Q(pk__in=[])
        for org in {ward.org for ward in asker.wards}:
            meant |= Q(pk__in=EventScope.objects.filter(lo__lte=org, hi__gt=org).values("event_id"))
        return Q(invited_at__isnull=False, withdrawn_at__isnull=True) & meant

    def holds(self, asker: Asker, row: Any) -> bool:
        return row.invited_at is not None and row.withdrawn_at is None and bool(wards_in(asker, row))


@dataclass(frozen=True)
class ConcernedOrInvited(Relation):
    """`Concerned` for who works at a place, `Invited` for a guardian."""

    def filter(self, asker: Asker) -> Q:
        return self._of(asker).filter(asker)

    def holds(self, asker: Asker, row: Any) -> bool:
        return self._of(asker).holds(asker, row)

    @staticmethod
    def _of(asker: Asker) -> Relation:
        return Invited() if asker.role is GuardianRole else Concerned()


SEE_EVENT = Rule("event.see", (*ORGANISING, SubjectTeacher), Concerned())
PLAN_EVENT = Rule("event.plan", ORGANISING, OwnPlace())
SIGN_IN_LIST = Rule("event.sign_in_list", (ClassTeacher, SchoolLeader), Inside("code"))
"""The row is the class whose pupils and families are ticked off, told afterwards, answered."""
SIGN_IN_SELF = Rule("event.sign_in_self", (*ORGANISING, SubjectTeacher, GuardianRole), ConcernedOrInvited())
FAMILY_EVENT = Rule("event.family", (GuardianRole,), Invited())
ANSWER_QUESTION = Rule("event.answer_question", (ClassTeacher, SchoolLeader), Inside("org"))
OWN_QUESTION = Rule("event.own_question", (GuardianRole,), OwnWard())


def wards_in(asker: Asker, event: Event) -> list[Any]:
    """The guardian's children whose class the event is for."""
    scopes = list(event.scopes.all())
    return [ward for ward in asker.wards if any(scope.lo <= ward.org < scope.hi for scope in scopes)]


def may_confirm(asker: Asker, event: Event) -> Any:
    """The own child for whom the guardian may say whether a meeting of its school took place; None for no child."""
    if event.held_at is None or not event.stands:
        return None
    school = containing(event.org, BodyKind.SCHOOL)
    own = [ward for ward in wards_in(asker, event) if containing(ward.org, BodyKind.SCHOOL) == school]
    return own[0] if own else None


def may_invite(event: Event) -> bool:
    """Families are invited to what parents take part in, by class, grade or school; not a whole township."""
    wide = any(scope.hi - scope.lo > WIDTH[BodyKind.SCHOOL] for scope in event.scopes.all())
    return event.with_parents and event.stands and event.held_at is None and not wide


def still_open(event: Event, at: datetime) -> bool:
    """Whether families may still answer: until it starts; without a time, until the day is over."""
    if not event.stands or event.held_at is not None or event.invited_at is None:
        return False
    if event.starts_at is not None:
        return at < event.starts_at
    return at.astimezone(CHINA).date() <= event.occurred_on


def has_begun(event: Event, at: datetime) -> bool:
    """Whether who was there can be known: it was held, its hour has come, or (without a time) its day."""
    if event.held_at is not None:
        return True
    if event.starts_at is not None:
        return at >= event.starts_at
    return at.astimezone(CHINA).date() >= event.occurred_on


def may_scan(event: Event, at: datetime) -> bool:
    """Whether the code at the door counts: from an hour before it begins, on its day, or once it was held."""
    early = event.starts_at is not None and at >= event.starts_at - EARLY
    return early or has_begun(event, at)


COMING, NOT_COMING, DIVIDED, SILENT = "coming", "not_coming", "divided", "silent"


def family_says(answers: Iterable[str]) -> str:
    """What a child's family says, from its guardians' answers: two that differ are a state of their own."""
    comes = {answer != Says.NO for answer in answers}
    if not comes:
        return SILENT
    if len(comes) == 2:
        return DIVIDED
    return COMING if True in comes else NOT_COMING


def family_was_there(marks: Collection[bool | None]) -> bool | None:
    """Whether a child's family was there: one of its adults was; none was; or nobody recorded it."""
    if True in marks:
        return True
    return False if False in marks else None
