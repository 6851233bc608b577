"""A guardian joins: invitation, the child's name, the relation, the phone on file (checked, not guessed at).

What matches is linked at once. What does not match goes to the class teacher, in the same words for every reason: a
stranger with a slip learns nothing about who is in the class. The relation counts: a grandmother with the father's
number would else sign with the father's right.
"""

import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.clock import now, today
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.families.entitled import entitled
from tongyu.directory.families.inviting import holds
from tongyu.directory.models import (
    Account,
    ClassInvitation,
    Guardian,
    Guardianship,
    JoinRequest,
    JoinState,
    Relation,
)

DOTS = str.maketrans({"•": "·", "・": "·", "．": "·", "‧": "·", "∙": "·"})
OPEN_REQUESTS = 5
"""How many an account may have waiting."""


@dataclass(frozen=True)
class Joined:
    """What came of it: linked to these guardians, or handed to the class teacher."""

    guardians: list[Guardian]
    request: JoinRequest | None = None


def folded(name: str) -> str:
    """A name for comparing: one kind of middle dot, no spaces, full-width letters as ordinary ones."""
    return unicodedata.normalize("NFKC", name.translate(DOTS)).replace(" ", "").casefold()


@transaction.atomic
def join(
    *,
    account: Account,
    phone: str,
    invitation: ClassInvitation,
    child_name: str,
    name: str,
    relation: str,
) -> Joined:
    """Link the account that has proven `phone` to the guardian of that child in the invitation's class.

    Doing it again changes nothing. Raises ValidationError by field for missing words or a code that does not hold.
    """
    _require(invitation, child_name, name, relation)
    with acting(system_scope("join", lo=invitation.org, hi=invitation.org + 1)):
        ties = [tie for tie in _ties(invitation.org, child_name) if tie.relation == relation]
        mine = [tie.guardian for tie in ties if _has_phone(tie.guardian, phone)]
        free = [guardian for guardian in mine if guardian.account_id in (None, account.pk)]
        if free:
            for guardian in free:
                link(guardian, account)
            return Joined(free)
        return Joined([], _hand_over(account, phone, invitation.org, child_name, name, relation))


def link(guardian: Guardian, account: Account) -> None:
    """This guardian signs in with this account from now on."""
    if guardian.account_id != account.pk:
        guardian.account = account
        guardian.save(update_fields=["account"])
    Account.objects.filter(pk=account.pk, guardian=False).update(guardian=True)


def _require(invitation: ClassInvitation, child_name: str, name: str, relation: str) -> None:
    faults: dict[str, str] = {}
    if not holds(invitation):
        faults["code"] = _("邀请码已过期或停用，请向班主任要新的。")
    if not folded(child_name) or len(child_name) > 60:
        faults["child_name"] = _("请填写孩子的姓名。")
    if not folded(name) or len(name) > 60:
        faults["name"] = _("请填写您的姓名。")
    if relation not in Relation.values:
        faults["relation"] = _("请选择您是孩子的什么人。")
    if faults:
        raise ValidationError(faults)


def _ties(school_class: int, child_name: str) -> list[Guardianship]:
    """Of the pupils of that name who are in the class today: who may see them. Twins of one name are both meant."""
    rows = entitled(today()).filter(org=school_class)
    enrolled = rows.filter(student__enrolments__left_on=None, student__enrolments__org=school_class)
    wanted = folded(child_name)
    found = enrolled.select_related("guardian", "student").order_by("student_id", "position", "id").distinct()
    return [tie for tie in found if folded(tie.student.name) == wanted]


def _has_phone(guardian: Guardian, phone: str) -> bool:
    index = guardian.phone_index
    return index is not None and bytes(index) == blind_index(phone) and guardian.phone == phone


def _hand_over(
    account: Account, phone: str, org: int, child_name: str, name: str, relation: str
) -> JoinRequest:
    waiting = JoinRequest.objects.filter(account=account, state=JoinState.OPEN)
    same = waiting.filter(org=org, child_name=child_name.strip()).first()
    if same is not None:
        return same
    if waiting.count() >= OPEN_REQUESTS:
        raise ValidationError(_("您已有几个申请在等班主任核对，请等核对后再提交。"))
    return JoinRequest.objects.create(
        org=org,
        account=account,
        name=name.strip(),
        child_name=child_name.strip(),
        relation=relation,
        phone=phone,
        asked_at=now(),
    )
