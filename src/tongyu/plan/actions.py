"""How the office reads words that are not clear: it confirms the edition's reading, or writes its own with a paper."""

from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock, closed_days
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.once import insert_once
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.plan.models import Interpretation, OfficeReading
from tongyu.plan.queries import interpretations
from tongyu.plan.rights import SET_READINGS

CONFIRMED = UUID("0199e000-0000-7000-8000-000000000004")
"""The space of names for confirmations: one for each county, doubt and day."""


@transaction.atomic
def confirm_reading(*, by: Asker, doubt: Interpretation) -> OfficeReading:
    """The starting reading holds as it stands, from today; the same click again answers with what stands.

    Raises ValidationError when there is nothing to confirm.
    """
    today = clock.today()
    row = _reading(by, doubt, uuid7(), today)
    row.id = uuid5(CONFIRMED, f"{row.org} {doubt.pk} {today}")
    standing = OfficeReading.objects.filter(pk=row.pk).first()
    if standing is not None:
        return standing
    now = {one.pk: one for one in interpretations(doubt.plan, row.org, today)}.get(doubt.pk)
    if now is None or not now.reading:
        raise ValidationError(_("这一处还没有解释，请先写。"))
    if now.source["kind"] != "office":
        raise ValidationError(_("这一处办公室已经定过了。"))
    row.reading, row.confirmed = now.reading, True
    return _insert(row)


@transaction.atomic
def write_reading(
    *,
    by: Asker,
    doubt: Interpretation,
    id: UUID,
    reading: str,
    paper: str,
    paper_date: date,
    valid_from: date,
) -> OfficeReading:
    """The office's own reading from a day on, by a paper; the earlier days keep the earlier reading.

    Raises ValidationError by field for words that are missing, and for a day that is closed. A reading changes no rule.
    """
    row = _reading(by, doubt, id, valid_from)
    row.reading, row.paper, row.paper_date = reading.strip(), paper.strip(), paper_date
    row.clean_fields(exclude=["plan", "clause", "obligation"])
    if not row.paper:
        raise ValidationError({"paper": _("请填写文号。")})
    if paper_date > clock.today():
        raise ValidationError({"paper_date": _("文件日期不能晚于今天。")})
    if valid_from < doubt.valid_from:
        told = _("现在的解释自%(day)s起用，新的不能更早。") % {"day": doubt.valid_from.isoformat()}
        raise ValidationError({"valid_from": told})
    if said := closed_days.why_closed(valid_from, row.org):
        raise ValidationError({"valid_from": said})
    return _insert(row)


def _reading(by: Asker, doubt: Interpretation, id: UUID, valid_from: date) -> OfficeReading:
    county = codes.containing(by.body_code, BodyKind.COUNTY)
    row = OfficeReading(
        id=id,
        org=county,
        hi=codes.upper(county, BodyKind.COUNTY),
        plan_id=doubt.plan_id,
        clause_id=doubt.clause_id,
        obligation_id=doubt.obligation_id,
        kind=doubt.kind,
        words=doubt.words,
        valid_from=valid_from,
        by_account=by.account_id,
    )
    SET_READINGS.check(by, row)
    return row


def _insert(row: OfficeReading) -> OfficeReading:
    if insert_once(row):
        return row
    found = OfficeReading.objects.filter(pk=row.pk).first()
    same = ("org", "clause_id", "obligation_id", "kind", "words", "reading", "paper", "valid_from")
    if found is None or any(getattr(found, name) != getattr(row, name) for name in same):
        raise ValidationError(_("页面已过期，请刷新后重新填写。"))
    return found
