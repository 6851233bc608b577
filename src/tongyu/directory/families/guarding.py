"""Guardianship with its legal meaning: what a document says, blocks, and the lock that makes a block win.

民法典第二十七条、第三十五条、第三十六条; 未成年人保护法第十六条、第二十二条 (entrusted care does not end guardianship).
"""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker, Ward
from tongyu.core.clock import now, today
from tongyu.directory.families.rules import OWN_CHILDREN, STATE_GUARDIANSHIP
from tongyu.directory.hats import wards_now
from tongyu.directory.models import Capacity, GuardianBlock, Guardianship

HOLD = """
SELECT id FROM directory_guardianship
WHERE student_id = %s AND guardian_id = ANY (directory_guardians_of(%s)) ORDER BY id FOR NO KEY UPDATE
"""


def hold(by: Asker, student: UUID | str) -> Ward:
    """The own child with that id, held for this transaction: the first thing in every write of a guardian's.

    A block or a statement that is being committed is waited for and then seen: the ward says what the guardian may do
    now. One that comes later waits for this transaction.
    Raises PermissionDenied when the child is not, or no longer, one of the asker's.
    """
    OWN_CHILDREN.check(by)
    ward = by.ward(student)
    if ward is None:
        raise PermissionDenied(OWN_CHILDREN.key)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [ward.student_id, by.account_id])
        held = cursor.fetchall()
    still = [one for one in wards_now(by.account_id, today()) if one.student_id == ward.student_id]
    if not held or not still:
        raise PermissionDenied(OWN_CHILDREN.key)
    return still[0]


@transaction.atomic
def state(
    *,
    by: Asker,
    guardianship: Guardianship,
    capacity: str,
    may_see: bool,
    may_decide: bool,
    may_pick_up: bool,
    source: str,
    until_day: date | None = None,
) -> Guardianship:
    """What a document says about this adult and this child. `source` names the document; until_day is exclusive.

    Raises ValidationError by field, PermissionDenied out of reach.
    """
    STATE_GUARDIANSHIP.check(by, guardianship)
    source = source.strip()
    faults: dict[str, str] = {}
    if not source:
        faults["source"] = _("请写明依据的文件，如法院判决书、委托照护协议。")
    if len(source) > 120:
        faults["source"] = _("不能超过120个字。")
    if capacity not in Capacity.values:
        faults["capacity"] = _("请选择身份。")
    if capacity == Capacity.CARER and may_decide:
        faults["may_decide"] = _("日常照料人不能代孩子作主；受委托照护人以委托书为准。")
    if until_day is not None and until_day <= guardianship.from_day:
        faults["until_day"] = _("截止日期要晚于开始日期。")
    if faults:
        raise ValidationError(faults)
    locked = _locked(guardianship.student_id, guardianship.guardian_id).get(pk=guardianship.pk)
    locked.stated_capacity, locked.may_see, locked.may_decide_stated = capacity, may_see, may_decide
    locked.may_pick_up, locked.source, locked.until_day = may_pick_up, source, until_day
    locked.save(
        update_fields=[
            "stated_capacity",
            "may_see",
            "may_decide_stated",
            "may_pick_up",
            "source",
            "until_day",
        ]
    )
    return locked


@transaction.atomic
def block(
    *,
    by: Asker,
    guardianship: Guardianship,
    reason: str,
    document: str,
    from_day: date | None = None,
    until_day: date | None = None,
) -> GuardianBlock:
    """Keep this guardian from this child from today (or from an earlier day on); in force once committed.

    A second block while one stands gives the one that stands. Raises ValidationError by field.
    """
    STATE_GUARDIANSHIP.check(by, guardianship)
    reason, document, day = reason.strip(), document.strip(), from_day or today()
    faults: dict[str, str] = {}
    if not reason or len(reason) > 300:
        faults["reason"] = _("请写明原因，不超过300个字。")
    if not document or len(document) > 120:
        faults["document"] = _("请写明依据的文件，如人身安全保护令，不超过120个字。")
    if day > today():
        faults["from_day"] = _("限制从今天起生效，不能写以后的日期。")
    if until_day is not None and until_day <= max(day, today()):
        faults["until_day"] = _("截止日期要晚于今天。")
    if faults:
        raise ValidationError(faults)
    rows = list(_locked(guardianship.student_id, guardianship.guardian_id))
    standing = GuardianBlock.objects.filter(
        student_id=guardianship.student_id, guardian_id=guardianship.guardian_id, lifted_at=None
    ).first()
    if standing is not None:
        return standing
    return GuardianBlock.objects.create(
        student_id=guardianship.student_id,
        org=rows[0].org,
        guardian_id=guardianship.guardian_id,
        from_day=day,
        until_day=until_day,
        reason=reason,
        document=document,
        by_account=by.account_id,
        entered_at=now(),
    )


@transaction.atomic
def lift(*, by: Asker, block: GuardianBlock, why: str) -> GuardianBlock:
    """End a block, on the strength of what is named. Lifting it twice leaves the first standing."""
    STATE_GUARDIANSHIP.check(by, block)
    why = why.strip()
    if not why or len(why) > 120:
        raise ValidationError({"why": _("请写明解除的依据，不超过120个字。")})
    list(_locked(block.student_id, block.guardian_id))
    locked = GuardianBlock.objects.select_for_update().get(pk=block.pk)
    if locked.lifted_at is None:
        locked.lifted_at, locked.lifted_by, locked.lifted_why = now(), by.account_id, why
        locked.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    return locked


def _locked(student: UUID, guardian: UUID):  # type: ignore[no-untyped-def]
    """The guardianships of the two, locked: whoever writes as this guardian about this child is waited for."""
    found = Guardianship.objects.filter(student_id=student, guardian_id=guardian)
    return found.order_by("pk").select_for_update()
