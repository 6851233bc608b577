"""Write a message, take it back, note how far one has read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock
from tongyu.core.access import Asker, Ward
from tongyu.core.files import StoredFile
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory.families.guarding import hold
from tongyu.directory.roles import GuardianRole
from tongyu.records import attachments
from tongyu.workbenches.families.conversations import queries, rules
from tongyu.workbenches.families.conversations.actions.telling import tell
from tongyu.workbenches.families.conversations.models import Conversation, Message, MessageFile
from tongyu.workbenches.families.conversations.queries import People

TEXT = 1000
OTHER_CONTENT = gettext_lazy("这条消息已用同一编号发送过，内容不同。请刷新页面后重新发送。")
READ = """
INSERT INTO conversations_readto (id, conversation_id, org, by_account, number)
SELECT %(id)s, c.id, c.org, %(account)s, LEAST(%(number)s, c.last_number)
FROM conversations_conversation c WHERE c.id = %(conversation)s
ON CONFLICT (conversation_id, by_account) DO UPDATE
SET number = GREATEST(conversations_readto.number, EXCLUDED.number)
WHERE conversations_readto.number < EXCLUDED.number
"""


@transaction.atomic
def post_message(
    *, by: Asker, conversation: UUID, id: UUID, text: str, uploads: Sequence[UploadedFile] = ()
) -> Message:
    """Write one message under the id its sender made; the same id again gives the message that stands.

    Raises ValidationError by field, also when nobody is left on the other side; PermissionDenied for whoever is not, or
    no longer, in: a block or a change of school that comes at the same moment is waited for, and wins.
    """
    locked, ward = _locked(by, conversation)
    text = text.strip()
    standing = Message.objects.filter(pk=id).first()
    if standing is not None:
        if (standing.by_account, standing.conversation_id, standing.text) != (by.account_id, locked.pk, text):
            raise ValidationError(OTHER_CONTENT)
        return standing
    _check_content(text, uploads)
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
        _store(locked, message, stored)
    tell(by, message, now_in)
    return message


def _check_content(text: str, uploads: Sequence[UploadedFile]) -> None:
    if not text and not uploads:
        raise ValidationError({"text": _("请写点什么再发送。")})
    if len(text) > TEXT:
        raise ValidationError({"text": _("一条消息不超过1000个字，请分几条发送。")})


def _store(locked: Conversation, message: Message, stored: Sequence[StoredFile]) -> None:
    """The message with its files, and its number as the conversation's last."""
    if not insert_once(message):
        raise ValidationError(OTHER_CONTENT)
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
    values: dict[str, Any] = {
        "id": uuid7(),
        "account": by.account_id,
        "number": number,
        "conversation": conversation,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
