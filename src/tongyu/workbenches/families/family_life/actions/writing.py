"""Named writes of family life; every one of them by a guardian about an own child."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.once import one_at_a_time
from tongyu.directory.families import consenting
from tongyu.directory.families.guarding import hold
from tongyu.records import life
from tongyu.records.entering import OTHER_CONTENT, enter
from tongyu.records.models import PupilRecord
from tongyu.workbenches.families.family_life import queries, rules
from tongyu.workbenches.families.family_life.models import (
    ActivityKind,
    AgreementText,
    DiaryLine,
    FamilyActivity,
    FamilyAgreement,
    FamilyContact,
)
from tongyu.workbenches.families.family_life.models.activities import LONGEST as LONGEST_LINE
from tongyu.workbenches.families.family_life.models.agreements import LONGEST, MOST


@transaction.atomic
def record_activity(
    *, by: Asker, id: UUID, student: UUID, kind: str, occurred_on: date, line: str = ""
) -> FamilyActivity:
    """The family did something with the child (clauses 三(二), 三(六)); the line stays with who wrote it.

    The id is the client's: sent again it answers with what stands. Raises PermissionDenied when the child is no ward;
    ValidationError by field, and without a field when nobody has consented for the child.
    """
    rules.OWN.check(by)
    ward = hold(by, student)
    _consented(student)
    line = line.strip()
    faults = {}
    if kind not in ActivityKind.values:
        faults["kind"] = _("请选择做了什么。")
    if occurred_on > today():
        faults["occurred_on"] = _("日期不能晚于今天。")
    if len(line) > LONGEST_LINE:
        faults["line"] = _("不能超过%d个字。") % LONGEST_LINE
    if faults:
        raise ValidationError(faults)
    activity = FamilyActivity(id=id, student_id=student, place=ward.org, kind=kind, occurred_on=occurred_on)

    def diary(of: FamilyActivity) -> None:
        if line:
            DiaryLine.objects.create(activity=of, by_account=by.account_id, line=line)

    standing, new = enter(activity, by=by, org=ward.org, parts=diary, looked_up=("student",))
    if not new:
        stored = DiaryLine.objects.filter(pk=standing.pk).first()
        if (stored.line if stored else "") != line and standing.withdrawn_at is None:
            raise ValidationError(OTHER_CONTENT)
    return standing


@transaction.atomic
def sign_agreement(
    *,
    by: Asker,
    id: UUID,
    student: UUID,
    agreed: Collection[str],
    child_signed: str,
    parent_signed: str,
    shared: bool = False,
) -> FamilyAgreement:
    """Child and parent sign what they agreed on phone and tablet (clause 三(六)). A later one takes its place.

    The child signs with the name on the roll; the parent writes the own name. Sent again it answers with what stands.
    """
    rules.OWN.check(by)
    ward = hold(by, student)
    _consented(student)
    lines = list(dict.fromkeys(" ".join(line.split()) for line in agreed if line.strip()))
    text = {
        "rules_text": "\n".join(lines),
        "child_signed": child_signed.strip(),
        "parent_signed": parent_signed.strip(),
    }
    _signed(lines, text["child_signed"], text["parent_signed"], ward.name)
    agreement = FamilyAgreement(id=id, student_id=student, place=ward.org, occurred_on=today())

    def words(of: FamilyAgreement) -> None:
        AgreementText.objects.create(
            agreement=of, org=of.org, by_account=by.account_id, shared=shared, **text
        )

    standing, new = enter(agreement, by=by, org=ward.org, parts=words, looked_up=("student",))
    if not new:
        stored = AgreementText.objects.filter(pk=standing.pk).first()
        if stored and any(getattr(stored, name) != value for name, value in text.items()):
            raise ValidationError(OTHER_CONTENT)
    return standing


@transaction.atomic
def share_agreement(*, by: Asker, agreement: FamilyAgreement, shared: bool) -> None:
    """Show the agreement to the school, or no longer."""
    rules.OWN.check(by, agreement)
    hold(by, agreement.student_id)
    AgreementText.objects.filter(pk=agreement.pk).update(shared=shared)


@transaction.atomic
def tell_contact(*, by: Asker, student: UUID) -> FamilyContact:
    """A parent who is away was in touch with the child today (clause 三(二)): one tap, once a day, nothing else asked.

    Raises PermissionDenied when the child is no ward of the asker's, or the asker lives with the child; ValidationError
    when nobody has consented for the child.
    """
    rules.OWN.check(by)
    ward = hold(by, student)
    if student not in queries.absent_from(by):
        raise PermissionDenied("family_life.contact")
    _consented(student)
    one_at_a_time(f"{by.account_id} {student}")
    told = queries.own(by, FamilyContact).filter(student_id=student, occurred_on=today()).first()
    if told is not None:
        return told
    contact = FamilyContact(student_id=student, place=ward.org, occurred_on=today())
    return enter(contact, by=by, org=ward.org, looked_up=("student",))[0]


@transaction.atomic
def take_back(*, by: Asker, record: PupilRecord) -> None:
    """The guardian takes the own record back: its words are deleted, and it proves nothing any more. Twice is once."""
    rules.OWN.check(by, record)
    hold(by, record.student_id)
    words = (DiaryLine.objects.filter(pk=record.pk), AgreementText.objects.filter(pk=record.pk))
    life.take_back(record, delete=words)


def _consented(student: UUID) -> None:
    if not consenting.given(student):
        raise ValidationError(_("还没有监护人同意同育处理孩子的信息，同意以后才能填写。"))


def _signed(lines: list[str], child: str, parent: str, name: str) -> None:
    """Something is agreed, and both have signed; errors by field."""
    faults = {}
    if not lines:
        faults["agreed"] = _("请至少选一条约定。")
    elif len(lines) > MOST:
        faults["agreed"] = _("最多 %d 条，少一些更容易做到。") % MOST
    elif any(len(line) > LONGEST for line in lines):
        faults["own"] = _("每条不能超过%d个字。") % LONGEST
    if child != name:
        faults["child_signed"] = _("请孩子写自己的名字：%s") % name
    if not parent:
        faults["parent_signed"] = _("请写家长的名字。")
    elif len(parent) > LONGEST:
        faults["parent_signed"] = _("不能超过%d个字。") % LONGEST
    if faults:
        raise ValidationError(faults)
