"""What can be done with committees: elect, renew the term, change members, dissolve, withdraw."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.ids import uuid7
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.reorganising.after import Reorganised
from tongyu.directory.rollover.after import Event, Kept
from tongyu.records import life
from tongyu.records.entering import enter
from tongyu.workbenches.families.committees.models import (
    LEVEL_OF,
    Committee,
    Decision,
    Meeting,
    Member,
    Office,
    Proposal,
)
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE

LONGEST_TERM = timedelta(days=6 * 366)
MOST_MEMBERS = 60


@dataclass(frozen=True)
class NewMember:
    """A member to be; `from_day` None means from the day of the election (or of the change)."""

    name: str
    office: str = Office.MEMBER
    relation: str = ""
    from_day: date | None = None
    guardian_id: UUID | None = None
    student_id: UUID | None = None


@transaction.atomic
def elect_committee(
    *,
    by: Asker,
    body: int,
    elected_on: date,
    until_day: date,
    members: Iterable[NewMember],
    id: UUID | None = None,
    charter: str = "",
    seats: int | None = None,
    entered_at: datetime | None = None,
) -> Committee:
    """Put a committee on record at a school, grade or class; its level follows from the body."""
    place = Body.objects.filter(code=body).first()
    if place is None or BodyKind(place.kind) not in LEVEL_OF:
        raise ValidationError({"body": _("请选择学校、年级或班级。")})
    KEEP_COMMITTEE.check(by, place)
    _check_term(elected_on, until_day)
    people = _checked(members)
    committee = Committee(
        id=id or uuid7(),
        org=place.code,
        hi=place.hi,
        level=LEVEL_OF[BodyKind(place.kind)],
        occurred_on=elected_on,
        until_day=until_day,
        charter=charter.strip(),
        seats=seats,
        entered_at=entered_at,
    )
    with _one_in_office():
        committee, _created = enter(
            committee, by=by, org=place.code, parts=lambda new: _add(new, people, elected_on)
        )
    return committee


@transaction.atomic
def renew_term(
    *,
    by: Asker,
    committee: Committee,
    elected_on: date,
    until_day: date,
    members: Iterable[NewMember],
    id: UUID | None = None,
    charter: str | None = None,
    seats: int | None = None,
) -> Committee:
    """Elect the next committee of the same body; what is left of the old term ends on the day of the election."""
    KEEP_COMMITTEE.check(by, committee)
    if id is not None and Committee.objects.filter(pk=id).exists():
        return Committee.objects.get(pk=id)
    if elected_on <= committee.occurred_on:
        raise ValidationError({"elected_on": _("换届日期应晚于上一届的选举日期。")})
    with life.changing(committee.kind_key, [committee.pk]):
        old = Committee.objects.select_for_update().get(pk=committee.pk)
        if old.withdrawn_at is None and elected_on < old.ends_on:
            old.dissolved_on = elected_on
            old.version += 1
            old.save(update_fields=["dissolved_on", "version"])
    new = elect_committee(
        by=by,
        id=id,
        body=committee.org,
        elected_on=elected_on,
        until_day=until_day,
        members=members,
        charter=old.charter if charter is None else charter,
        seats=seats,
    )
    _hand_over(old, new)
    return new


@transaction.atomic
def change_members(
    *,
    by: Asker,
    committee: Committee,
    version: int,
    reason: str,
    on: date,
    leaving: Iterable[UUID] = (),
    joining: Iterable[NewMember] = (),
    offices: Mapping[UUID, str] | None = None,
) -> Committee:
    """From the day `on`: members leave, others join, some take another office. Says why; the old list is kept."""
    KEEP_COMMITTEE.check(by, committee)
    if not committee.occurred_on <= on <= today() or on >= committee.ends_on:
        raise ValidationError({"on": _("变动日期应在本届任期之内，且不晚于今天。")})
    people = _checked(joining, whole=False)
    with life.changing(committee.kind_key, [committee.pk]):
        corrected = life.correct(committee, by=by, reason=reason, version=version, changes={})
        standing = {member.pk: member for member in corrected.members.filter(until_day__isnull=True)}
        _take_leave([standing[pk] for pk in leaving if pk in standing], on)
        moving = [
            (standing[pk], office)
            for pk, office in (offices or {}).items()
            if pk in standing and standing[pk].until_day is None and office != standing[pk].office
        ]
        _take_leave([member for member, _office in moving], on)
        people += [
            NewMember(
                member.name,
                office,
                member.relation,
                guardian_id=member.guardian_id,
                student_id=member.student_id,
            )
            for member, office in moving
        ]
        _add(corrected, people, on)
    return corrected


@transaction.atomic
def dissolve_committee(*, by: Asker, committee: Committee, version: int, reason: str, on: date) -> Committee:
    """End the term of office before its time."""
    KEEP_COMMITTEE.check(by, committee)
    if not committee.occurred_on <= on <= today() or on >= committee.ends_on:
        raise ValidationError({"on": _("终止日期应在本届任期之内，且不晚于今天。")})
    return life.correct(committee, by=by, reason=reason, version=version, changes={"dissolved_on": on})


@transaction.atomic
def correct_committee(
    *, by: Asker, committee: Committee, version: int, reason: str, changes: dict[str, Any]
) -> Committee:
    """Mend dates or the charter that were entered wrongly; founding members begin with the mended day."""
    KEEP_COMMITTEE.check(by, committee)
    _check_term(
        changes.get("occurred_on", committee.occurred_on), changes.get("until_day", committee.until_day)
    )
    with _one_in_office(), life.changing(committee.kind_key, [committee.pk]):
        elected_before = committee.occurred_on
        corrected = life.correct(committee, by=by, reason=reason, version=version, changes=changes)
        corrected.members.filter(from_day=elected_before).update(from_day=corrected.occurred_on)
        return corrected


@transaction.atomic
def withdraw_committee(*, by: Asker, committee: Committee, version: int, reason: str) -> Committee:
    """Take the record back; it stays readable and proves nothing."""
    KEEP_COMMITTEE.check(by, committee)
    return life.withdraw(committee, by=by, reason=reason, version=version)


def end_terms(event: Event) -> None:
    """The committees of cohorts and classes that graduate are in office up to the day; what stood before is kept."""
    for committee in _in_office_at(event.closed, event.day).filter(occurred_on__lt=event.day):
        before = {"dissolved_on": committee.dissolved_on and committee.dissolved_on.isoformat()}
        after = {"dissolved_on": event.day.isoformat()}
        event.kept.append(Kept(Committee.kind_key, str(committee.pk), committee.org, before, after))
        _end_on(committee, event.day, by=event.by, reason=_("班级毕业，任期结束"))


def take_up_terms(event: Event) -> None:
    """The roll-over was undone: the terms that it ended, and that nobody ended since, go on."""
    days = {one.row_id: (one.before or {}).get("dissolved_on") for one in event.of(Committee.kind_key)}
    rows = Committee.objects.select_for_update().filter(pk__in=list(days), dissolved_on=event.day)
    for committee in rows.order_by("pk"):
        before = days[str(committee.pk)]
        until = date.fromisoformat(before) if before else None
        _end_on(committee, until, by=event.by, reason=_("升级结转已撤销，任期继续"))


def follow_reorganisation(event: Reorganised) -> None:
    """A committee goes on with its class under the other school, for the rest of its term; nobody enters it again.

    That of a school or grade which closes for good ends with it.
    """
    word = _("学校调整（%(paper)s）") % {"paper": event.paper}
    for committee in _in_office_at(event.closed, event.day):
        _end_on(committee, event.day, by=event.by, reason=word)
    places = {body.code: body for body in Body.objects.filter(code__in=event.successors.values())}
    for committee in _in_office_at(event.successors, event.day):
        people = list(committee.members.filter(Q(until_day=None) | Q(until_day__gt=event.day)))
        _end_on(committee, event.day, by=event.by, reason=word)
        _go_on(committee, places[event.successors[committee.org]], people, event)


def _go_on(committee: Committee, place: Body, people: Iterable[Member], event: Reorganised) -> None:
    """The same committee at another place, from the day."""
    new = Committee(
        id=uuid7(),
        hi=place.hi,
        level=committee.level,
        occurred_on=event.day,
        until_day=committee.until_day,
        charter=committee.charter,
        seats=committee.seats,
    )
    life.sign(new, by=event.by, org=place.code)
    new.save(force_insert=True)
    Member.objects.bulk_create(
        Member(
            committee=new,
            org=new.org,
            name=one.name,
            relation=one.relation,
            office=one.office,
            from_day=max(one.from_day, event.day),
            until_day=one.until_day,
            guardian_id=one.guardian_id,
            student_id=one.student_id,
        )
        for one in people
    )
    _hand_over(committee, new)


def _hand_over(old: Committee, new: Committee) -> None:
    """What is open goes on with the new committee: tasks, proposals without an answer, meetings to come."""
    to = {"committee": new, "org": new.org}
    Decision.objects.filter(committee=old, done_on=None).update(**to, meeting=None)
    Proposal.objects.filter(committee=old, answered_on=None).update(**to)
    Meeting.objects.filter(committee=old, held_on__gt=today(), decisions=None).update(**to)


def _in_office_at(bodies: Iterable[int], day: date) -> QuerySet[Committee]:
    rows = Committee.objects.filter(
        org__in=list(bodies), withdrawn_at=None, occurred_on__lte=day, until_day__gt=day
    )
    rows = rows.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day))
    return rows.order_by("pk").select_for_update()


def _end_on(committee: Committee, day: date | None, *, by: Asker, reason: str) -> None:
    """Not through `life.correct`: all duties are recomputed after a roll-over, and a school's refresh for each of a
    county's committees would take longer than the rest of it."""
    life.remember(committee, by=by, reason=reason)
    committee.dissolved_on = day
    committee.version += 1
    committee.save(update_fields=["dissolved_on", "version"])


