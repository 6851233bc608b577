"""Writes the roll-over: a few set-based statements in the running transaction, and what undoing it needs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from time import monotonic, sleep
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from tongyu.core.access import Asker
from tongyu.core.bulk import insert_rows, insert_values
from tongyu.core.jobs import JobRefused
from tongyu.core.statistics import MANY, refresh_statistics
from tongyu.directory import codes
from tongyu.directory.enrolling import COLUMNS_OF_ENROLMENT, end_enrolments, enrolment_row
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import (
    Appointment,
    Body,
    Enrolment,
    Outcome,
    RollOver,
    RollOverChange,
    Student,
)
from tongyu.directory.roles import ClassTeacher
from tongyu.directory.rollover.after import Event, Kept, tell_done
from tongyu.directory.rollover.preview import ALL, LEAD, released_classes
from tongyu.directory.rollover.shape import Shape
from tongyu.directory.rollover.sorting import Moved, moved_pupils
from tongyu.directory.roster.places import Places

ENROLMENT, STUDENT, BODY, APPOINTMENT = "enrolment", "student", "body", "appointment"
REASONS = {
    Outcome.RETAINED.value: "留级",
    Outcome.GRADUATED.value: "毕业",
    Outcome.TRANSFERRED.value: "转学",
    Outcome.LEFT.value: "离校",
}
MOVE = """
UPDATE directory_student s SET org = v.org
FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, org) WHERE s.id = v.id
"""
HELD_ROWS = (
    "SELECT FROM directory_body WHERE code >= %(lo)s AND code < %(hi)s FOR NO KEY UPDATE NOWAIT",
    """
SELECT FROM directory_student s WHERE EXISTS (
  SELECT FROM directory_rolloverline l WHERE l.student_id = s.id AND l.roll_over_id = %(roll_over)s)
