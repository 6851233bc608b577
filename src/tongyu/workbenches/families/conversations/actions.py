"""Named writes to conversations: open one, write, take back, note how far one has read."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker, Ward
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory.families.guarding import hold
from tongyu.directory.roles import ClassTeacher, GuardianRole
from tongyu.records import attachments
from tongyu.workbenches.families.conversations import queries, rules
from tongyu.workbenches.families.conversations.models import Audience, Conversation, Message, MessageFile
from tongyu.workbenches.families.conversations.queries import People

TOPIC, TEXT = 60, 1000
READ = """
INSERT INTO conversations_readto (id, conversation_id, org, by_account, number)
SELECT %(id)s, c.id, c.org, %(account)s, LEAST(%(number)s, c.last_number)
FROM conversations_conversation c WHERE c.id = %(conversation)s
ON CONFLICT (conversation_id, by_account) DO UPDATE
SET number = GREATEST(conversations_readto.number, EXCLUDED.number)
WHERE conversations_readto.number < EXCLUDED.number
"""


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
    today, topic = clock.today(), topic.strip()
    faults: dict[str, str] = {}
    if not topic or len(topic) > TOPIC:
        faults["topic"] = _("请写明事由，不超过60个字。")
    if audience not in Audience.values:
        faults["audience"] = _("请选择和谁沟通。")
    if own is not None:
        guardian, others = own.guardian_id, ()
    in_by_right = {person.guardian_id for person in queries.guardians_of(child.pk, today)}
    if not in_by_right:
        faults["audience"] = _("这个孩子现在没有可以联系的监护人。")
    elif audience == Audience.ONE and guardian not in in_by_right:
        faults["guardian"] = _("请选择一位监护人。")
    if faults:
        raise ValidationError(faults)
    row = Conversation(
        id=id,
        student_id=child.pk,
        org=child.org,
        audience=audience,
        guardian_id=guardian if audience == Audience.ONE else None,
        seats=_seats(by, child.org, others, passes_on),
        topic=topic,
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


@transaction.atomic
def post_message(
    *, by: Asker, conversation: UUID, id: UUID, text: str, uploads: Sequence[UploadedFile] = ()
) -> Message:
    """Write one message under the id its sender made; the same id again gives the message that stands.

    Raises ValidationError by field, also when nobody is left on the other side; PermissionDenied for whoever is not, or
    no longer, in: a block or a change of school that comes at the same moment is waited for, and wins.
    """
    locked, ward = _locked(by, conversation)
    standing = Message.objects.filter(pk=id).first()
    text = text.strip()
    if standing is not None:
        if (standing.by_account, standing.conversation_id, standing.text) != (by.account_id, locked.pk, text):
            raise ValidationError(_("这条消息已用同一编号发送过，内容不同。请刷新页面后重新发送。"))
        return standing
    if not text and not uploads:
        raise ValidationError({"text": _("请写点什么再发送。")})
    if len(text) > TEXT:
        raise ValidationError({"text": _("一条消息不超过1000个字，请分几条发送。")})
    now_in = queries.people(locked, clock.today())
    _check_somebody_reads(by, now_in)
    locked.last_number += 1
    locked.last_at = clock.now()
    message = Message(
        id=id,
        conversation_id=locked.pk,
        student_id=locked.student_id,
        org=locked.org,
        number=locked.last_number,
        text=text,
        readers=[person.guardian_id for person in now_in.guardians],
        by_account=by.account_id,
        by_role=by.role.key,
        by_name=by.name,
        by_relation=ward.relation if ward else "",
        at=locked.last_at,
    )
    with attachments.kept(uploads) as stored:
        if not insert_once(message):
            raise ValidationError(_("这条消息已用同一编号发送过，内容不同。请刷新页面后重新发送。"))
        for one in stored:
            MessageFile.objects.create(
                message=message,
                org=locked.org,
                name=one.name,
                path=one.path,
                media_type=one.content_type,
                size=one.size,
            )
        locked.save(update_fields=["last_number", "last_at"])
    return message


def _locked(by: Asker, conversation: UUID) -> tuple[Conversation, Ward | None]:
    """The conversation, held for this transaction, with the asker still in it; of a guardian the child too."""
    found = queries.visible(by).filter(pk=conversation).first()
    if found is None:
        raise PermissionDenied(rules.SEE.key)
    ward = hold(by, found.student_id) if by.role is GuardianRole else None
    locked = rules.SEE.rows(by, Conversation.objects.select_for_update().filter(pk=conversation)).first()
    if locked is None:
        raise PermissionDenied(rules.SEE.key)
    return locked, ward


def _check_somebody_reads(by: Asker, now_in: People) -> None:
    if by.role is GuardianRole and not now_in.staff:
        raise ValidationError(
            _("老师已不在这次沟通里（孩子转班、转校，或老师换了岗位）。请和现在的班主任另开一次沟通。")
        )
    if by.role is not GuardianRole and not now_in.guardians:
        raise ValidationError(_("这次沟通里现在没有可以看到消息的监护人，没有发送。"))


@transaction.atomic
def take_back(*, by: Asker, message: UUID) -> Message:
    """Take an own message back while it is fresh; it stays as 已撤回. Doing it twice leaves the first time standing."""
    found = Message.objects.filter(pk=message).first()
    if found is None or found.by_account != by.account_id:
        raise PermissionDenied(rules.SEE.key)
    _locked(by, found.conversation_id)
    locked = Message.objects.select_for_update().get(pk=message)
    if locked.withdrawn_at is not None:
        return locked
    if clock.now() - locked.at > rules.TAKE_BACK:
        raise ValidationError(_("发出超过2分钟的消息不能撤回。"))
    locked.withdrawn_at = clock.now()
    locked.save(update_fields=["withdrawn_at"])
    return locked


@transaction.atomic
def mark_read(*, by: Asker, conversation: UUID, number: int) -> None:
    """Note that the asker has read up to that message; never backwards, never beyond the last. Told to nobody else but
    the writers of those messages."""
    found = queries.visible(by).filter(pk=conversation).first()
    if found is None:
        raise PermissionDenied(rules.SEE.key)
    if by.role is GuardianRole:
        hold(by, found.student_id)
    values = {"id": uuid7(), "account": by.account_id, "number": number, "conversation": conversation}
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
