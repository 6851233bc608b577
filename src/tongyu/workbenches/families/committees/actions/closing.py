"""Close the vote and count, count again, draw lots, and let who was elected take office."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import audit
from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.directory.models import Guardianship
from tongyu.workbenches.families.committees.actions.calling import running
from tongyu.workbenches.families.committees.actions.counting import Box, Paper, count, digest
from tongyu.workbenches.families.committees.actions.terms import NewMember, elect_committee, renew_term
from tongyu.workbenches.families.committees.actions.voting import take_out
from tongyu.workbenches.families.committees.models import Candidate, Committee, Election, Office
from tongyu.workbenches.families.committees.queries import last_terms
from tongyu.workbenches.families.committees.queries.elections import (
    agreed,
    moment,
    sheets,
    standing,
    turnout,
)
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE


@transaction.atomic
def close_election(*, by: Asker, election: Election, reason: str = "") -> Election:
    """End the vote and count it, in one transaction; closing twice leaves the first result.

    Before its time only with a reason, unless every child has voted. Paper ballots that were handed out must have
    been counted by two persons to the same numbers. Raises ValidationError.
    """
    KEEP_COMMITTEE.check(by, election)
    standing_one = Election.objects.select_for_update().get(pk=election.pk)
    if standing_one.closed_at is not None:
        return standing_one
    locked = running(by, election)
    reason = reason.strip()
    if len(reason) > 200:
        raise ValidationError({"reason": _("不能超过200个字。")})
    if moment() < locked.vote_from:
        raise ValidationError(_("投票还没有开始。"))
    who = turnout(locked, today())
    if moment() < locked.vote_until and who.voted < who.children and not reason:
        raise ValidationError({"reason": _("还没有到截止时间，提前结束请写明原因。")})
    box = _box(locked, who.children, who.paper)
    if sum(box.ballots.values()) != who.online:
        raise ValidationError(_("票箱里的票数和已投票的孩子数对不上，不能计票。请马上联系县办公室。"))
    locked.outcome, locked.digest = count(box).stored(), digest(box)
    locked.closed_at, locked.closed_by, locked.closed_why = now(), by.account_id, reason
    locked.counted_on = today()
    locked.save(update_fields=["outcome", "digest", "closed_at", "closed_by", "closed_why", "counted_on"])
    return locked


@dataclass(frozen=True)
class Recount:
    """Whether counting again gave the same, and from the same ballots."""

    same_ballots: bool
    same_result: bool

    @property
    def same(self) -> bool:
        """Both."""
        return self.same_ballots and self.same_result


@transaction.atomic
def recount(*, by: Asker, election: Election) -> Recount:
    """Count what the box holds once more and compare; the audit notes who did and what came of it."""
    KEEP_COMMITTEE.check(by, election)
    locked = Election.objects.select_for_update().get(pk=election.pk)
    if locked.outcome is None:
        raise ValidationError(_("投票还没有结束。"))
    box = _box(locked, locked.outcome["children"], locked.outcome["papers"])
    as_many = sum(box.ballots.values()) == turnout(locked, today()).online
    found = Recount(as_many and digest(box) == locked.digest, count(box).stored() == locked.outcome)
    audit.note("recount", "committees_election", str(locked.pk), locked.org, {"same": found.same})
    return found


@transaction.atomic
def draw_lots(*, by: Asker, election: Election, winners: Iterable[str], reason: str) -> Election:
    """Who of the tied won the lot, drawn by hand with witnesses; `reason` says how, when and before whom.

    Can be mended until the elected have taken office.
    """
    KEEP_COMMITTEE.check(by, election)
    locked = Election.objects.select_for_update().get(pk=election.pk)
    if locked.outcome is None or not locked.outcome["tied"] or locked.committee_id is not None:
        raise ValidationError(_("没有需要抽签决定的候选人。"))
    chosen, left = sorted(set(winners)), locked.outcome["left"]
    faults = {}
    if len(chosen) != left or not set(chosen) <= set(locked.outcome["tied"]):
        faults["winners"] = _("请从票数相同的候选人里选出 %(n)d 人。") % {"n": left}
    reason = reason.strip()
    if not reason or len(reason) > 300:
        faults["reason"] = _("请写明抽签的时间、主持人和见证人，不超过300个字。")
    if faults:
        raise ValidationError(faults)
    locked.drawn, locked.drawn_why, locked.drawn_by = chosen, reason, by.account_id
    locked.save(update_fields=["drawn", "drawn_why", "drawn_by"])
    return locked


@transaction.atomic
def take_office(
    *, by: Asker, election: Election, offices: Mapping[str, str], until_day: date | None = None
) -> Committee:
    """Those elected become the committee: the next term of the body, or its first; doing it twice leaves one.

    `offices` says who is what, by candidate; who is not named is a member. There must be a chair.
    """
    KEEP_COMMITTEE.check(by, election)
    locked = Election.objects.select_for_update().get(pk=election.pk)
    if locked.committee_id is not None:
        return Committee.objects.get(pk=locked.committee_id)
    if locked.closed_at is None or locked.stage(moment()) != "to_seat":
        raise ValidationError(_("选举结果还没有定。"))
    if list(offices.values()).count(Office.CHAIR) != 1:
        raise ValidationError({"offices": _("请选定一名主任。")})
    assert locked.counted_on is not None
    people = _people(locked, offices)
    term: dict[str, Any] = {
        "elected_on": locked.counted_on,
        "until_day": until_day or locked.until_day,
        "seats": locked.seats,
    }
    last = last_terms(by).filter(org=locked.org).first()
    if last is None or last.ends_on <= locked.counted_on:
        charter = last.charter if last else ""
        committee = elect_committee(by=by, body=locked.org, members=people, charter=charter, **term)
    else:
        committee = renew_term(by=by, committee=last, members=people, **term)
    locked.committee = committee
    locked.save(update_fields=["committee"])
    return committee


def _people(election: Election, offices: Mapping[str, str]) -> list[NewMember]:
    rows = {str(one.pk): one for one in Candidate.objects.filter(election=election)}
    elected = [rows[pk] for pk in election.winners]
    ties = _ties([one.student_id for one in elected if one.student_id])
    return [
        NewMember(
            name=one.name,
            office=offices.get(str(one.pk), Office.MEMBER),
            relation=ties.get((one.student_id, one.guardian_id), ""),
            guardian_id=one.guardian_id,
            student_id=one.student_id,
        )
        for one in elected
    ]


def _ties(students: list[UUID]) -> dict[tuple[UUID | None, UUID | None], str]:
    rows = Guardianship.objects.filter(student_id__in=students).select_related("student")
    return {
        (row.student_id, row.guardian_id): f"{row.student.name}的{row.get_relation_display()}"[:40]
        for row in rows
    }


def _box(election: Election, children: int, handed_out: int) -> Box:
    """Everything the result rests on."""
    found = sheets(election)
    sheet = agreed(found)
    if sheet is None and (handed_out or found):
        raise ValidationError(
            _("发出过纸质票，请由两个人分别清点并录入，两次一致后再结束。没有收回的也请录入0张。")
        )
    if sheet is not None and sheet.papers > handed_out:
        raise ValidationError(_("清点的纸质票比发出的多，请核对发票名单后再结束。"))
    names = tuple(sorted(str(pk) for pk in standing(election).values_list("pk", flat=True)))
    paper = Paper(sheet.papers, sheet.invalid, sheet.counts) if sheet else Paper()
    with acting(everywhere()):
        ballots = take_out(election)
    return Box(election.seats, election.quorum, children, names, ballots, paper)
