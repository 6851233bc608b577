"""Whom a complete file no longer contains: a list, decided by a person; nobody is ended by being absent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.bulk import insert_rows
from tongyu.core.context import acting, everywhere
from tongyu.directory.models import Appointment, Fate, RosterAbsent, RosterImport, RosterState, Staff
from tongyu.directory.roles import OfficeStaff
from tongyu.directory.roster.after import Imported, tell
from tongyu.directory.roster.capture import KEPT, capturing
from tongyu.directory.roster.staff import StaffPlan
from tongyu.directory.roster.students import StudentPlan
from tongyu.directory.rules import DECIDE_ABSENT

SHOWN = 5
"""So many names stand in a refusal."""
SAME_SCHOOL = "e.left_on IS NULL AND e.student_id = v.student AND e.org / 100000 = v.org / 100000"
LEAVE = f"""
UPDATE directory_enrolment e SET left_on = %(day)s, leave_reason = '离校'
FROM unnest(%(people)s::uuid[], %(places)s::bigint[]) AS v(student, org) WHERE {SAME_SCHOOL}
"""
ENTERED_LATER = f"""
SELECT count(*) FROM directory_enrolment e, unnest(%(people)s::uuid[], %(places)s::bigint[]) AS v(student, org)
WHERE {SAME_SCHOOL} AND e.entered_on > %(day)s
"""
# Asked beyond the asker's range: who has moved out of it has moved all the same.
ELSEWHERE = """
SELECT v.student FROM unnest(%(people)s::uuid[], %(places)s::bigint[]) AS v(student, org)
WHERE EXISTS (SELECT FROM directory_enrolment e
              WHERE e.student_id = v.student AND e.left_on IS NULL AND e.org / 100000 <> v.org / 100000)
OR EXISTS (SELECT FROM directory_staff t
           WHERE t.id = v.student AND t.left_on IS NULL AND t.org / 100000 <> v.org / 100000)
"""


def keep_absent(roster: RosterImport, plan: Any) -> int:
    """List whom the imported file does not name; returns how many."""
    if isinstance(plan, StudentPlan):
        people = [(one.org, one.id, one.name, False) for one in plan.gone]
    elif isinstance(plan, StaffPlan):
        people = [(one.org, one.pk, one.name, True) for one in plan.gone]
    else:
        people = []
    return insert_rows(
        [
            RosterAbsent(roster=roster, org=org, subject=subject, name=name, staff=staff)
            for org, subject, name, staff in people
        ]
    )


def listed(asker: Asker, roster: RosterImport) -> QuerySet[RosterAbsent]:
    """Whom that import's file did not name, as far as the asker reaches."""
    return DECIDE_ABSENT.rows(asker, RosterAbsent.objects.filter(roster=roster))


def asked_of(asker: Asker) -> QuerySet[RosterAbsent]:
    """Whom the office asks the asker's school about."""
    return DECIDE_ABSENT.rows(asker, RosterAbsent.objects.filter(fate=Fate.ASK))


@transaction.atomic
def decide_absent(
    *, by: Asker, people: Sequence[UUID], fate: str, left_on: date | None = None, seen: str = ""
) -> int:
    """Say what became of these people: left on a day, still there, or the school is to say. Returns how many.

    `seen` is what was decided when the page was drawn: ValidationError when somebody has decided since, when the import
    was undone, when the day is in the future or before somebody came, or when one is said to have left who is at
    another school by now. All or nothing.
    """
    day = _day(fate, left_on)
    if fate == Fate.LEFT:
        _hold_imports(people)
    rows = list(
        DECIDE_ABSENT.rows(by, RosterAbsent.objects.select_for_update().filter(pk__in=people)).order_by("pk")
    )
    if not rows or len(rows) != len(set(people)):
        raise ValidationError(_("请先勾选名单里的人。"))
    if fate == Fate.ASK and by.role is not OfficeStaff:
        raise ValidationError(_("请选择“已离开”或“仍在，不动”。"))
    if any(row.fate != seen for row in rows):
        raise ValidationError(_("名单里有人刚才已由别人决定，您的选择没有保存。请刷新后再看。"))
    if fate == Fate.LEFT:
        _end(by, rows, day or clock.today())
    RosterAbsent.objects.filter(pk__in=[row.pk for row in rows]).update(
        fate=fate, left_on=day, decided_by=str(by.account_id), decided_at=clock.now()
    )
    return len(rows)


