"""A reorganisation is carried out: set-based, in one transaction, and nothing of the past is rewritten."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Appointment, Body, Reorganisation, ReorganisationKind, Transfer
from tongyu.directory.models.transfers import OPEN
from tongyu.directory.reorganising.after import Reorganised, tell_reorganised
from tongyu.directory.reorganising.planning import Change, Decision, plan_reorganisation, posts_at
from tongyu.directory.roster.after import Imported, tell
from tongyu.directory.rules import REORGANISE

RENAMED = "unnest(%(old)s::bigint[], %(new)s::bigint[]) AS m(old, new)"
# The order matters: enrolments are closed and opened while the pupils still stand in the old class; then their place
# follows, and with it ties, visits and second places, by foreign key.
MOVE = (
    """
UPDATE directory_transfer SET state = 'stopped', name = '', ended_at = %(at)s, ended_reason = %(why)s
WHERE state IN ('proposed', 'agreed')
AND (org = ANY(%(old)s::bigint[]) OR to_class = ANY(%(old)s::bigint[]) OR (%(closes)s AND to_school = %(school)s))
""",
    f"""
WITH closed AS (
  UPDATE directory_enrolment e SET left_on = GREATEST(%(day)s, e.entered_on), leave_reason = %(word)s
  FROM {RENAMED} WHERE e.org = m.old AND e.left_on IS NULL RETURNING e.student_id, m.new)
INSERT INTO directory_enrolment (id, student_id, org, entered_on, entry_reason, leave_reason)
SELECT gen_random_uuid(), student_id, new, %(day)s, %(word)s, '' FROM closed
""",
    f"""
UPDATE directory_student s SET org = m.new FROM {RENAMED}
WHERE s.org = m.old AND EXISTS (
  SELECT FROM directory_enrolment e WHERE e.student_id = s.id AND e.org = m.new AND e.left_on IS NULL)
""",
    f"""
DELETE FROM directory_rolloverline l USING directory_rollover r, directory_student s, {RENAMED}
WHERE r.id = l.roll_over_id AND r.state IN ('draft', 'previewed') AND s.id = l.student_id AND s.org = m.new
""",
    f"UPDATE directory_guardian g SET org = m.new FROM {RENAMED} WHERE g.org = m.old",
    f"UPDATE directory_secondplace p SET place = m.new FROM {RENAMED} WHERE p.place = m.old AND p.until_day IS NULL",
)
ROLES = (
    f"""
INSERT INTO directory_appointment (id, org, role, staff_id, holder_name, holder_employer, account_id, from_day,
                                   until_day, entered_at, received_at, by_account)
SELECT gen_random_uuid(), m.new, a.role, a.staff_id, a.holder_name, a.holder_employer, a.account_id,
       GREATEST(%(day)s, a.from_day), a.until_day, %(at)s, %(at)s, %(account)s
FROM directory_appointment a JOIN {RENAMED} ON a.org = m.old
WHERE a.withdrawn_at IS NULL AND (a.until_day IS NULL OR a.until_day > %(day)s)
""",
    """
UPDATE directory_appointment a SET until_day = %(day)s
WHERE a.org = ANY(%(ending)s::bigint[]) AND a.withdrawn_at IS NULL AND a.from_day < %(day)s
AND (a.until_day IS NULL OR a.until_day > %(day)s)
""",
    """
UPDATE directory_appointment a SET withdrawn_at = %(at)s
WHERE a.org = ANY(%(ending)s::bigint[]) AND a.withdrawn_at IS NULL AND a.from_day >= %(day)s
""",
)
STAFF = """
UPDATE directory_staff t SET org = %(target)s WHERE t.org = %(school)s AND t.left_on IS NULL
AND (%(closes)s OR EXISTS (
  SELECT FROM directory_appointment a WHERE a.staff_id = t.id AND a.org = ANY(%(new)s::bigint[])
  AND a.role = 'class_teacher' AND a.withdrawn_at IS NULL))
"""
CLOSE = (
    f"UPDATE directory_body b SET closed_on = %(day)s, succeeded_by_id = m.new FROM {RENAMED} WHERE b.code = m.old",
    """
