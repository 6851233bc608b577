"""What people decide about duties: that some are lifted, and that this ends early."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.locks import hold_county
from tongyu.directory.models import Body
from tongyu.duties import exempting, jobs, update
from tongyu.duties.models import Exemption, Standing
from tongyu.duties.queries.scope import county_of
from tongyu.duties.rules import END_EXEMPTION, EXEMPT


@dataclass(frozen=True)
class Target:
    """Whose duty is lifted: one pupil at the place, or (without) everything there."""

    place: Body
    subject: UUID | None = None
    name: str = ""


@dataclass(frozen=True)
class Terms:
    """Which duty is lifted (default: all), why, by whom, and from which day until before another."""

    reason: str
    decided_by: str
    approver: str
    from_day: date
    until_day: date | None = None
    obligation_id: int | None = None


def grant_exemption(
    *,
    by: Asker,
    place: Body,
    reason: str,
    decided_by: str,
    approver: str,
    from_day: date,
    until_day: date | None = None,
    obligation_id: int | None = None,
    subject: UUID | None = None,
) -> Exemption:
    """Lift one duty (default: all) for everything at `place`, or for one pupil there: see `grant_exemptions`."""
    terms = Terms(reason, decided_by, approver, from_day, until_day, obligation_id)
    return grant_exemptions(by=by, targets=[Target(place, subject)], terms=terms)[0]


@transaction.atomic
def grant_exemptions(
    *, by: Asker, targets: Sequence[Target], terms: Terms, id: UUID | None = None
) -> list[Exemption]:
    """Lift the duty for all the targets, or for none; the boards are right when this ends.

    The same `id` sent again answers with what stands. Raises ValidationError by field (`units` for whom it is about)
    for missing words, impossible days, pupils who were never there, what is lifted already. All duties of a place
    larger than a school are recomputed by a job.
    """
    rows = plan_exemptions(by=by, targets=targets, terms=terms, id=id)
    new = [row for row in rows if row._state.adding]
    if not all(insert_once(row) for row in new):
        raise exempting.used_id()
    if new:
        _recompute(by, new)
    return rows


@transaction.atomic
def plan_exemptions(
    *, by: Asker, targets: Sequence[Target], terms: Terms, id: UUID | None = None
) -> list[Exemption]:
    """What `grant_exemptions` would write, unsaved; refuses what it refuses. What stands already is given as it is."""
    for target in targets:
        EXEMPT.check(by, target.place)
    # Whoever else lifts a duty in this county waits here, so that two cannot lift the same one.
    hold_county(county_of(by))
    rows = _rows(by, targets, terms, id or uuid7())
    standing = exempting.already_granted(rows)
    if standing:
        return standing
    exempting.check(
        rows, {row.pk: target.name for row, target in zip(rows, targets, strict=True)}, county_of(by)
    )
    return rows


@transaction.atomic
def end_exemption(*, by: Asker, exemption: UUID, until_day: date, reason: str) -> Exemption:
    """End it on a day from which the duty stands again; it keeps who ended it and why, and is never deleted.

    The day is today or later, and before its last; one that has not begun ends empty. Raises ValidationError by
    field, and for one that is over.
    """
    hold_county(county_of(by))
    row = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption)
    END_EXEMPTION.check(by, row)
    reason = reason.strip()
    last = max(until_day, row.from_day)
    if (row.ended_by, row.until_day, row.ended_reason) == (by.account_id, last, reason):
        return row
    exempting.check_end(row, until_day, clock.today())
    row.until_day, row.ended_by, row.ended_reason = last, by.account_id, reason
    if not reason:
        raise ValidationError({"reason": _("请填写原因。")})
    try:
        row.clean_fields(exclude=["obligation"])
    except ValidationError as error:
        raise ValidationError({"reason": error.error_dict["ended_reason"]}) from error
    row.save(update_fields=["until_day", "ended_by", "ended_reason"])
    _recompute(by, [row])
    return row


def _rows(by: Asker, targets: Sequence[Target], terms: Terms, id: UUID) -> list[Exemption]:
    return [
        Exemption(
            id=uuid5(id, f"{target.place.code} {target.subject}"),
            obligation_id=terms.obligation_id,
            org=target.place.code,
            lo=target.place.code,
            hi=target.place.hi,
            subject=target.subject,
            reason=terms.reason.strip(),
            decided_by=terms.decided_by.strip(),
            approver=terms.approver.strip(),
            by_account=by.account_id,
            from_day=terms.from_day,
            until_day=terms.until_day,
        )
        for target in targets
    ]


def _recompute(by: Asker, rows: Iterable[Exemption]) -> None:
    """Once for all rows. A pupil's duties stand where the pupil is now, too."""
    rows = list(rows)
    obligation_id = rows[0].obligation_id
    large = any(row.hi - row.lo > codes.WIDTH[BodyKind.SCHOOL] for row in rows)
    if large and obligation_id is None:
        jobs.ask_full(county_of(by), clock.today())
        return
    subjects = [row.subject for row in rows if row.subject]
    here = Standing.objects.filter(subject__in=subjects).values_list("org", flat=True).distinct()
    places = {(row.lo, row.hi) for row in rows} | {(org, org + 1) for org in here}
    update.refresh_places(sorted(places), clock.today(), county_of(by), obligation_id)