def _day(fate: str, left_on: date | None) -> date | None:
    if fate not in Fate.values:
        raise ValidationError(_("请选择怎样处理。"))
    if fate != Fate.LEFT:
        return None
    if left_on is None:
        raise ValidationError({"left_on": _("请填写离开日期。")})
    if left_on > clock.today():
        raise ValidationError({"left_on": _("离开日期不能晚于今天。")})
    return left_on


def _end(by: Asker, rows: list[RosterAbsent], day: date) -> None:
    """End the pupils' time in their classes and the staff's service and roles; into each import's change set."""
    _refuse_moved(rows)
    for roster_id in sorted({row.roster_id for row in rows}, key=str):
        ones = [row for row in rows if row.roster_id == roster_id]
        with _of_import(roster_id):
            _end_pupils([row for row in ones if not row.staff], day)
            ended = _end_staff([row.subject for row in ones if row.staff], day)
            tell(Imported(by, clock.today(), ended, _("不在完整名册里，核实已离开")))


def _hold_imports(people: Sequence[UUID]) -> None:
    """Hold the imports before the lines of their lists: who undoes an import takes them in this order too."""
    with acting(everywhere()):
        asked = RosterAbsent.objects.filter(pk__in=people).values("roster")
        rows = RosterImport.objects.filter(pk__in=asked).order_by("pk").select_for_update()
        list(rows.values_list("pk", flat=True))


def _refuse_moved(rows: list[RosterAbsent]) -> None:
    """Who is at another school by now has not left, and an old list must not end them there."""
    with acting(everywhere()), connection.cursor() as cursor:
        cursor.execute(ELSEWHERE, _people(rows))
        moved = {row[0] for row in cursor.fetchall()}
    names = [row.name for row in rows if row.subject in moved]
    if names:
        text = _("%(names)s已在别的学校，不能在这里登记离开；请改选“仍在，不动”。")
        shown = "、".join(names[:SHOWN]) + ("等" if len(names) > SHOWN else "")
        raise ValidationError(text % {"names": shown})


def _people(rows: Sequence[RosterAbsent]) -> dict[str, Any]:
    return {"people": [row.subject for row in rows], "places": [row.org for row in rows]}


@contextmanager
def _of_import(roster_id: UUID) -> Iterator[None]:
    """What happens inside belongs to the import and is undone with it. A school need not see the upload itself."""
    with acting(everywhere()):
        rows = RosterImport.objects.defer("content", "kept", "faults").select_for_update()
        roster = rows.get(pk=roster_id)
    if roster.state != RosterState.IMPORTED or roster.imported_at is None:
        raise ValidationError(_("这次导入已经撤销，名单不再有效。"))
    if roster.imported_at <= clock.now() - KEPT:
        yield
        return
    with capturing(roster):
        yield


def _end_pupils(rows: Sequence[RosterAbsent], day: date) -> None:
    values = {**_people(rows), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(ENTERED_LATER, values)
        if later := cursor.fetchone()[0]:
            text = _("有 %(count)s 人是在这一天之后才入班的，请换一个日期。")
            raise ValidationError({"left_on": text % {"count": later}})
        cursor.execute(LEAVE, values)


def _end_staff(people: list[UUID], day: date) -> list[Appointment]:
    if not people:
        return []
    Staff.objects.filter(pk__in=people, left_on=None).update(left_on=day)
    open_ = Q(until_day=None) | Q(until_day__gt=day)
    rows = Appointment.objects.filter(open_, staff__in=people, withdrawn_at=None)
    if rows.filter(from_day__gte=day).exists():
        raise ValidationError({"left_on": _("有人的任职是在这一天或之后才开始的，请换一个日期。")})
    ended = list(rows)
    Appointment.objects.filter(pk__in=[row.pk for row in ended]).update(until_day=day)
    return ended
