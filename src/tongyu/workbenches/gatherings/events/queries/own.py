"""What a guardian sees of events, and the questions of a class with their answers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongyu.core.access import Asker
from tongyu.workbenches.gatherings.events.models import (
    Event,
    FamilyAnswer,
    FamilyQuestion,
    SharedAnswer,
)
from tongyu.workbenches.gatherings.events.rules import ANSWER_QUESTION, FAMILY_EVENT, OWN_QUESTION


def invited_events(asker: Asker) -> QuerySet[Event]:
    """Events to which the guardian's families are invited, cancelled ones too, with their scopes at hand."""
    return FAMILY_EVENT.rows(asker, Event.objects.all()).prefetch_related("scopes")


def own_answers(asker: Asker, events: Iterable[Event]) -> dict[tuple[Any, UUID], str]:
    """(event, child) → what this guardian answered, and nobody else's answer."""
    own = {(ward.student_id, ward.guardian_id) for ward in asker.wards}
    rows = FamilyAnswer.objects.filter(
        event__in=[event.pk for event in events], student__in=[ward.student_id for ward in asker.wards]
    )
    return {
        (row.event_id, row.student_id): row.says for row in rows if (row.student_id, row.guardian_id) in own
    }


def own_questions(asker: Asker, event: Event) -> list[FamilyQuestion]:
    """What this guardian asked about the event, the oldest first."""
    own = {ward.guardian_id for ward in asker.wards}
    rows = OWN_QUESTION.rows(asker, FamilyQuestion.objects.filter(event=event))
    return [row for row in rows if row.guardian_id in own]


def shared_answers(event: Event, classes: Iterable[int]) -> list[SharedAnswer]:
    """What the teachers answered to all families of these classes."""
    return list(SharedAnswer.objects.filter(event=event, org__in=list(classes)))


def questions_of_class(asker: Asker, event: Event, class_code: int) -> list[FamilyQuestion]:
    """The questions of one class as its teacher reads them; those without an answer first."""
    rows = ANSWER_QUESTION.rows(asker, FamilyQuestion.objects.filter(event=event, org=class_code))
    found = rows.select_related("student", "guardian", "shared")
    return sorted(found, key=lambda row: (row.answered_at is not None, row.asked_at))
