"""Named reads of family life; each starts from the asker."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting, everywhere
from tongyu.directory.families.entitled import entitled
from tongyu.directory.models import Guardianship, Student
from tongyu.directory.models.people import LeftBehind, Relation
from tongyu.records.models import PupilRecord
from tongyu.workbenches.families.family_life.models import (
    AgreementText,
    FamilyActivity,
    FamilyAgreement,
    FamilyContact,
)
from tongyu.workbenches.families.family_life.rules import OWN, READ_SHARED, SEE

AnyRecord = TypeVar("AnyRecord", bound=PupilRecord)


def visible(asker: Asker, model: type[AnyRecord]) -> QuerySet[AnyRecord]:
    """The records of which the asker may know; pupils are fetched apart, for one may have moved away."""
    return SEE.rows(asker, model._default_manager.all()).prefetch_related("student")


def once_a_child(asker: Asker, model: type[AnyRecord]) -> QuerySet[AnyRecord]:
    """Of each child the latest record that stands: that there was one, and not how many there were."""
    later = model._default_manager.filter(student_id=OuterRef("student_id"), withdrawn_at=None).filter(
        Q(occurred_on__gt=OuterRef("occurred_on"))
        | Q(occurred_on=OuterRef("occurred_on"), pk__gt=OuterRef("pk"))
    )
    return visible(asker, model).filter(withdrawn_at=None).exclude(Exists(later))


def named(records: QuerySet[Any], beginning: str) -> QuerySet[Any]:
    """The records on children whose name, or its pinyin, begins so."""
    pupils = Student.objects.filter(Q(name__prefix=beginning) | Q(name_key__prefix=beginning.lower()))
    return records.filter(student_id__in=pupils.values("pk"))


def shared_text(asker: Asker, agreement: FamilyAgreement) -> AgreementText | None:
    """What was agreed, for the school to which the family shows it."""
    if not READ_SHARED.allows(asker, agreement):
        return None
    return AgreementText.objects.filter(pk=agreement.pk, shared=True).first()


def own(asker: Asker, model: type[AnyRecord]) -> QuerySet[AnyRecord]:
    """What the asker entered about the own children and did not take back."""
    return OWN.rows(asker, model._default_manager.filter(withdrawn_at=None))


def own_activities(asker: Asker) -> QuerySet[FamilyActivity]:
    """The asker's diary, with what is remembered."""
    return own(asker, FamilyActivity).select_related("diary")


def own_agreements(asker: Asker) -> QuerySet[FamilyAgreement]:
    """The agreements that the asker signed, with their text."""
    return own(asker, FamilyAgreement).filter(text__isnull=False).select_related("text")


def absent_from(asker: Asker) -> set[UUID]:
    """Of the asker's children those with whom the asker, father or mother, does not live. One query.

    The roll says whose parents work away; the guardianship whether this parent lives with the child.
    """
    pairs = Q()
    for ward in asker.wards:
        pairs |= Q(student_id=ward.student_id, guardian_id=ward.guardian_id)
    if not pairs:
        return set()
    with acting(everywhere()):
        return set(away().filter(pairs).values_list("student_id", flat=True))


def away() -> QuerySet[Guardianship]:
    """The guardianships of fathers and mothers who work away. Where both do, who is not said to live with the child is
    away; where one does, the other may be the one who was not asked, so it must be said."""
    parents = entitled(today()).filter(relation__in=[Relation.FATHER, Relation.MOTHER])
    said = Q(lives_together=False, student__left_behind=LeftBehind.ONE_PARENT)
    return parents.filter(said | (Q(student__left_behind=LeftBehind.BOTH_PARENTS) & ~Q(lives_together=True)))


def in_touch(day: date) -> set[tuple[UUID, UUID]]:
    """The pairs (guardian, child) of which a call in the month of that day was told. One query, for the reminder, which
    acts for no person."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    rows = FamilyContact.objects.filter(
        occurred_on__gte=day.replace(day=1), occurred_on__lt=following, withdrawn_at=None
    )
    told = set(rows.values_list("by_account", "student_id"))
    ties = Guardianship.objects.filter(student_id__in=rows.values("student_id"))
    found = ties.values_list("guardian_id", "student_id", "guardian__account_id")
    return {(guardian, student) for guardian, student, account in found if (account, student) in told}


def told_this_month(asker: Asker, students: Collection[UUID], day: date) -> set[UUID]:
    """Of these children the ones with whom the asker was in touch in the month of that day."""
    rows = own(asker, FamilyContact).filter(student_id__in=students)
    rows = rows.filter(occurred_on__gte=day.replace(day=1), occurred_on__lte=day)
    return set(rows.values_list("student_id", flat=True))
