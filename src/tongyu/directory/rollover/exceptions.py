"""What a school says before the county turns: pupils who repeat or leave, classes that open, that all is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import (
    Body,
    Enrolment,
    Outcome,
    RollOver,
    RollOverLine,
    RollOverSchool,
    RollOverState,
    Student,
)
from tongyu.directory.models.rollover import SAID
from tongyu.directory.rollover.preview import ALL, LEAD
from tongyu.directory.rollover.shape import MOST_NEW_CLASSES, Shape, read_shape
from tongyu.directory.rollover.sorting import stale_lines
from tongyu.directory.rules import PREPARE_ROLL_OVER


@dataclass(frozen=True)
class Said:
    """What becomes of one pupil: the outcome, the class of one who repeats, the school of one who moves, and why."""

    outcome: str
    reason: str
    target: int | None = None
    to_school: str = ""


@transaction.atomic
def set_exception(*, by: Asker, roll_over: RollOver, student: UUID, said: Said) -> RollOverLine:
    """Put down what becomes of a pupil of the asker's range; said again it replaces what stood there.

    Raises PermissionDenied for a pupil out of reach; ValidationError by field for a missing reason, class or school,
    for a pupil who is in no class, and once the school has said that all is right or the county has turned.
    """
    PREPARE_ROLL_OVER.check(by)
    pupil = PREPARE_ROLL_OVER.rows(by, Student.objects.filter(pk=student)).first()
    if pupil is None:
        raise PermissionDenied(PREPARE_ROLL_OVER.key)
    row = _opened(roll_over)
    there = Enrolment.objects.filter(student=pupil, left_on=None, entered_on__lt=row.day).first()
    if there is None:
        raise ValidationError(_("这名学生现在不在班里，不用登记。"))
    school = codes.containing(there.org, BodyKind.SCHOOL)
    _not_ready(row, school)
    _check(said, row, there.org, school)
    line, _made = RollOverLine.objects.update_or_create(
        roll_over=row,
        student=pupil,
        defaults={
            "org": school,
            "outcome": said.outcome,
            "target": said.target if said.outcome == Outcome.RETAINED else None,
            "to_school": said.to_school.strip() if said.outcome != Outcome.RETAINED else "",
            "reason": said.reason.strip(),
            "by_account": by.account_id,
            "entered_at": clock.now(),
        },
    )
    _back_to_draft(row)
    return line


@transaction.atomic
def remove_exception(*, by: Asker, roll_over: RollOver, student: UUID) -> None:
    """The pupil moves with the class after all; done twice it stays so."""
    PREPARE_ROLL_OVER.check(by)
    row = _opened(roll_over)
    line = PREPARE_ROLL_OVER.rows(by, row.lines.filter(student_id=student)).first()
    if line is None:
        return
    _not_ready(row, line.org)
    line.delete()
    _back_to_draft(row)


@transaction.atomic
def set_classes(
    *,
    by: Asker,
    roll_over: RollOver,
    school: Body,
    new_classes: Mapping[int, int],
    released: Mapping[int, str],
) -> RollOverSchool:
    """How many first classes open, by stage, and which classes do not keep their teachers (`lead` or `all`).

    Raises ValidationError (field `new_classes` or `released`) for numbers and classes that cannot be.
    """
    PREPARE_ROLL_OVER.check(by, school)
    row = _opened(roll_over)
    _not_ready(row, school.code)
    shape = read_shape(row, school.code, school.hi)
    own = shape.schools.get(school.code)
    stages = {int(opening.stage) for opening in own.openings} if own else set()
    for stage, number in new_classes.items():
        if stage not in stages or not 0 <= number <= MOST_NEW_CLASSES:
            text = _("新开班数应在 0 到 %(most)d 之间。") % {"most": MOST_NEW_CLASSES}
            raise ValidationError({"new_classes": text})
    if set(released) - set(shape.moving) or set(released.values()) - {LEAD, ALL}:
        raise ValidationError({"released": _("班级已有变化，请刷新页面后重新选择。")})
    said = _school(row, school.code, by)
    said.new_classes = {str(stage): number for stage, number in sorted(new_classes.items())}
    said.released = {str(code): way for code, way in sorted(released.items())}
    said.save(update_fields=["new_classes", "released", "by_account"])
    _back_to_draft(row)
    return said


@transaction.atomic
def say_ready(*, by: Asker, roll_over: RollOver, school: Body, ready: bool) -> RollOverSchool:
    """The school has looked at its pupils and classes and all is right; or wants to change something after all.

    Raises ValidationError while something it said does not fit the roll any more.
    """
    PREPARE_ROLL_OVER.check(by, school)
    row = _opened(roll_over)
    said = _school(row, school.code, by)
    if ready == bool(said.ready_at):
        return said
    if ready:
        shape = read_shape(row, school.code, school.hi, {school.code: said.new_classes})
        if stale_lines(row, shape, school.code, school.hi):
            raise ValidationError(_("有登记已不适用（学生已调班、转走，或要去的班不开了）。请先改正或删除。"))
    said.ready_at = clock.now() if ready else None
    said.save(update_fields=["ready_at", "by_account"])
    return said


def forget_said(students: Sequence[UUID]) -> None:
    """Pupils have moved: what the old class's school said of their next year speaks of a class they are not in any
    more, and the new school, which does not see it, could say nothing of its own. Under a scope that sees both."""
    RollOverLine.objects.filter(
        student__in=students, roll_over__state__in=(RollOverState.DRAFT, RollOverState.PREVIEWED)
    ).delete()


def targets_of(shape: Shape, org: int) -> list[int]:
    """The classes in which a pupil of the class `org` may repeat."""
    school = shape.schools.get(codes.containing(org, BodyKind.SCHOOL))
    return school.below(org) if school else []


def _check(said: Said, row: RollOver, org: int, school: int) -> None:
    faults: dict[str, str] = {}
    if said.outcome not in {one.value for one in SAID}:
        faults["outcome"] = _("请选择去向。")
    if not said.reason.strip():
        faults["reason"] = _("请填写原因。")
    if len(said.reason.strip()) > 120:
        faults["reason"] = _("原因不超过120个字。")
    if said.outcome == Outcome.RETAINED:
        own = row.schools.filter(org=school).first()
        chosen = {school: own.new_classes} if own else {}
        shape = read_shape(row, school, codes.upper(school, BodyKind.SCHOOL), chosen)
        if said.target not in targets_of(shape, org):
            faults["target"] = _("请选择下一年级的一个班。")
    if said.outcome == Outcome.TRANSFERRED and not said.to_school.strip():
        faults["to_school"] = _("请填写转到哪所学校。")
    if len(said.to_school.strip()) > 80:
        faults["to_school"] = _("学校名称不超过80个字。")
    if faults:
        raise ValidationError(faults)


def _opened(roll_over: RollOver) -> RollOver:
    """The roll-over, kept from changing; refused when the county has turned or is turning."""
    row = RollOver.objects.select_for_update().get(pk=roll_over.pk)
    if not row.open:
        raise ValidationError(_("升级结转%(state)s，现在不能修改。") % {"state": row.get_state_display()})
    return row


def _not_ready(row: RollOver, school: int) -> None:
    if row.schools.filter(org=school, ready_at__isnull=False).exists():
        raise ValidationError(_("学校已确认核对完毕。要修改，请先点“继续修改”。"))


def _school(row: RollOver, school: int, by: Asker) -> RollOverSchool:
    said, _made = RollOverSchool.objects.get_or_create(roll_over=row, org=school, defaults={"id": uuid7()})
    said.by_account = by.account_id
    return said


def _back_to_draft(row: RollOver) -> None:
    """What the office saw in its preview is no longer what would happen."""
    if row.state == RollOverState.PREVIEWED:
        row.state, row.summary, row.previewed_at = RollOverState.DRAFT, {}, None
        row.save(update_fields=["state", "summary", "previewed_at"])
