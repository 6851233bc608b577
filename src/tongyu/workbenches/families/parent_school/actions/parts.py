"""The four parts of a parent school for a school year: put on record, mended, taken over from the year before."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.ids import uuid7
from tongyu.directory.hats import school_year_of
from tongyu.records import life
from tongyu.records.entering import enter
from tongyu.workbenches.families.parent_school.models import Part, PartKind, Topic
from tongyu.workbenches.families.parent_school.rules import KEEP_PARTS

LASTING = (PartKind.TEAM, PartKind.PLACE)
"""What is mostly the same next year; plan and activities are made anew."""
MOST_TEXT = 1000


def record_part(
    *,
    by: Asker,
    part: str,
    line: str,
    amount: int | None = None,
    topics: list[str] | None = None,
    occurred_on: date | None = None,
    id: UUID | None = None,
) -> Part:
    """Put one part on record at the asker's own school or township; raises ValidationError at the field."""
    KEEP_PARTS.check(by)
    _check(part, line, topics or [], occurred_on or today())
    record = Part(
        id=id or uuid7(), hi=by.hi, part=part, line=line.strip(), amount=amount, topics=topics or [],
        occurred_on=occurred_on or today(),
    )  # fmt: skip
    return enter(record, by=by)[0]


def correct_part(*, by: Asker, record: Part, reason: str, version: int, changes: dict[str, Any]) -> Part:
    """Mend a part, with the reason; what stood there is kept."""
    KEEP_PARTS.check(by, record)
    _check(record.part, changes["line"], changes["topics"], record.occurred_on)
    return life.correct(record, by=by, reason=reason, version=version, changes=changes)


@transaction.atomic
def carry_over(*, by: Asker) -> list[Part]:
    """Team and place of the school year before, put on record for this one where they are missing."""
    KEEP_PARTS.check(by)
    year = school_year_of(today())
    begins = date(year, 9, 1)
    mine = Part.objects.filter(org=by.body_code, withdrawn_at=None, part__in=LASTING)
    have = set(mine.filter(occurred_on__gte=begins).values_list("part", flat=True))
    made = []
    for part in LASTING:
        last = mine.filter(part=part, occurred_on__gte=date(year - 1, 9, 1), occurred_on__lt=begins).first()
        if part not in have and last is not None:
            made.append(record_part(by=by, part=part, line=last.line, amount=last.amount))
    return made


def _check(part: str, line: str, topics: list[str], on: date) -> None:
    if part not in PartKind.values:
        raise ValidationError({"part": _("请选择哪一项。")})
    if not line.strip():
        raise ValidationError({"line": _("请填写内容。")})
    if len(line) > MOST_TEXT:
        raise ValidationError({"line": _("不能超过 %d 个字。") % MOST_TEXT})
    if any(topic not in Topic.values for topic in topics):
        raise ValidationError({"topics": _("请从列出的主题里选。")})
    if on > today():
        raise ValidationError({"occurred_on": _("这一天还没有到。")})
    if school_year_of(on) < school_year_of(today()) - 1:
        raise ValidationError({"occurred_on": _("请核对日期：只能补登本学年或上学年的。")})
