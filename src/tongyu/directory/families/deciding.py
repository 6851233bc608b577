"""The class teacher decides about somebody whose words did not match; phones and guardians are mended on the spot."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.encryption import blind_index
from tongyu.core.sheets import values
from tongyu.directory.families.entitled import ties_on
from tongyu.directory.families.joining import link
from tongyu.directory.families.rules import MEND_REACH, STATE_GUARDIANSHIP
from tongyu.directory.models import (
    Account,
    Guardian,
    Guardianship,
    JoinRequest,
    JoinState,
    Relation,
    Student,
)
from tongyu.directory.name_keys import name_key


def parsed_phone(text: str) -> str:
    """What was typed as an E.164 mobile number; ValidationError for the field `phone`."""
    found = values.phone(text)
    if found.fault or not found.value:
        raise ValidationError({"phone": found.fault.reason if found.fault else _("请填写手机号。")})
    number = str(found.value)
    if not number.startswith("+861") or len(number) != 14:
        raise ValidationError({"phone": _("请填写手机号，座机收不到验证码。")})
    return number


@transaction.atomic
def accept(
    *, by: Asker, request: JoinRequest, student: UUID, guardian: UUID | None, moved: bool = False
) -> Guardianship:
    """This is a family of the class: link them to a guardian on file, whose phone becomes the proven one, or add one.

    `moved`: whoever decides has asked the parent, who has another number now; the account of the old one loses the
    child. Raises ValidationError when the request was decided before, when the guardian has another account and has
    not moved, or when an adult is added to a child from whom somebody is kept (`_require_no_block`);
    PermissionDenied when pupil or guardian is out of reach.
    """
    MEND_REACH.check(by, request)
    locked = _open(request)
    pupil = _pupil(by, student)
    if guardian is None:
        tie = _added(by, pupil, locked.name, locked.relation, locked.phone)
    else:
        tie = _tie(by, pupil, guardian)
        if tie.guardian.account_id not in (None, locked.account_id) and not moved:
            raise ValidationError(
                _("这位监护人已经用另一个手机号加入了。向家长核实确实换了号码后，请勾选“家长换了手机号”。")
            )
        _set_phone(tie.guardian, locked.phone)
    link(tie.guardian, Account.objects.get(pk=locked.account_id))
    _decided(locked, by, JoinState.ACCEPTED, student=pupil.pk, guardian=tie.guardian_id)
    return tie


@transaction.atomic
def decline(*, by: Asker, request: JoinRequest) -> JoinRequest:
    """Not a family of this class. Declining twice leaves the first decision."""
    MEND_REACH.check(by, request)
    locked = _open(request)
    _decided(locked, by, JoinState.DECLINED)
    return locked


@transaction.atomic
def correct_phone(*, by: Asker, student: UUID, guardian: UUID, phone: str) -> Guardian:
    """The phone that this guardian really has. A guardian who has joined proves another one alone."""
    pupil = _pupil(by, student)
    tie = _tie(by, pupil, guardian)
    number = parsed_phone(phone)
    if tie.guardian.account_id is not None and number != tie.guardian.phone:
        raise ValidationError({"phone": _("这位家长已经加入，手机号由家长自己更换。")})
    _set_phone(tie.guardian, number)
    return tie.guardian


@transaction.atomic
def add_guardian(*, by: Asker, student: UUID, name: str, relation: str, phone: str) -> Guardianship:
    """One more adult who answers for the child. The same name and phone again gives the one on file."""
    pupil = _pupil(by, student)
    faults: dict[str, str] = {}
    if not name.strip() or len(name.strip()) > 60:
        faults["name"] = _("请填写姓名。")
    if relation not in Relation.values:
        faults["relation"] = _("请选择关系。")
    if faults:
        raise ValidationError(faults)
    return _added(by, pupil, name, relation, parsed_phone(phone))


def _open(request: JoinRequest) -> JoinRequest:
    locked = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != JoinState.OPEN:
        raise ValidationError(_("这个申请已经处理过了：%s。") % locked.get_state_display())
    return locked


def _pupil(by: Asker, student: UUID) -> Student:
    """The pupil, locked: guardians of one child are changed one after the other."""
    pupil = Student.objects.select_for_update().filter(pk=student).first()
    if pupil is None:
        raise PermissionDenied(MEND_REACH.key)
    MEND_REACH.check(by, pupil)
    return pupil


def _tie(by: Asker, pupil: Student, guardian: UUID) -> Guardianship:
    tie = ties_on(today()).filter(student=pupil, guardian_id=guardian).select_related("guardian").first()
    if tie is None:
        raise PermissionDenied(MEND_REACH.key)
    return tie


def _added(by: Asker, pupil: Student, name: str, relation: str, phone: str) -> Guardianship:
    on_file = list(ties_on(today()).filter(student=pupil).select_related("guardian").order_by("position"))
    for tie in on_file:
        if tie.guardian.name == name.strip() and tie.guardian.phone in (None, phone):
            _set_phone(tie.guardian, phone)
            return tie
    _require_no_block(by, on_file)
    guardian = Guardian.objects.create(
        name=name.strip(),
        name_key=name_key(name.strip()),
        org=pupil.org,
        phone=phone,
        phone_index=blind_index(phone),
        invented=pupil.invented,
    )
    return Guardianship.objects.create(
        student=pupil,
        org=pupil.org,
        guardian=guardian,
        relation=relation,
        position=max((tie.position for tie in on_file), default=0) + 1,
        from_day=today(),
    )


def _require_no_block(by: Asker, on_file: Sequence[Guardianship]) -> None:
    """Who is kept from a child would come back as another relative with another phone: then the leader decides."""
    kept = any(tie.blocked or not tie.may_see for tie in on_file)  # type: ignore[attr-defined]
    if kept and not STATE_GUARDIANSHIP.allows(by):
        raise ValidationError(_("有人依文件不能接触这个孩子。新增的家长请由校领导核对后补登。"))


def _set_phone(guardian: Guardian, phone: str) -> None:
    if guardian.phone != phone:
        guardian.phone, guardian.phone_index = phone, blind_index(phone)
        guardian.save(update_fields=["phone", "phone_index"])


def _decided(
    locked: JoinRequest,
    by: Asker,
    state: JoinState,
    *,
    student: UUID | None = None,
    guardian: UUID | None = None,
) -> None:
    locked.state, locked.decided_at, locked.decided_by = state, now(), by.account_id
    locked.student_id, locked.guardian_id = student, guardian
    locked.save(update_fields=["state", "decided_at", "decided_by", "student_id", "guardian_id"])
