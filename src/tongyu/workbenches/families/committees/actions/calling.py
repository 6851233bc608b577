"""Call an election, mend its dates, cancel it; propose candidates, and agree to stand."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families.entitled import entitled
from tongyu.directory.families.guarding import hold
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.workbenches.families.committees.actions import telling
from tongyu.workbenches.families.committees.actions.terms import LONGEST_TERM
from tongyu.workbenches.families.committees.models import (
    LEVEL_OF,
    Candidate,
    Election,
    Standing,
    Voted,
)
from tongyu.workbenches.families.committees.queries.elections import moment
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE, OWN_COMMITTEE

LONGEST_VOTE = timedelta(days=31)
MOST_OWN_PROPOSALS = 5


@transaction.atomic
def call_election(
    *,
    by: Asker,
    body: int,
    vote_from: datetime,
    vote_until: datetime,
    seats: int,
    until_day: date,
    quorum: int = 50,
    note: str = "",
    id: UUID | None = None,
) -> Election:
    """Begin an election at a school, grade or class: guardians may propose until the vote opens.

    The same id sent again is the same election. Raises ValidationError by field, PermissionDenied out of reach.
    """
    place = Body.objects.filter(code=body).first()
    if place is None or BodyKind(place.kind) not in LEVEL_OF:
        raise ValidationError({"body": _("请选择学校、年级或班级。")})
    KEEP_COMMITTEE.check(by, place)
    standing = Election.objects.filter(pk=id).first() if id else None
    if standing is not None:
        return standing
    _check_dates(vote_from, vote_until)
    _check_numbers(seats, quorum, until_day)
    election = Election(
        id=id or uuid7(),
        org=place.code,
        hi=place.hi,
        level=LEVEL_OF[BodyKind(place.kind)],
        vote_from=vote_from,
        vote_until=vote_until,
        seats=seats,
        quorum=quorum,
        until_day=until_day,
        note=note.strip(),
        by_account=by.account_id,
        entered_at=now(),
    )
    try:
        with transaction.atomic():
            election.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("这里已有一次选举还没有结束。请先结束或取消它。")) from error
    telling.tell_called(election, by)
    return election


@transaction.atomic
def change_dates(*, by: Asker, election: Election, vote_from: datetime, vote_until: datetime) -> Election:
    """Other times for the vote; once somebody has voted only a later end."""
    locked = running(by, election)
    _check_dates(vote_from, vote_until, was=locked)
    with acting(everywhere()):
        begun = Voted.objects.filter(election=locked).exists()
    if begun and (vote_from != locked.vote_from or vote_until < locked.vote_until):
        raise ValidationError({"vote_until": _("已经有人投票，只能把截止时间往后推。")})
    if (locked.vote_from, locked.vote_until) != (vote_from, vote_until):
        locked.vote_from, locked.vote_until = vote_from, vote_until
        locked.save(update_fields=["vote_from", "vote_until"])
        telling.tell_dates(locked, by)
    return locked


@transaction.atomic
def cancel_election(*, by: Asker, election: Election, reason: str) -> Election:
    """End it without a result; nobody counts the ballots."""
    locked = running(by, election)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise ValidationError({"reason": _("请写明原因，不超过200个字。")})
    locked.cancelled_at, locked.cancelled_why = now(), reason
    locked.save(update_fields=["cancelled_at", "cancelled_why"])
    telling.tell_cancelled(locked, by)
    return locked


@transaction.atomic
def stand(*, by: Asker, election: Election, student: UUID | str, words: str = "") -> Candidate:
    """A guardian of a child of the place stands; who was proposed before has agreed by that. Twice is once."""
    ward = hold(by, student)
    locked = _proposing(by, election)
    if not locked.org <= ward.org < locked.hi:
        raise PermissionDenied(OWN_COMMITTEE.key)
    own = [one.guardian_id for one in by.wards if locked.org <= one.org < locked.hi]
    found = Candidate.objects.filter(election=locked, guardian_id__in=own).first()
    words = _words(words)
    if found is not None:
        found.state, found.words = Standing.ACCEPTED, words or found.words
        found.save(update_fields=["state", "words"])
        return found
    return _propose(
        locked, by, by.name, ward.name, (ward.guardian_id, ward.student_id), Standing.ACCEPTED, words
    )


@transaction.atomic
def propose(*, by: Asker, election: Election, student: UUID | str, name: str, child_name: str) -> None:
    """A guardian proposes another one, by both names; who that is stays with the school.

    The answer is the same whether or not the school's register knows them, so that nobody can find out who is whose
    parent. Raises ValidationError by field.
    """
    hold(by, student)
    locked = _proposing(by, election)
    name, child_name = _names(name, child_name)
    own = [ward.guardian_id for ward in by.wards]
    proposed = Candidate.objects.filter(election=locked, by_account=by.account_id).exclude(
        guardian_id__in=own
    )
    if proposed.count() >= MOST_OWN_PROPOSALS:
        raise ValidationError(_("每位家长最多提名 %(n)d 人。") % {"n": MOST_OWN_PROPOSALS})
    with acting(everywhere()):
        known = _known(locked, name, child_name)
        twice = Candidate.objects.filter(election=locked)
        if known:
            twice = twice.filter(guardian_id=known[0])
        else:
            twice = twice.filter(name=name, child_name=child_name, guardian_id=None)
        if twice.exists():
            return
    state = Standing.ASKED if known else Standing.UNKNOWN
    _propose(locked, by, name, child_name, known, state, "")


@transaction.atomic
def add_candidate(*, by: Asker, election: Election, name: str, child_name: str, how: str = "") -> Candidate:
    """The school enters somebody proposed on paper; `how` says how that guardian agreed, empty asks first."""
    locked = _before_vote(running(by, election))
    name, child_name = _names(name, child_name)
    known = _known(locked, name, child_name)
    if known is None:
        raise ValidationError({"name": _("名册里没有找到这位家长和孩子，或有重名。请核对两人的姓名。")})
    found = Candidate.objects.filter(election=locked, guardian_id=known[0]).first()
    state = Standing.ACCEPTED if how.strip() else Standing.ASKED
    if found is None:
        found = _propose(locked, by, name, child_name, known, state, "")
    return answer_for(by=by, candidate=found, agrees=True, how=how) if how.strip() else found


@transaction.atomic
def answer(*, by: Asker, candidate: Candidate, agrees: bool, words: str = "") -> Candidate:
    """The one who is proposed agrees to stand or does not; may think again until the vote opens."""
    OWN_COMMITTEE.check(by, candidate)
    ward = next((one for one in by.wards if one.guardian_id == candidate.guardian_id), None)
    if ward is None:
        raise PermissionDenied(OWN_COMMITTEE.key)
    hold(by, ward.student_id)
    _proposing(by, candidate.election)
    locked = Candidate.objects.select_for_update().get(pk=candidate.pk)
    locked.state = Standing.ACCEPTED if agrees else Standing.DECLINED
    locked.words = _words(words) if agrees else locked.words
    locked.save(update_fields=["state", "words"])
    return locked


@transaction.atomic
def answer_for(*, by: Asker, candidate: Candidate, agrees: bool, how: str) -> Candidate:
    """The school writes down what a guardian said who does not use the pages, and how (`how`).

    Somebody whom the register does not know cannot stand: the name is dropped, or entered anew.
    """
    _before_vote(running(by, candidate.election))
    how = how.strip()
    if not how or len(how) > 100:
        raise ValidationError({"how": _("请写明家长怎样答复的，如“11月20日当面同意”，不超过100个字。")})
    locked = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if locked.guardian_id is None and agrees:
        raise ValidationError({"how": _("名册里没有这位家长，不能列为候选人。请按名册上的姓名另行登记。")})
    if locked.guardian_id is None:
        locked.state = Standing.DROPPED
    else:
        locked.state = Standing.ACCEPTED if agrees else Standing.DECLINED
    locked.agreed_how = how
    locked.save(update_fields=["state", "agreed_how"])
    return locked


def running(by: Asker, election: Election) -> Election:
    """The election, locked, neither counted nor cancelled; for who keeps the committee."""
    KEEP_COMMITTEE.check(by, election)
    return still_running(election)


def still_running(election: Election) -> Election:
    """The election, locked: a vote and the closing wait for each other here."""
    locked = Election.objects.select_for_update().get(pk=election.pk)
    if locked.cancelled_at is not None:
        raise ValidationError(_("这次选举已经取消。"))
    if locked.closed_at is not None:
        raise ValidationError(_("投票已经结束。"))
    return locked


def _proposing(by: Asker, election: Election) -> Election:
    OWN_COMMITTEE.check(by, election)
    return _before_vote(still_running(election))


def _before_vote(election: Election) -> Election:
    if moment() >= election.vote_from:
        raise ValidationError(_("投票已经开始，候选人名单不能再变。"))
    return election


def _propose(
    election: Election,
    by: Asker,
    name: str,
    child_name: str,
    known: tuple[UUID, UUID] | None,
    state: str,
    words: str,
) -> Candidate:
    candidate = Candidate.objects.create(
        election=election,
        org=election.org,
        name=name,
        child_name=child_name,
        guardian_id=known and known[0],
        student_id=known and known[1],
        state=state,
        words=words,
        by_account=by.account_id,
        by_role=by.role.key,
        entered_at=now(),
    )
    if state == Standing.ASKED:
        telling.tell_asked(candidate)
    return candidate


def _known(election: Election, name: str, child_name: str) -> tuple[UUID, UUID] | None:
    """Guardian and child in the place by both names; nobody when there are none or several."""
    found = (
        entitled(today())
        .filter(org__gte=election.org, org__lt=election.hi)
        .filter(guardian__name=name, student__name=child_name)
        .filter(student__enrolments__left_on=None, student__enrolments__isnull=False)
    )
    rows = set(found.values_list("guardian_id", "student_id")[:5])
    return rows.pop() if len(rows) == 1 else None


def _names(name: str, child_name: str) -> tuple[str, str]:
    name, child_name = name.strip(), child_name.strip()
    faults = {}
    if not name or len(name) > 60:
        faults["name"] = _("请填写家长的姓名，不超过60个字。")
    if not child_name or len(child_name) > 60:
        faults["child_name"] = _("请填写孩子的姓名，不超过60个字。")
    if faults:
        raise ValidationError(faults)
    return name, child_name


def _words(words: str) -> str:
    words = words.strip()
    if len(words) > 200:
        raise ValidationError({"words": _("不能超过200个字。")})
    return words


def _check_dates(vote_from: datetime, vote_until: datetime, was: Election | None = None) -> None:
    if vote_until <= vote_from:
        raise ValidationError({"vote_until": _("截止时间应晚于开始时间。")})
    if vote_until - vote_from > LONGEST_VOTE:
        raise ValidationError({"vote_until": _("投票不应超过一个月，请核对截止时间。")})
    if vote_until <= moment():
        raise ValidationError({"vote_until": _("截止时间已经过去。")})
    begun = was is not None and was.vote_from == vote_from
    if not begun and vote_from < moment() - timedelta(minutes=10):
        raise ValidationError({"vote_from": _("开始时间已经过去。")})
    if vote_from - moment() > timedelta(days=180):
        raise ValidationError({"vote_from": _("开始时间太远，请核对。")})


def _check_numbers(seats: int, quorum: int, until_day: date) -> None:
    if not 2 <= seats <= 60:
        raise ValidationError({"seats": _("应选人数为2到60人。")})
    if not 0 <= quorum < 100:
        raise ValidationError({"quorum": _("参加比例为0到99。")})
    if not today() < until_day <= today() + LONGEST_TERM:
        raise ValidationError({"until_day": _("任期应晚于今天，且不超过六年。")})