FOR NO KEY UPDATE OF s NOWAIT
""",
)
STEPS = 5
PATIENCE = 60.0
"""Seconds for which a roll-over waits for those who are writing."""
Report = Callable[[int, int], None]


def write_roll_over(
    roll_over: RollOver, shape: Shape, by: Asker, lo: int, hi: int, report: Report
) -> dict[str, Any]:
    """Close what graduates, open what begins, move who repeats, end the roles; returns how many of each."""
    pupils = moved_pupils(roll_over, shape, lo, hi)
    kept = _open_bodies(shape, by)
    opened = len(kept)
    report(1, STEPS)
    kept += _end_enrolments(pupils, shape) + _move_repeaters(pupils, shape)
    report(2, STEPS)
    closed = _close_bodies(shape)
    ended, posts = _end_appointments(roll_over, shape, lo, hi)
    report(3, STEPS)
    event = Event(by, roll_over.county_id, shape.day, [int(one.row_id) for one in closed], ended)
    tell_done(event)
    _keep(roll_over, [*kept, *closed, *posts, *event.kept])
    if len(pupils) >= MANY:
        refresh_statistics(Enrolment, RollOverChange)
    report(4, STEPS)
    return {
        "posts": len(ended),
        "records": dict(Counter(one.subject for one in event.kept)),
        "bodies": opened + len(closed),
    }


def _open_bodies(shape: Shape, by: Asker) -> list[Kept]:
    places = Places(by, shape.day, classes=set(shape.standing), standing=frozenset(shape.standing))
    places.reopen(set(shape.new))
    bodies = list(places.new.values())
    insert_rows(bodies)
    return [Kept(BODY, str(body.code), body.code, None, {"closed_on": None}) for body in bodies]


def _end_enrolments(pupils: list[Moved], shape: Shape) -> list[Kept]:
    groups: dict[str, list[Moved]] = defaultdict(list)
    for one in pupils:
        groups[one.outcome].append(one)
    kept = []
    for outcome, some in groups.items():
        reason = REASONS[outcome]
        end_enrolments([one.student for one in some], shape.day, reason)
        after = {"left_on": shape.day.isoformat(), "leave_reason": reason}
        kept += [
            Kept(
                ENROLMENT,
                str(one.enrolment),
                one.org,
                {"left_on": None, "leave_reason": one.leave_reason},
                after,
            )
            for one in some
        ]
    return kept


def _move_repeaters(pupils: list[Moved], shape: Shape) -> list[Kept]:
    """Those who repeat enter the class below, and are its pupils from now on."""
    moving = [(one, one.target) for one in pupils if one.outcome == Outcome.RETAINED and one.target]
    if not moving:
        return []
    rows = [
        enrolment_row(one.student, target, shape.day, REASONS[Outcome.RETAINED.value])
        for one, target in moving
    ]
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [[one.student for one, _t in moving], [target for _o, target in moving]])
    insert_values(Enrolment, COLUMNS_OF_ENROLMENT, rows)
    kept = [Kept(ENROLMENT, str(row[0]), row[2], None, {"org": row[2], "left_on": None}) for row in rows]
    return kept + [
        Kept(STUDENT, str(one.student), one.org, {"org": one.org}, {"org": target}) for one, target in moving
    ]


def _close_bodies(shape: Shape) -> list[Kept]:
    """Cohorts and classes that graduate exist no more from the day on."""
    codes_ = [*(body.code for body in shape.grades), *shape.graduating]
    rows = Body.objects.filter(code__in=codes_).filter(Q(closed_on=None) | Q(closed_on__gt=shape.day))
    before = dict(rows.values_list("code", "closed_on"))
    Body.objects.filter(code__in=list(before)).update(closed_on=shape.day)
    return [
        Kept(
            BODY,
            str(code),
            code,
            {"closed_on": closed.isoformat() if closed else None},
            {"closed_on": shape.day.isoformat()},
        )
        for code, closed in sorted(before.items())
    ]


def _end_appointments(
    roll_over: RollOver, shape: Shape, lo: int, hi: int
) -> tuple[list[Appointment], list[Kept]]:
    """Roles at classes that close, and those that the school did not want to go on with the class."""
    said = list(roll_over.schools.filter(org__gte=lo, org__lt=hi))
    closing = [*(body.code for body in shape.grades), *shape.graduating, *released_classes(said, ALL)]
    ending = Q(org__in=closing) | Q(org__in=released_classes(said, LEAD), role=ClassTeacher.key)
    rows = Appointment.objects.filter(ending, withdrawn_at=None, from_day__lt=shape.day)
    found = list(rows.filter(Q(until_day=None) | Q(until_day__gt=shape.day)).order_by("org", "id"))
    Appointment.objects.filter(pk__in=[row.pk for row in found]).update(until_day=shape.day)
    return found, [
        Kept(
            APPOINTMENT,
            str(row.pk),
            row.org,
            {"until_day": row.until_day.isoformat() if row.until_day else None},
            {"until_day": shape.day.isoformat()},
        )
        for row in found
    ]


def _keep(roll_over: RollOver, kept: Iterable[Kept]) -> None:
    insert_rows(
        [
            RollOverChange(
                roll_over=roll_over,
                org=one.org,
                subject=one.subject,
                row_id=one.row_id,
                before=one.before,
                after=one.after,
            )
            for one in kept
        ]
    )


def lock_tables(roll_over: RollOver) -> None:
    """Nobody else writes to the roll until the transaction ends; reading goes on. JobRefused when it stays busy.

    All tables at once or none, again and again: an import that holds one and wants another would otherwise wait for
    ever. So with the rows that will be changed: a transfer holds its class before it writes to any table.
    Taken before the county's lock, as whoever saves a record holds rows first and the county's lock afterwards.
    """
    tables = ", ".join(model._meta.db_table for model in (Body, Student, Enrolment, Appointment))
    lo, hi = whole_county(roll_over)
    until = monotonic() + PATIENCE
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE NOWAIT")
                for statement in HELD_ROWS:
                    cursor.execute(statement, {"roll_over": roll_over.pk, "lo": lo, "hi": hi})
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        if monotonic() > until:
            raise JobRefused(_("有人正在导入名册或修改任职，什么都没有改动。请过几分钟再执行。"))
        sleep(0.2)


def whole_county(roll_over: RollOver) -> tuple[int, int]:
    """The range of the roll-over."""
    county: int = roll_over.county_id
    return county, codes.upper(county, BodyKind.COUNTY)
