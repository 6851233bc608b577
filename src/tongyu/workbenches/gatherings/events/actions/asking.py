"""Parents' questions about a meeting: asked before or after it, answered by the teacher, shown to the class or not."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory.families.guarding import hold
from tongyu.workbenches.gatherings.events.actions.telling import tell_answered
from tongyu.workbenches.gatherings.events.models import Event, FamilyQuestion, SharedAnswer
from tongyu.workbenches.gatherings.events.rules import ANSWER_QUESTION, FAMILY_EVENT, wards_in

LONGEST_QUESTION, LONGEST_ANSWER, MOST_QUESTIONS = 300, 1000, 10


@transaction.atomic
def ask_question(*, by: Asker, id: UUID, event: Event, student: UUID, text: str) -> FamilyQuestion:
    """A guardian's question about one child to its class teacher; the same id twice is one question.

    Raises ValidationError at `text`, PermissionDenied when the child is no ward any more.
    """
    ward = hold(by, student)
    FAMILY_EVENT.check(by, event)
    if ward not in wards_in(by, event):
        raise PermissionDenied(FAMILY_EVENT.key)
    text = _words(text, "text", LONGEST_QUESTION, _("请写下您的问题。"))
    if event.cancelled_at is not None:
        raise ValidationError({"text": _("活动已经取消。")})
    mine = FamilyQuestion.objects.filter(event=event, guardian_id=ward.guardian_id).exclude(pk=id)
    if mine.count() >= MOST_QUESTIONS:
        raise ValidationError(
            {"text": _("这次活动您已经提了 %d 个问题，其余请当面问老师。") % MOST_QUESTIONS}
        )
    row = FamilyQuestion(
        id=id,
        event=event,
        org=ward.org,
        student_id=ward.student_id,
        guardian_id=ward.guardian_id,
        text=text,
        asked_at=now(),
        by_account=by.account_id,
    )
    if not insert_once(row):
        standing = FamilyQuestion.objects.filter(pk=id, by_account=by.account_id, event=event).first()
        if standing is None or standing.text != text:
            raise ValidationError({"text": _("这个问题已用同一编号提过，内容不同。请刷新页面后再提。")})
        return standing
    return row


@transaction.atomic
def answer_question(*, by: Asker, question: FamilyQuestion, answer: str, share: bool) -> FamilyQuestion:
    """The teacher's answer, to the asker alone or (`share`) to all families of the class without the asker's name.

    A later answer replaces the first; without `share` what was shown is taken back. Raises ValidationError.
    """
    ANSWER_QUESTION.check(by, question)
    answer = _words(answer, "answer", LONGEST_ANSWER, _("请写下答复。"))
    locked = FamilyQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    standing_words = locked.answer == answer
    locked.answer, locked.answered_at, locked.answered_by = answer, now(), by.account_id
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    if share:
        shown = {"text": locked.text, "answer": answer, "by_account": by.account_id, "at": now()}
        SharedAnswer.objects.update_or_create(
            question=locked,
            defaults=shown,
            create_defaults={"id": uuid7(), "event_id": locked.event_id, "org": locked.org, **shown},
        )
    else:
        SharedAnswer.objects.filter(question=locked).delete()
    if not standing_words:
        tell_answered(locked)
    return locked


def _words(text: str, name: str, longest: int, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({name: missing})
    if len(text) > longest:
        raise ValidationError({name: _("不能超过 %d 个字。") % longest})
    return text
