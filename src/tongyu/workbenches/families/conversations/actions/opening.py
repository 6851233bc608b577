"""Open a conversation: who is in, named once, and the first message."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory.families.guarding import hold
from tongyu.directory.roles import ClassTeacher, GuardianRole
from tongyu.workbenches.families.conversations import queries, rules
from tongyu.workbenches.families.conversations.actions.writing import post_message
from tongyu.workbenches.families.conversations.models import Audience, Conversation

TOPIC = 60


@transaction.atomic
def open_conversation(
    *,
    by: Asker,
    id: UUID,
    student: UUID,
    topic: str,
    text: str,
    audience: str,
    guardian: UUID | None = None,
    others: Sequence[str] = (),
    passes_on: bool = False,
    uploads: Sequence[UploadedFile] = (),
) -> Conversation:
    """Open a conversation about one child and write its first message, under the same client-made id.

    A teacher names the other teachers (`others`, seats of `queries.teachers_of`) and, with Audience.ONE, the guardian;
    a guardian speaks with the class teacher, alone or with all guardians. `passes_on`: whoever becomes class teacher of
    this class later is in too; otherwise a successor sees nothing of it, because it was said to a person. The same id
    again gives the conversation that stands. Raises ValidationError by field, PermissionDenied out of reach.
    """
    own = hold(by, student) if by.role is GuardianRole else None
    standing = queries.visible(by).filter(pk=id).first()
    if standing is not None:
        return _same(standing, by, student)
    child = queries.pupil(by, student)
    if child is None:
        raise PermissionDenied(rules.OPEN.key)
    if own is not None:
        guardian, others = own.guardian_id, ()
    _check_content(child.pk, topic, audience, guardian)
    row = Conversation(
        id=id,
        student_id=child.pk,
        org=child.org,
        audience=audience,
        guardian_id=guardian if audience == Audience.ONE else None,
        seats=_seats(by, child.org, others, passes_on),
        topic=topic.strip(),
        by_account=by.account_id,
        by_role=by.role.key,
        opened_at=clock.now(),
    )
    if not insert_once(row):
        # A second click at the same moment waited here for the first.
        standing = queries.visible(by).filter(pk=id).first()
        return _same(standing, by, student)
    post_message(by=by, conversation=id, id=id, text=text, uploads=uploads)
    return row


def _check_content(student: UUID, topic: str, audience: str, guardian: UUID | None) -> None:
    """What it is about, and that the guardians it is with may see something of the child today; errors by field."""
    faults: dict[str, str] = {}
    if not topic.strip() or len(topic.strip()) > TOPIC:
        faults["topic"] = _("请写明事由，不超过60个字。")
    if audience not in Audience.values:
        faults["audience"] = _("请选择和谁沟通。")
    in_by_right = {person.guardian_id for person in queries.guardians_of(student, clock.today())}
    if not in_by_right:
        faults["audience"] = _("这个孩子现在没有可以联系的监护人。")
    elif audience == Audience.ONE and guardian not in in_by_right:
        faults["guardian"] = _("请选择一位监护人。")
    if faults:
        raise ValidationError(faults)


def _same(standing: Conversation | None, by: Asker, student: UUID) -> Conversation:
    if standing is None or (standing.by_account, standing.student_id) != (by.account_id, student):
        raise ValidationError(_("这次沟通已用同一编号保存过，内容不同。请刷新页面后重新填写。"))
    return standing


def _seats(by: Asker, org: int, others: Sequence[str], passes_on: bool) -> list[str]:
    """The hats that will be in: the asker's own, those named, and the post when the conversation passes on."""
    there = queries.teachers_of(org, clock.today())
    if by.role is GuardianRole:
        seats = [person.seat for person in there if f" {ClassTeacher.key}@" in person.seat][:1]
        if not seats:
            raise ValidationError(_("这个班现在没有班主任，请联系学校。"))
    else:
        seats = [rules.seat(by)]
        if set(others) - {person.seat for person in there}:
            raise ValidationError({"others": _("只能加上教这个班的教师和本校领导。")})
        seats += [seat for seat in others if seat not in seats]
    return [*seats, rules.post(ClassTeacher, org)] if passes_on else seats
