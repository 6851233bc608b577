"""Voting: one vote a child, online or on paper, and a box that cannot be tied to anybody (decision 0020)."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import hold
from tongyu.workbenches.families.committees.actions.calling import still_running
from tongyu.workbenches.families.committees.actions.counting import Choices
from tongyu.workbenches.families.committees.models import Ballot, Election, PaperSheet, Voted, Way
from tongyu.workbenches.families.committees.queries.elections import moment, roll, standing
from tongyu.workbenches.families.committees.rules import COUNT_PAPER, OWN_COMMITTEE

DROP_IN = """
WITH taken AS (DELETE FROM committees_ballot WHERE election_id = %s RETURNING choices, number)
INSERT INTO committees_ballot (id, election_id, choices, number)
SELECT gen_random_uuid(), %s, choices, sum(number)
FROM (SELECT choices, number FROM taken UNION ALL SELECT %s::jsonb, 1) AS piles
GROUP BY choices ORDER BY gen_random_uuid()
"""


class AlreadyVotedError(ValidationError):
    """The child's vote was given before, by whichever guardian or on paper."""


@transaction.atomic
def vote(
    *, by: Asker, election: Election, student: UUID | str, choices: Iterable[str], abstains: bool = False
) -> None:
    """Give the vote of one child. The first guardian's counts.

    Whoever comes second, also at the same moment, gets AlreadyVotedError without a word of what was chosen. A vote
    and the closing wait for each other at the election's row: it is counted, or it is refused.
    """
    ward = hold(by, student)
    OWN_COMMITTEE.check(by, election)
    locked = still_running(election)
    if not locked.org <= ward.org < locked.hi:
        raise PermissionDenied(OWN_COMMITTEE.key)
    if moment() < locked.vote_from:
        raise ValidationError(_("投票还没有开始。"))
    if moment() >= locked.vote_until:
        raise ValidationError(_("投票时间已过。"))
    if Voted.objects.filter(election=locked, student_id=ward.student_id).exists():
        raise AlreadyVotedError(_("%(child)s这一票已经投过了，一个孩子一票。") % {"child": ward.name})
    chosen = _chosen(locked, choices, abstains)
    Voted.objects.create(election=locked, student_id=ward.student_id, org=ward.org, way=Way.ONLINE)
    _drop_in(locked, chosen)


@transaction.atomic
def hand_out(*, by: Asker, election: Election, students: Iterable[UUID | str]) -> int:
    """Note for which children a paper ballot was handed out; they can no longer vote online.

    Who has voted already, and who is not in the asker's reach, is left out; returns how many are noted.
    """
    COUNT_PAPER.check(by, election)
    locked = still_running(election)
    if moment() < locked.vote_from:
        raise ValidationError(_("投票还没有开始。"))
    if moment() >= locked.vote_until:
        raise ValidationError(_("投票时间已过，不能再发纸质票。截止前发出的，请录入清点结果。"))
    wanted = {str(one) for one in students}
    children = [
        child for child in roll(by, locked, today()) if child.way is None and str(child.student_id) in wanted
    ]
    Voted.objects.bulk_create(
        Voted(election=locked, student_id=child.student_id, org=child.org, way=Way.PAPER)
        for child in children
    )
    return len(children)


@transaction.atomic
def take_back(*, by: Asker, election: Election, student: UUID | str) -> int:
    """The paper ballot came back unused, or was noted for the wrong child: the child may vote online again."""
    COUNT_PAPER.check(by, election)
    locked = still_running(election)
    rows = Voted.objects.filter(
        election=locked, student_id=student, way=Way.PAPER, org__gte=by.lo, org__lt=by.hi
    )
    return rows.delete()[0]


@transaction.atomic
def enter_sheet(
    *, by: Asker, election: Election, papers: int, invalid: int, counts: Mapping[str, int]
) -> PaperSheet:
    """What one person counted of the paper ballots; entering again replaces the own sheet.

    Raises ValidationError by field: `papers`, `invalid`, or a candidate's id.
    """
    COUNT_PAPER.check(by, election)
    locked = still_running(election)
    names = {str(pk) for pk in standing(locked).values_list("pk", flat=True)}
    counts = {one: counts.get(one, 0) for one in sorted(names)}
    with acting(everywhere()):
        handed_out = Voted.objects.filter(election=locked, way=Way.PAPER).count()
    _check_sheet(locked, papers, invalid, counts, handed_out)
    sheet: PaperSheet = PaperSheet.objects.update_or_create(
        election=locked,
        by_account=by.account_id,
        defaults={"papers": papers, "invalid": invalid, "counts": counts, "entered_at": now()},
        create_defaults={
            "id": uuid7(),
            "org": locked.org,
            "papers": papers,
            "invalid": invalid,
            "counts": counts,
            "entered_at": now(),
        },
    )[0]
    return sheet


def _check_sheet(
    election: Election, papers: int, invalid: int, counts: Mapping[str, int], handed_out: int
) -> None:
    faults: dict[str, str] = {}
    if not 0 <= papers <= handed_out:
        faults["papers"] = _("收回的纸质票不能多于发出的 %(n)d 张。") % {"n": handed_out}
    if not 0 <= invalid <= papers:
        faults["invalid"] = _("无效票不能多于纸质票总数。")
    valid = papers - invalid
    for one, number in counts.items():
        if not 0 <= number <= valid:
            faults[one] = _("得票不能多于有效票 %(n)d 张。") % {"n": max(valid, 0)}
    if not faults and sum(counts.values()) > valid * election.seats:
        faults["papers"] = _("得票合计超过了每张票可选 %(n)d 人，请重新清点。") % {"n": election.seats}
    if not faults and sum(counts.values()) < valid:
        faults["invalid"] = _("有效票每张至少选一人；没有选人的票请算作空白票。")
    if faults:
        raise ValidationError(faults)


def _chosen(election: Election, choices: Iterable[str], abstains: bool) -> Choices:
    wanted = {str(one) for one in choices}
    names = {str(pk) for pk in standing(election).values_list("pk", flat=True)}
    if wanted - names:
        raise ValidationError({"choices": _("候选人名单有变化，请刷新后再选。")})
    if abstains and wanted:
        raise ValidationError({"abstains": _("选了候选人就不能同时弃权。")})
    if not wanted and not abstains:
        raise ValidationError({"choices": _("请至少选一人；谁也不选请点“弃权”。")})
    if len(wanted) > election.seats:
        raise ValidationError({"choices": _("最多选 %(n)d 人。") % {"n": election.seats}})
    return tuple(sorted(wanted))


def _drop_in(election: Election, chosen: Choices) -> None:
    """Into the box. All piles are taken out and put back, shuffled, with new ids: no row tells when it came.

    The election's row is locked by the caller, so nobody else has a hand in the box.
    """
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(DROP_IN, [election.pk, election.pk, json.dumps(list(chosen))])


def take_out(election: Election) -> dict[Choices, int]:
    """What the box holds. Only for who counts, under a scope that reaches everything."""
    rows = Ballot.objects.filter(election=election).values_list("choices", "number")
    return {tuple(choices): number for choices, number in rows}
