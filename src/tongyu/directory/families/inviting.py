"""The code of a class: made by its teacher, printed on slips, good for a month, stopped at any time."""

import secrets
from datetime import timedelta

from django.db import transaction

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.families.rules import INVITE
from tongyu.directory.models import Body, ClassInvitation

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is taken for another one: 8 of them are 39 bits."""
LENGTH = 8
DAYS = 30


def normalised(code: str) -> str:
    """What somebody typed or scanned, as it was made: without spaces and dashes, in capitals."""
    return "".join(each for each in code.upper() if each.isalnum())[:LENGTH]


def shown(code: str) -> str:
    """The code in two groups, as slips and screens show it."""
    return f"{code[:4]}-{code[4:]}"


@transaction.atomic
def renew(*, by: Asker, school_class: int) -> ClassInvitation:
    """A new code; the one before is void at once, on slips as well. PermissionDenied out of reach."""
    place = _place(by, school_class)
    return _new(by, place.code)


def standing_of(school_class: int) -> ClassInvitation | None:
    """The invitation that holds today, within the asker's reach."""
    return ClassInvitation.objects.filter(
        org=school_class, withdrawn_at=None, expires_on__gte=today()
    ).first()


def found_by(code: str) -> ClassInvitation | None:
    """The invitation with that code, whether it still holds or not; for somebody who is nobody here yet."""
    wanted = normalised(code)
    if len(wanted) != LENGTH:
        return None
    with acting(system_scope("join")):
        return ClassInvitation.objects.filter(code_index=blind_index(wanted)).first()


def holds(invitation: ClassInvitation) -> bool:
    """Whether one may join with it today."""
    return invitation.withdrawn_at is None and invitation.expires_on >= today()


def _place(by: Asker, school_class: int) -> Body:
    INVITE.check(by)
    place = Body.objects.standing_on(today()).filter(code=school_class, kind="school_class").first()
    INVITE.check(by, ClassInvitation(org=place.code if place else -1))
    assert place is not None
    return place


def _new(by: Asker, school_class: int) -> ClassInvitation:
    Body.objects.select_for_update().get(code=school_class)
    ClassInvitation.objects.filter(org=school_class, withdrawn_at=None).update(withdrawn_at=now())
    code = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    return ClassInvitation.objects.create(
        org=school_class,
        code=code,
        code_index=blind_index(code),
        made_at=now(),
        expires_on=today() + timedelta(days=DAYS),
        by_account=by.account_id,
    )
