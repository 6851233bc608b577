"""Consent to processing what a family itself tells: asked first, by version, withdrawable (check C30)."""

from typing import Any
from uuid import UUID

from django.db import transaction

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.directory.families import consent_text
from tongyu.directory.families.entitled import entitled
from tongyu.directory.families.guarding import hold
from tongyu.directory.models import Consent

AGREED = """
SELECT count(DISTINCT student_id) FROM directory_consent
WHERE student_id = ANY(%(students)s::uuid[]) AND account_id = %(account)s::bigint AND withdrawn_at IS NULL
  AND text_version = %(version)s::text
"""


def given(student: UUID | str) -> bool:
    """Whether somebody who decides for the child today has agreed to the text of today and not withdrawn."""
    with acting(everywhere()):
        agreed = Consent.objects.filter(
            student_id=student, decides=True, withdrawn_at=None, text_version=consent_text.VERSION
        )
        who = set(agreed.values_list("guardian_id", flat=True))
        if not who:
            return False
        ties = entitled(today()).filter(student_id=student, guardian_id__in=who)
        return any(tie.may_decide for tie in ties)


def own(by: Asker) -> dict[UUID, Consent]:
    """The asker's own standing consents to the text of today, by child."""
    rows = Consent.objects.filter(
        student_id__in=[ward.student_id for ward in by.wards],
        account_id=by.account_id,
        withdrawn_at=None,
        text_version=consent_text.VERSION,
    )
    return {row.student_id: row for row in rows}


def agreed_for_all(by: Asker) -> bool:
    """Whether the asker has agreed to the text of today for every own child. One query, for the home page."""
    values: dict[str, Any] = {
        "students": [ward.student_id for ward in by.wards],
        "account": by.account_id,
        "version": consent_text.VERSION,
    }
    with prepared_cursor() as cursor:
        cursor.execute(AGREED, untyped(values))
        return bool(cursor.fetchone()[0] >= len(by.wards))


@transaction.atomic
def give(*, by: Asker, student: UUID | str) -> Consent:
    """Agree, for one child; doing it twice leaves one. PermissionDenied when it is no child of the asker's.

    A guardian who may not decide agrees for the own data only; the child's wait for one who may.
    """
    ward = hold(by, student)
    mine = {
        "student_id": ward.student_id,
        "guardian_id": ward.guardian_id,
        "text_version": consent_text.VERSION,
        "withdrawn_at": None,
    }
    found: Consent = Consent.objects.get_or_create(
        **mine,
        defaults={
            "org": ward.org,
            "account_id": by.account_id,
            "text_hash": consent_text.text_hash(),
            "decides": ward.may_decide,
            "given_at": now(),
        },
    )[0]
    if ward.may_decide and not found.decides:
        found.decides = True
        found.save(update_fields=["decides"])
    return found


@transaction.atomic
def withdraw(*, by: Asker, student: UUID | str) -> int:
    """Withdraw the asker's consents for one child, of every version; returns how many ended."""
    ward = hold(by, student)
    standing = Consent.objects.filter(student_id=ward.student_id, account_id=by.account_id, withdrawn_at=None)
    return standing.update(withdrawn_at=now())
