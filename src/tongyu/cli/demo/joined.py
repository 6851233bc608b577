"""Which guardians of the invented county have joined: about three in five."""

from collections import defaultdict
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from tongyu.cli.demo.county import Plan
from tongyu.cli.demo.sign_ins import PARENT
from tongyu.core.bulk import insert_rows
from tongyu.directory.families import consent_text
from tongyu.directory.models import Account, AccountPhone, Consent, Guardian, Guardianship
from tongyu.records.demos import CHINA, Dice

JOINED, CONSENTED = 0.6, 0.9


def write_joined(plan: Plan, secret: str) -> int:
    """Accounts and proven phones of who has joined, set on the guardians that are about to be written."""
    dice = Dice(f"tongyu {plan.seed} {plan.day} joined")
    ties = _ties(plan)
    known = _known_parent(plan, ties)
    adults = [
        guardian
        for guardian in plan.roll.guardians
        if guardian.phone and (guardian is known or dice.chance(JOINED))
    ]
    nobody = make_password(None)
    names = {adult.pk: PARENT if adult is known else f"f-{place:06d}" for place, adult in enumerate(adults)}
    insert_rows(
        [
            Account(username=names[adult.pk], password=secret if adult is known else nobody, guardian=True)
            for adult in adults
        ]
    )
    ids = dict(Account.objects.filter(guardian=True).values_list("username", "id"))
    proven = datetime.combine(plan.years[1].year.start, time(19), CHINA)
    for adult in adults:
        adult.account_id = ids[names[adult.pk]]
    insert_rows(
        [
            AccountPhone(
                account_id=ids[names[adult.pk]],
                phone=adult.phone,
                phone_index=adult.phone_index,
                proven_at=proven,
            )
            for adult in adults
        ]
    )
    return len(adults)


def write_consents(plan: Plan) -> int:
    """Nine in ten who have joined have agreed; the known parent is still asked."""
    dice = Dice(f"tongyu {plan.seed} {plan.day} consents")
    given_at = datetime.combine(plan.years[1].year.start, time(20), CHINA)
    digest = consent_text.text_hash()
    known = _known_parent(plan, _ties(plan))
    rows = [
        Consent(
            id=dice.uuid7(given_at),
            student_id=tie.student_id,
            org=tie.org,
            guardian_id=tie.guardian_id,
            account_id=tie.guardian.account_id,
            text_version=consent_text.VERSION,
            text_hash=digest,
            decides=tie.may_decide,
            given_at=given_at,
        )
        for tie in plan.roll.guardianships
        if tie.until_day is None
        and tie.guardian.account_id
        and tie.guardian is not known
        and dice.chance(CONSENTED)
    ]
    return insert_rows(rows)


def _ties(plan: Plan) -> dict[UUID, list[Guardianship]]:
    found: dict[UUID, list[Guardianship]] = defaultdict(list)
    for tie in plan.roll.guardianships:
        if tie.until_day is None:
            found[tie.guardian_id].append(tie)
    return found


def _known_parent(plan: Plan, ties: dict[UUID, list[Guardianship]]) -> Guardian | None:
    """A parent of the known class, with a second child at school if there is one like that; None without pupils."""
    there = plan.known_class.code
    staying = {time.student_id for time in plan.roll.enrolments if time.left_on is None}

    def fit(own: list[Guardianship]) -> Any:
        children = {tie.student_id for tie in own if tie.student_id in staying}
        return (len(children), own[0].may_decide)

    candidates = [
        own
        for own in ties.values()
        if own[0].guardian.phone and any(tie.org == there and tie.student_id in staying for tie in own)
    ]
    own = max(candidates, key=fit, default=None)
    return own[0].guardian if own else None