UPDATE directory_body SET closed_on = %(day)s
WHERE %(closes)s AND closed_on IS NULL AND code >= %(school)s AND code < %(school_hi)s
""",
    "UPDATE directory_body SET succeeded_by_id = %(target)s WHERE %(closes)s AND code = %(school)s",
)
# A school that goes on under another code keeps its 学校标识码, which two open schools cannot have.
GIVE_UP_CODE = "UPDATE directory_body SET closed_on = %(day)s WHERE %(closes)s AND code = %(school)s"


@transaction.atomic
def reorganise(*, by: Asker, id: UUID, decision: Decision) -> Reorganisation:
    """Carry the decision out today; the same `id` again answers with what stands. Raises ValidationError by field.

    Classes close and are succeeded by classes of the other school, with their pupils and teachers; a school that
    closes gives its staff along, and its leaders' roles end (those of a school that only changes township go on).
    Records stay where they were made; what must always be there goes on at the new place (`after`). The county is
    recomputed in the background.
    """
    REORGANISE.check(by)
    with connection.cursor() as cursor:
        # Two offices at once would open the same codes.
        cursor.execute("LOCK TABLE directory_reorganisation IN SHARE ROW EXCLUSIVE MODE")
    standing = Reorganisation.objects.filter(pk=id).first()
    if standing is not None:
        if (standing.kind, standing.org, standing.by_account) != (
            decision.kind,
            decision.school,
            by.account_id,
        ):
            raise ValidationError(_("这次办理已用同一编号保存过，内容不同。请刷新页面后重新填写。"))
        return standing
    _hold(decision.school)
    change = plan_reorganisation(by=by, decision=decision)
    ended = _write(change, by)
    row = Reorganisation(
        id=id,
        kind=decision.kind,
        org=decision.school,
        to_school=change.target.code,
        day=decision.day,
        paper=decision.paper.strip(),
        classes=len(change.renamed),
        pupils=change.pupils,
        by_account=by.account_id,
        entered_at=clock.now(),
    )
    insert_once(row)
    tell_reorganised(_event(change, by))
    tell(Imported(by, decision.day, ended, _("学校调整：%(paper)s") % {"paper": row.paper}))
    return row


def _event(change: Change, by: Asker) -> Reorganised:
    """What has become of every body of the school that is open no more."""
    successors = dict(change.renamed)
    if change.decision.kind == ReorganisationKind.TOWNSHIP:
        successors |= {
            codes.containing(old, BodyKind.GRADE): codes.containing(new, BodyKind.GRADE)
            for old, new in change.renamed
        }
        successors[change.school.code] = change.target.code
    inside = Body.objects.within(change.school.code, change.school.hi)
    gone = inside.filter(closed_on=change.decision.day).exclude(code__in=successors)
    return Reorganised(
        by,
        change.decision.day,
        change.decision.paper.strip(),
        successors,
        list(gone.order_by("code").values_list("code", flat=True)),
    )


def _hold(school: int) -> None:
    """Nobody goes into a class of the school any more (`transfers.refusing.hold_class`); who is on the way arrives.

    First the transfers, then the classes, then (in `_write`) the pupils: the order in which a transfer takes them.
    """
    hi = codes.upper(school, BodyKind.SCHOOL)
    ends = Q(org__gte=school, org__lt=hi) | Q(to_school=school)
    moves = Transfer.objects.filter(ends, state__in=OPEN).order_by("id")
    list(moves.select_for_update(of=("self",)).values_list("id", flat=True))
    inside = Body.objects.within(school, hi).order_by("code")
    list(inside.select_for_update(no_key=True, of=("self",)).values_list("code", flat=True))


def _write(change: Change, by: Asker) -> list[Appointment]:
    """Everything in order; returns the roles that ended, as they stood before."""
    values = _values(change, by)
    ending = list(posts_at(values["ending"], change.decision.day).select_related("staff"))
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP_CODE, values)
        for body in change.new:
            body.save(force_insert=True)
        for statement in (*MOVE, *ROLES, STAFF, *CLOSE):
            cursor.execute(statement, values)
    Body.objects.filter(code__in=_empty_grades(change)).update(closed_on=change.decision.day)
    return [one for one in ending if one.from_day < change.decision.day]


def _values(change: Change, by: Asker) -> dict[str, Any]:
    kind, school, target = change.decision.kind, change.school, change.target
    renamed = list(change.renamed)
    ending = [old for old, _new in renamed]
    if kind == ReorganisationKind.TOWNSHIP:
        renamed.append((school.code, target.code))
    if change.closes:
        ending.append(school.code)
    return {
        "old": [old for old, _new in renamed],
        "new": [new for _old, new in renamed],
        "ending": ending,
        "school": school.code,
        "school_hi": school.hi,
        "target": target.code,
        "closes": change.closes,
        "day": change.decision.day,
        "at": clock.now(),
        "account": by.account_id,
        "word": "并校" if kind == ReorganisationKind.MERGE else "学校调整",
        "why": _("学校调整（%(paper)s），请在新学校重新发起。") % {"paper": change.decision.paper.strip()},
    }


def _empty_grades(change: Change) -> list[int]:
    """Grades of a school that goes on whose last class has gone."""
    inside = Body.objects.standing_on(change.decision.day).within(change.school.code, change.school.hi)
    grades = set(inside.filter(kind="grade").values_list("code", flat=True))
    return sorted(grades - set(inside.filter(kind="school_class").values_list("parent_id", flat=True)))
