"""A guardian has learned a lesson; the last one of a course finishes it. Sent again, or in another order: the same."""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.core.turns import take_turn
from tongyu.records import life
from tongyu.workbenches.families.parent_school.models import Completion, CompletionOf, Course, LessonDone
from tongyu.workbenches.families.parent_school.queries.learning import finished_on
from tongyu.workbenches.families.parent_school.rules import LEARN

NAMES = uuid.UUID("0d4c0f52-6f7e-5d0a-9a53-2f1d7d6f4b11")
MOST_ROUNDS = 50


@transaction.atomic
def learn(*, by: Asker, course: Course, lesson: str, round: int = 1) -> bool:
    """Keep that the asker has learned this lesson; True when the whole course is finished by it or was before.

    Raises PermissionDenied without a child, ValidationError for a lesson that the course does not have or a round
    that has not begun.
    """
    LEARN.check(by)
    if not by.wards:
        raise PermissionDenied(LEARN.key)
    keys = list(course.lessons.values_list("key", flat=True))
    if lesson not in keys:
        raise ValidationError(_("这一课已有变动，请返回课程重新打开。"))
    take_turn("learn", by.account_id)  # two lessons finished in two windows at once see each other
    if not 1 <= round <= MOST_ROUNDS or (round > 1 and not _completed(by, course, round - 1)):
        raise ValidationError(_("请返回课程重新打开。"))
    done = LessonDone.objects.filter(
        by_account=by.account_id, course_org=course.org, course_key=course.key, round=round
    )
    if not done.filter(lesson_key=lesson).exists():
        insert_once(
            LessonDone(
                id=name_of(by.account_id, course, round, lesson), by_account=by.account_id, course_org=course.org,
                course_key=course.key, lesson_key=lesson, round=round, done_on=today(),
            )
        )  # fmt: skip
    day = finished_on(keys, done.values_list("lesson_key", "done_on"))
    if day is None:
        return _completed(by, course, round)
    _finish(by, course, round, day)
    return True


def _finish(by: Asker, course: Course, round: int, day: date) -> None:
    if _completed(by, course, round):
        return
    record = Completion(
        id=name_of(by.account_id, course, round, ""),
        course_org=course.org,
        course_key=course.key,
        round=round,
        occurred_on=day,
    )
    life.sign(record, by=by, org=by.wards[0].org)
    if not insert_once(record):
        return
    places = {ward.guardian_id: ward.org for ward in by.wards}
    CompletionOf.objects.bulk_create(
        CompletionOf(id=uuid7(), completion=record, by_account=by.account_id, org=org, guardian_id=guardian)
        for guardian, org in places.items()
    )
    # The facts hang on the children's ties, which the guardian's own scope need not show.
    with acting(everywhere(person="")):
        life.entered(Completion.kind_key, [record.pk])


def _completed(by: Asker, course: Course, round: int) -> bool:
    rows = Completion.objects.filter(by_account=by.account_id, course_org=course.org, course_key=course.key)
    return rows.filter(round=round).exists()


def name_of(account: int, course: Course, round: int, lesson: str) -> uuid.UUID:
    """The same lesson in the same round is the same row, whoever sends it how often; without one, the whole course."""
    return uuid.uuid5(NAMES, f"{account}|{course.org}|{course.key}|{round}|{lesson}")