@contextmanager
def _one_in_office() -> Iterator[None]:
    """Turn the database's refusal of two committees at once into a message at the field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "committee_one_in_office":
            raise
        words = _("这段时间内已有一届家委会在任。请用“换届”，或先核对任期。")
        raise ValidationError({"elected_on": words}) from error


def _check_term(elected_on: date, until_day: date) -> None:
    if elected_on > today():
        raise ValidationError({"elected_on": _("选举日期还没有到。")})
    if elected_on.year < 2015:
        raise ValidationError({"elected_on": _("请核对选举日期，年份不对。")})
    if until_day <= elected_on:
        raise ValidationError({"until_day": _("任期届满日应晚于选举日期。")})
    if until_day - elected_on > LONGEST_TERM:
        raise ValidationError({"until_day": _("任期不应超过六年，请核对届满日。")})


def _checked(members: Iterable[NewMember], *, whole: bool = True) -> list[NewMember]:
    people = [member for member in members if member.name.strip()]
    if len(people) > MOST_MEMBERS:
        raise ValidationError({"members": _("成员不能超过 %(n)s 人。") % {"n": MOST_MEMBERS}})
    if any(len(member.name.strip()) > 60 or len(member.relation) > 40 for member in people):
        raise ValidationError({"members": _("成员姓名或与学生关系太长。")})
    if any(member.office not in Office.values for member in people):
        raise ValidationError({"members": _("请选择成员的职务。")})
    if whole and not people:
        raise ValidationError({"members": _("请至少填写一名成员。")})
    return people


def _add(committee: Committee, people: Iterable[NewMember], on: date) -> None:
    Member.objects.bulk_create(
        Member(
            committee=committee,
            org=committee.org,
            name=person.name.strip(),
            office=person.office,
            relation=person.relation.strip(),
            from_day=person.from_day or on,
            guardian_id=person.guardian_id,
            student_id=person.student_id,
        )
        for person in people
    )


def _take_leave(members: Iterable[Member], on: date) -> None:
    for member in members:
        member.until_day = max(on, member.from_day)
        member.save(update_fields=["until_day"])
