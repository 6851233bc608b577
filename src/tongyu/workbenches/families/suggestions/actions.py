"""What is done with suggestions: written, taken back, answered, made public."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker, Ward
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.core.turns import take_turn
from tongyu.directory.codes import containing
from tongyu.directory.families import guarding
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Guardianship
from tongyu.notices.actions import send
from tongyu.notices.recipients import Guardians
from tongyu.notices.topics import DINGTALK, SCHOOL, WECOM, Topic, Words, topics
from tongyu.records import life
from tongyu.records.entering import enter
from tongyu.workbenches.families.suggestions.models import Category, Suggestion
from tongyu.workbenches.families.suggestions.queries import answer_days, reach
from tongyu.workbenches.families.suggestions.rules import ANSWER, OWN, WRITE

MOST_OPEN = 10
ANSWERED = topics.register(
    Topic(
        "suggestion_answer",
        gettext_lazy("建言献策"),
        dict.fromkeys((SCHOOL, WECOM, DINGTALK), Words.TITLE),
    )
)
MOST_TEXT, MOST_ANSWER = 1000, 2000


@transaction.atomic
def write_suggestion(
    *,
    by: Asker,
    school: int,
    category: str,
    text: str,
    id: UUID,
    named: bool = False,
    may_publish: bool = False,
) -> Suggestion:
    """Send a suggestion to the school of an own child; the term for the answer is the one that holds today (三(六)).

    Raises PermissionDenied for any other school, ValidationError at the field. The same id again is the same one.
    """
    WRITE.check(by)
    ward = guarding.hold(by, _ward(by, school).student_id)
    if category not in Category.values:
        raise ValidationError({"category": _("请选择关于什么。")})
    _check_length("text", text, MOST_TEXT, _("请写下您的建议。"))
    take_turn("suggest", by.account_id)
    waiting = Suggestion.objects.filter(
        by_account=by.account_id, org=school, answered_at=None, withdrawn_at=None
    )
    if waiting.exclude(pk=id).count() >= MOST_OPEN:
        raise ValidationError(_("您有 %d 条建议学校还没有答复，请等答复后再写。") % MOST_OPEN)
    days, on = answer_days(school, today()), today()
    record = Suggestion(
        id=id, hi=reach(school), category=category, text=text.strip(), writer=_writer(by, ward), named=named,
        may_publish=may_publish, occurred_on=on, due_on=on + timedelta(days=days) if days else None,
    )  # fmt: skip
    return enter(record, by=by, org=school)[0]


@transaction.atomic
def take_back(*, by: Asker, suggestion: Suggestion, version: int) -> Suggestion:
    """The writer takes a suggestion back that is not answered; done twice it is done once."""
    OWN.check(by, suggestion)
    locked = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if locked.withdrawn_at is not None:
        return locked
    if locked.answered_at is not None:
        raise ValidationError(_("学校已经答复，不能撤回。"))
    # What stood there is kept at the school, which a guardian's own scope does not reach.
    with acting(everywhere()):
        return life.withdraw(locked, by=by, reason=_("家长撤回"), version=version)


@transaction.atomic
def answer_suggestion(
    *, by: Asker, suggestion: Suggestion, answer: str, version: int, publish: bool = False
) -> Suggestion:
    """Answer a suggestion, or mend the answer; made public only when the writer agreed.

    The day of the first answer stays. The same answer sent again changes nothing; an answer given meanwhile by
    somebody else, and an empty one, raise ValidationError.
    """
    ANSWER.check(by, suggestion)
    _check_length("answer", answer, MOST_ANSWER, _("请填写答复。"))
    if publish and not suggestion.may_publish:
        raise ValidationError({"publish": _("写的人没有同意公开。")})
    locked = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if (locked.answer, bool(locked.published_at)) == (answer.strip(), publish):
        return locked
    changes = {
        "answer": answer.strip(),
        "answered_on": locked.answered_on or today(),
        "answered_at": locked.answered_at or now(),
        "answered_by": by.account_id,
        "published_at": (locked.published_at or now()) if publish else None,
    }
    mended, said_before = locked.answered_at is not None, locked.answer
    reason = _("更正答复") if mended else _("答复")
    answered = life.correct(locked, by=by, reason=reason, version=version, changes=changes)
    if answered.answer != said_before:
        _tell_writer(by, answered, mended=mended)
    return answered


def _tell_writer(by: Asker, suggestion: Suggestion, *, mended: bool) -> None:
    """Who wrote is told that an answer has come, or was mended; not what it says. Labelled with the children there, or
    with all of the writer's when none is there any more."""
    with acting(everywhere()):
        ties = Guardianship.objects.filter(guardian__account_id=suggestion.by_account or 0, until_day=None)
        here = ties.filter(org__gte=suggestion.org, org__lt=suggestion.hi)
        pairs = list((here if here.exists() else ties).values_list("guardian_id", "student_id"))
        send(
            topic=ANSWERED.key,
            key=f"{suggestion.pk}:{suggestion.version}",
            title=_("学校更正了给您的答复") if mended else _("学校答复了您的建议"),
            to=[Guardians(pairs)],
            by=by,
            org=suggestion.org,
            url=reverse("suggestions:family_detail", args=[suggestion.pk]),
        )


def _check_length(field: str, words: str, most: int, empty: str) -> None:
    if not words.strip():
        raise ValidationError({field: empty})
    if len(words) > most:
        raise ValidationError({field: _("不能超过 %d 个字。") % most})


def _ward(by: Asker, school: int) -> Ward:
    found = next((ward for ward in by.wards if containing(ward.org, BodyKind.SCHOOL) == school), None)
    if found is None:
        raise PermissionDenied(WRITE.key)
    return found


def _writer(by: Asker, ward: Ward) -> str:
    return f"{by.name}（{ward.class_name}家长）"[:60]
