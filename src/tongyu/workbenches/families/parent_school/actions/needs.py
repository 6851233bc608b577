"""Ask the guardians which topics would help them; take their choice."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.ids import uuid7
from tongyu.core.turns import take_turn
from tongyu.workbenches.families.parent_school.models import NeedsAnswer, NeedsSurvey, Topic
from tongyu.workbenches.families.parent_school.rules import ASK_NEEDS, LEARN

LONGEST = timedelta(days=92)


@transaction.atomic
def ask_needs(*, by: Asker, topics: Sequence[str], closes_on: date) -> NeedsSurvey:
    """Open a survey at the asker's body until and including `closes_on - 1`; one at a time."""
    ASK_NEEDS.check(by)
    chosen = [topic for topic in Topic.values if topic in topics]
    if len(chosen) < 2:
        raise ValidationError({"topics": _("请至少选两个主题。")})
    if not today() < closes_on <= today() + LONGEST:
        raise ValidationError({"closes_on": _("截止日期应在今天之后、三个月之内。")})
    take_turn("needs", by.body_code)
    if NeedsSurvey.objects.filter(org=by.body_code, closes_on__gt=today()).exists():
        raise ValidationError(_("已有一次征集正在进行，结束后才能再开。"))
    return NeedsSurvey.objects.create(
        org=by.body_code,
        hi=by.hi,
        topics=chosen,
        opened_on=today(),
        closes_on=closes_on,
        by_account=by.account_id,
    )


@transaction.atomic
def end_needs(*, by: Asker, survey: NeedsSurvey) -> NeedsSurvey:
    """Close a survey today; a closed one stays as it is."""
    ASK_NEEDS.check(by, survey)
    locked = NeedsSurvey.objects.select_for_update().get(pk=survey.pk)
    if locked.closes_on > today():
        locked.closes_on = today()
        locked.save(update_fields=["closes_on"])
    return locked


@transaction.atomic
def answer_needs(*, by: Asker, survey: NeedsSurvey, topics: Sequence[str]) -> None:
    """Keep the asker's choice, or change it, while the survey is open; an empty one takes it back."""
    LEARN.check(by)
    if not any(survey.org <= ward.org < survey.hi for ward in by.wards):
        raise PermissionDenied(LEARN.key)
    if survey.closes_on <= today():
        raise ValidationError(_("这次征集已经结束。"))
    chosen = [topic for topic in survey.topics if topic in topics]
    mine = NeedsAnswer.objects.filter(survey=survey, by_account=by.account_id)
    if not chosen:
        mine.delete()
        return
    NeedsAnswer.objects.bulk_create(
        [NeedsAnswer(id=uuid7(), survey=survey, by_account=by.account_id, topics=chosen)],
        update_conflicts=True,
        unique_fields=["survey", "by_account"],
        update_fields=["topics"],
    )
