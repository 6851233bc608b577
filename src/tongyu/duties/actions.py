"""What people decide about duties: that one is lifted."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Enrolment
from tongyu.duties import jobs, update
from tongyu.duties.models import Exemption
from tongyu.duties.rules import EXEMPT


@transaction.atomic
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
    """Lift one duty (default: all) for everything at `place`, or for one pupil there, from a day until before another.

    Raises ValidationError by field for missing words, days in the wrong order, or a pupil who was never there. The
    boards are right when this ends; a place larger than a school is recomputed by a job.
    """
    EXEMPT.check(by, place)
    _require_known(place, subject)
    exemption = Exemption(
        obligation_id=obligation_id,
        org=place.code,
        lo=place.code,
        hi=place.hi,
        subject=subject,
        reason=reason.strip(),
        decided_by=decided_by.strip(),
        approver=approver.strip(),
        by_account=by.account_id,
        from_day=from_day,
        until_day=until_day,
    )
    if until_day is not None and until_day <= from_day:
        raise ValidationError({"until_day": _("结束日期要晚于开始日期。")})
    exemption.full_clean()
    exemption.save(force_insert=True)
    county = codes.containing(place.code, BodyKind.COUNTY)
    if place.hi - place.code > codes.WIDTH[BodyKind.SCHOOL]:
        jobs.ask_full(county, clock.today())
    else:
        update.refresh_places([(place.code, place.hi)], clock.today(), county)
    return exemption


def _require_known(place: Body, subject: UUID | None) -> None:
    if subject is None:
        return
    inside = Enrolment.objects.filter(student_id=subject, org__gte=place.code, org__lt=place.hi)
    if not inside.exists():
        raise ValidationError({"subject": _("该生没有在这个单位就读过。")})
