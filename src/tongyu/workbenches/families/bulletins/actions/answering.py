"""Families answer: read, confirm, sign, take a signature back; or a teacher enters what a family told on paper."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory.families.adults import ENTITLED
from tongyu.directory.families.guarding import hold
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.models import Act, Answer, Bulletin, BulletinChild, Need
from tongyu.workbenches.families.bulletins.models.answers import How
from tongyu.workbenches.families.bulletins.models.deciding import DECISIONS, Given, decisions

ADULT = (
    f"SELECT may_decide FROM ({ENTITLED} AND g.student_id = %(student)s AND g.guardian_id = %(guardian)s) t"
)
ASKED = {Need.READ: (Act.READ,), Need.CONFIRM: (Act.READ, Act.CONFIRM), Need.SIGN: (Act.READ, *DECISIONS)}


@transaction.atomic
def answer(*, by: Asker, bulletin: UUID, student: UUID, act: str, id: UUID) -> Answer:
    """What the guardian who asks does about one own child's bulletin, under a client-made id.

    The same again gives the one that stands; another decision supersedes the own earlier one and leaves it on record,
    and touches no other guardian's. Raises ValidationError after the deadline, on a withdrawn bulletin, or when the
    child has left the place that was written to; PermissionDenied when the child is not, or no longer, one's own: a
    block at the same moment wins.
    """
    ward = hold(by, student)
    child = _locked(BulletinChild.objects.filter(bulletin_id=bulletin, student_id=ward.student_id))
    _check_asked(child.bulletin, act)
    if act != Act.READ and not child.bulletin.org <= ward.org < child.bulletin.hi:
        raise ValidationError(_("孩子已不在发这份通知的学校或班级，不用再答复。"))
    if act in DECISIONS and not ward.may_decide:
        raise ValidationError(_("这份通知要由可以代孩子作主的监护人签字。"))
    return _entered(by, child, ward.guardian_id, act, id)


@transaction.atomic
def enter_for(
    *, by: Asker, child: UUID, guardian: UUID, act: str, how: str, id: UUID, note: str = ""
) -> Answer:
    """Enter what a guardian has told on paper, by telephone or in person. It is that guardian's answer.

    Raises ValidationError by field; PermissionDenied for a child out of the asker's range.
    """
    row = BulletinChild.objects.filter(pk=child).first()
    if row is None:
        raise PermissionDenied(rules.ENTER.key)
    rules.ENTER.check(by, row)
    row = _locked(BulletinChild.objects.filter(pk=child))
    if how not in How.values:
        raise ValidationError({"how": _("请选择家长是怎么答复的。")})
    note = note.strip()
    if len(note) > 120:
        raise ValidationError({"note": _("不能超过120个字。")})
    _check_asked(row.bulletin, act)
    with connection.cursor() as cursor:
        cursor.execute(ADULT, {"day": clock.today(), "student": row.student_id, "guardian": guardian})
        found = cursor.fetchone()
    if found is None:
        raise ValidationError({"guardian": _("请选择一位现在可以查看的监护人。")})
    if act in DECISIONS and not found[0]:
        raise ValidationError({"guardian": _("这位监护人不能代孩子作主，不能由他签字。")})
    return _entered(by, row, guardian, act, id, how=how, note=note)


def _locked(rows: Any) -> BulletinChild:
    """The child's row, held: answers about one child come one after another."""
    found: BulletinChild | None = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise PermissionDenied(rules.FAMILY.key)
    found.bulletin = Bulletin.objects.get(pk=found.bulletin_id)
    return found


def _check_asked(bulletin: Bulletin, act: str) -> None:
    if act not in ASKED[Need(bulletin.need)]:
        raise ValidationError(_("这份通知不需要这样答复。"))
    if bulletin.withdrawn_at is not None and act != Act.READ:
        raise ValidationError(_("这份通知已撤回，不用再答复。"))


def _entered(by: Asker, child: BulletinChild, guardian: UUID, act: str, id: UUID, **entered: str) -> Answer:
    own = list(Answer.objects.filter(child=child, guardian_id=guardian).order_by("number"))
    standing = _stands(own, guardian, act)
    if standing is not None:
        return standing
    decided = decisions(Given(guardian, one.number, one.act_done) for one in own)
    if act == Act.TAKE_BACK and not decided:
        raise ValidationError(_("没有可以收回的签字。"))
    deadline = child.bulletin.deadline
    if act in DECISIONS and decided and deadline is not None and clock.today() > deadline:
        raise ValidationError(_("已过截止日期，签字不能再改。请直接联系老师。"))
    row = Answer(
        id=id,
        bulletin_id=child.bulletin_id,
        child=child,
        student_id=child.student_id,
        org=child.org,
        guardian_id=guardian,
        number=(own[-1].number if own else 0) + 1,
        act_done=act,
        by_account=by.account_id,
        by_role=by.role.key,
        at=clock.now(),
        **entered,
    )
    if not insert_once(row):
        raise ValidationError(_("这次答复已用同一编号保存过，内容不同。请刷新页面后重试。"))
    return row


def _stands(own: list[Answer], guardian: UUID, act: str) -> Answer | None:
    """The answer that says the same already: read or confirmed once, or the decision that is in force."""
    if act not in DECISIONS:
        return next((one for one in own if one.act_done == act), None)
    last = next((one for one in reversed(own) if one.act_done in DECISIONS), None)
    return last if last is not None and last.act_done == act else None
