"""Named writes to home visits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.directory.queries import Attendance, enrolments_of
from tongyu.records import life
from tongyu.records.entering import enter, in_transaction
from tongyu.workbenches.families.home_visits import queries, rules
from tongyu.workbenches.families.home_visits.models import HomeVisit, Met, Topic, Visitor


@in_transaction()
def record_visit(
    *,
    by: Asker,
    id: UUID,
    student: UUID,
    occurred_on: date,
    visitors: Sequence[str],
    met: Sequence[str],
    line: str,
    topics: Sequence[str] = (),
    follow_up: str = "",
    co_bodies: Sequence[int] = (),
    entered_at: datetime | None = None,
) -> HomeVisit:
    """Record one visit to the pupil with id `student`.

    The id is made by the client: the same record sent again (double click, replay) answers with the one that
    stands; the same id with other content is a ValidationError. Raises ValidationError by field for a future day,
    a day on which the pupil was in no class of the asker's, visitors the asker may not claim, or missing words;
    PermissionDenied when the role may not write or the pupil is out of reach.
    """
    rules.WRITE.check(by)
    content = _content(by, occurred_on, visitors, met, topics, line, follow_up, co_bodies)
    enrolment = _enrolment(by, student, occurred_on)
    visit = HomeVisit(
        id=id,
        enrolment_id=enrolment.pk,
        student_id=student,
        place=enrolment.place,
        entered_at=entered_at,
        **content,
    )
    return enter(visit, by=by, org=enrolment.org, looked_up=("enrolment", "student"))[0]


@transaction.atomic
def correct_visit(
    *,
    by: Asker,
    visit: HomeVisit,
    reason: str,
    version: int,
    occurred_on: date,
    visitors: Sequence[str],
    met: Sequence[str],
    line: str,
    topics: Sequence[str] = (),
    follow_up: str = "",
    co_bodies: Sequence[int] = (),
) -> HomeVisit:
    """Correct everything but the pupil; what stood there before is kept with the reason."""
    rules.CHANGE.check(by, visit)
    content = _content(by, occurred_on, visitors, met, topics, line, follow_up, co_bodies)
    enrolment = _enrolment(by, visit.student_id, occurred_on)
    changes = {**content, "enrolment_id": enrolment.pk, "org": enrolment.org}
    if content["follow_up"] is None:
        changes["follow_up_done_on"] = None
    return life.correct(visit, by=by, reason=reason, version=version, changes=changes)


def withdraw_visit(*, by: Asker, record: HomeVisit, reason: str, version: int) -> HomeVisit:
    """Take a visit back; it stays readable and proves nothing any more."""
    rules.CHANGE.check(by, record)
    return life.withdraw(record, by=by, reason=reason, version=version)


@transaction.atomic
def close_follow_up(*, by: Asker, visit: HomeVisit, done_on: date) -> HomeVisit:
    """Note that what was agreed at the visit is done. Doing it twice leaves the first day standing."""
    rules.CHANGE.check(by, visit)
    locked = HomeVisit.objects.select_for_update().get(pk=visit.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("这条记录已经撤回，不能再修改。"))
    if locked.follow_up is None:
        raise ValidationError(_("这次家访没有需要跟进的事。"))
    if not locked.occurred_on <= done_on <= today():
        raise ValidationError({"done_on": _("完成日期要在家访当天到今天之间。")})
    if locked.follow_up_done_on is None:
        locked.follow_up_done_on = done_on
        locked.version += 1
        locked.save(update_fields=["follow_up_done_on", "version"])
    return locked


def _content(
    by: Asker,
    occurred_on: date,
    visitors: Sequence[str],
    met: Sequence[str],
    topics: Sequence[str],
    line: str,
    follow_up: str,
    co_bodies: Sequence[int],
) -> dict[str, Any]:
    """The fields as they are stored, in one order whatever order they came in; errors by field."""
    faults: dict[str, str] = {}
    went, saw = _chosen(visitors, Visitor.values), _chosen(met, Met.values)
    known = _chosen(topics, Topic.values)
    own = sorted({text.strip() for text in topics if text.strip()} - set(known))
    line, follow_up = line.strip(), follow_up.strip()
    if occurred_on > today():
        faults["occurred_on"] = _("日期不能晚于今天。")
    if not went or len(went) != len(set(visitors)):
        faults["visitors"] = _("请选择谁去的。")
    elif not rules.may_claim(by, went):
        faults["visitors"] = _("只能记录自己参加的家访，请选上“%s”。") % rules.OWN_VISITOR[by.role].label
    if not saw or len(saw) != len(set(met)):
        faults["met"] = _("请选择见到了谁。")
    if any(len(text) > 20 for text in own) or len(own) > 5:
        faults["topics"] = _("自己填写的话题不超过5个，每个不超过20个字。")
    if not line:
        faults["line"] = _("请写一句话记录。")
    if len(line) > 300 or len(follow_up) > 300:
        faults["line" if len(line) > 300 else "follow_up"] = _("不能超过300个字。")
    if unknown := set(co_bodies) - set(queries.partner_codes(by)):
        faults["co_bodies"] = _("没有这个单位：%s") % min(unknown)
    if faults:
        raise ValidationError(faults)
    return {
        "occurred_on": occurred_on,
        "visitors": went,
        "met": saw,
        "topics": [*known, *own],
        "co_bodies": sorted(set(co_bodies)),
        "line": line,
        "follow_up": follow_up or None,
    }


def _chosen(given: Sequence[str], allowed: Sequence[str]) -> list[str]:
    return [value for value in allowed if value in given]


def _enrolment(by: Asker, student: UUID, day: date) -> Attendance:
    """The pupil's class on that day, inside the asker's range."""
    found = enrolments_of(by, student)
    on_that_day = [e for e in found if e.entered_on <= day and (e.left_on is None or e.left_on > day)]
    if on_that_day:
        return on_that_day[-1]
    if not found:
        raise PermissionDenied("home_visits.write")
    raise ValidationError({"occurred_on": _("这一天该生不在本班（校）就读，请核对日期。")})
