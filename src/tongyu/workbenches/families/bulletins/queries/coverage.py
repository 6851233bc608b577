"""How far a bulletin has come, by child: for whoever sent it, and for the class teacher who follows up.

The sender of a bulletin to one class sees the children by name with each guardian's answer; above a class there are
counts only. The class teacher of a class that has a bulletin from above sees which children are still open, not who
has read it, to enter what a family tells on paper.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.families.adults import ENTITLED
from tongyu.directory.models import Relation, Student
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.models import Answer, Bulletin, BulletinChild, Need, State
from tongyu.workbenches.families.bulletins.models.deciding import (
    OVER,
    SETTLED,
    Act,
    Given,
    Tally,
    decisions,
    state_of,
    words_of,
)
from tongyu.workbenches.families.bulletins.queries.wide import cursor_over

TALLIES = f"""
WITH rows AS (
    SELECT id, student_id, org FROM bulletins_bulletinchild
    WHERE bulletin_id = %(bulletin)s AND org >= %(lo)s AND org < %(hi)s
),
here AS (
    SELECT DISTINCT student_id FROM directory_enrolment
    WHERE org >= %(place)s AND org < %(end)s
      AND entered_on <= %(day)s::date AND (left_on IS NULL OR left_on > %(day)s::date)
),
given AS (SELECT child_id, guardian_id, number, act_done FROM bulletins_answer WHERE bulletin_id = %(bulletin)s),
touched AS (SELECT child_id, bool_or(act_done = 'confirm') AS confirmed FROM given GROUP BY child_id),
latest AS (
    SELECT DISTINCT ON (child_id, guardian_id) child_id, guardian_id, act_done FROM given
    WHERE act_done IN ('agree', 'decline', 'take_back') ORDER BY child_id, guardian_id, number DESC
),
deciding AS (
    SELECT r.id AS child_id, count(*) AS deciders, count(*) FILTER (WHERE l.act_done = 'agree') AS agreed,
           count(*) FILTER (WHERE l.act_done = 'decline') AS declined
    FROM rows r JOIN (
        SELECT DISTINCT student_id, guardian_id FROM ({ENTITLED}
            AND g.student_id IN (SELECT student_id FROM rows)) e WHERE e.may_decide
    ) t ON t.student_id = r.student_id
    LEFT JOIN latest l ON l.child_id = r.id AND l.guardian_id = t.guardian_id
    WHERE %(signing)s GROUP BY r.id
)
SELECT r.id AS child_id, r.student_id, r.org, t.child_id IS NOT NULL AS reached,
       COALESCE(t.confirmed, false) AS confirmed, COALESCE(d.deciders, 0) AS deciders,
       COALESCE(d.agreed, 0) AS agreed, COALESCE(d.declined, 0) AS declined, h.student_id IS NOT NULL AS here
FROM rows r LEFT JOIN touched t ON t.child_id = r.id LEFT JOIN deciding d ON d.child_id = r.id
LEFT JOIN here h ON h.student_id = r.student_id
"""
GROUPED = f"""
SELECT org - org %% %(width)s AS place, reached, confirmed, deciders, agreed, declined, here, count(*)
FROM ({TALLIES}) AS tallied GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
ADULTS = f"""
SELECT guardian_id, name, relation FROM ({ENTITLED} AND g.student_id = %(student)s) t
WHERE may_decide OR NOT %(signing)s ORDER BY position, guardian_id
"""


@dataclass(frozen=True)
class Counted:
    """States of the children of one place."""

    place: int
    states: Counter[str]

    @property
    def children(self) -> int:
        """How many have the bulletin and are there still, or had answered before they left."""
        return self.states.total() - self.states[State.GONE]

    @property
    def settled(self) -> int:
        """How many families have answered."""
        return sum(self.states[state] for state in SETTLED)


@dataclass(frozen=True)
class Line:
    """One child of a class: where it stands, and what each guardian said, for whoever sent it."""

    child_id: UUID
    student_id: UUID
    name: str
    state: State
    words: str
    said: list[str] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Nothing more is asked of the family."""
        return self.state in OVER


def coverage(asker: Asker, bulletin: Bulletin, on: date, width: int) -> list[Counted]:
    """Counts by place of that width (a class, a school, the whole). PermissionDenied for all but the sender."""
    rules.FOLLOW.check(asker, bulletin)
    values = {**_values(bulletin, on, bulletin.org, bulletin.hi), "width": width}
    found: dict[int, Counter[str]] = {}
    with acting(everywhere()), cursor_over(bulletin.org, bulletin.hi) as cursor:
        cursor.execute(GROUPED, values)
        for place, *counts, count in cursor.fetchall():
            state = state_of(bulletin.need, bulletin.whose, Tally(*counts))
            found.setdefault(place, Counter())[state] += count
    return [Counted(place, states) for place, states in sorted(found.items())]


def own_class(asker: Asker, bulletin: Bulletin, on: date) -> list[Line]:
    """Of a bulletin to one class: every child with what each guardian said, the open ones first."""
    rules.FOLLOW.check(asker, bulletin)
    said: dict[UUID, list[str]] = {}
    for child, words in _said(bulletin, on):
        said.setdefault(child, []).append(words)
    lines = [
        replace(line, said=said.get(line.child_id, []))
        for line in _lines(bulletin, on, bulletin.org, bulletin.hi)
    ]
    return sorted(lines, key=lambda line: line.settled)


def open_in_class(asker: Asker, bulletin: Bulletin, on: date) -> list[Line]:
    """Of a bulletin that touches the asker's class: the children of whom something is still asked."""
    lines = _lines(bulletin, on, asker.lo, asker.hi)
    return [line for line in lines if not line.settled]


def open_children(bulletin: Bulletin, on: date, lo: int, hi: int) -> list[tuple[UUID, UUID]]:
    """Child rows and children of whom something is still asked: for reminders, checked again at delivery."""
    return [
        (child, student)
        for child, student, counted in _tallies(bulletin, on, lo, hi)
        if state_of(bulletin.need, bulletin.whose, counted) not in OVER
    ]


def adults_of(child: BulletinChild, on: date, *, signing: bool) -> list[tuple[UUID, str]]:
    """The guardians for whom a teacher may enter an answer: of a bulletin to be signed those who decide."""
    with connection.cursor() as cursor:
        cursor.execute(ADULTS, {"day": on, "student": child.student_id, "signing": signing})
        rows = cursor.fetchall()
    return [(guardian, f"{name}（{Relation(relation).label}）") for guardian, name, relation in rows]


def _values(bulletin: Bulletin, on: date, lo: int, hi: int) -> dict[str, Any]:
    signing = bulletin.need == Need.SIGN
    place = {"place": bulletin.org, "end": bulletin.hi}
    return {"bulletin": bulletin.pk, "day": on, "lo": lo, "hi": hi, "signing": signing, **place}


def _tallies(bulletin: Bulletin, on: date, lo: int, hi: int) -> Iterator[tuple[UUID, UUID, Tally]]:
    with acting(everywhere()), cursor_over(lo, hi) as cursor:
        cursor.execute(TALLIES, _values(bulletin, on, lo, hi))
        rows = cursor.fetchall()
    for child, student, _org, *counts in rows:
        yield child, student, Tally(*counts)


def _lines(bulletin: Bulletin, on: date, lo: int, hi: int) -> list[Line]:
    found = list(_tallies(bulletin, on, lo, hi))
    known = Student.objects.filter(pk__in=[student for _child, student, _counted in found])
    names = {one.pk: (one.name_key or one.name, one.name) for one in known.only("pk", "name", "name_key")}
    gone = ("~", _("（已离开的孩子）"))
    lines = []
    for child, student, counted in found:
        state = state_of(bulletin.need, bulletin.whose, counted)
        name = names.get(student, gone)[1]
        lines.append(Line(child, student, name, state, words_of(state, bulletin.need)))
    return sorted(lines, key=lambda line: names.get(line.student_id, gone))


def _said(bulletin: Bulletin, on: date) -> Iterator[tuple[UUID, str]]:
    """Of each child each guardian's words: the decision that stands, else confirmed, else read."""
    answers = Answer.objects.filter(bulletin=bulletin).select_related("guardian").order_by("number")
    by_child: dict[UUID, list[Answer]] = {}
    for answer in answers:
        by_child.setdefault(answer.child_id, []).append(answer)
    relations = _relations([rows[0].student_id for rows in by_child.values()], on)
    for child, rows in by_child.items():
        standing = decisions(Given(row.guardian_id, row.number, row.act_done) for row in rows)
        for guardian in dict.fromkeys(row.guardian_id for row in rows):
            own = [row for row in rows if row.guardian_id == guardian]
            act = standing.get(guardian) or (Act.CONFIRM if _did(own, Act.CONFIRM) else Act.READ)
            by_hand = next((f"（{row.get_how_display()}）" for row in reversed(own) if row.how), "")
            who = relations.get((rows[0].student_id, guardian), "")
            yield child, f"{own[0].guardian.name}{f'（{who}）' if who else ''} {Act(act).label}{by_hand}"


def _did(rows: list[Answer], act: str) -> bool:
    return any(row.act_done == act for row in rows)


def _relations(students: list[UUID], on: date) -> dict[tuple[UUID, UUID], str]:
    if not students:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT student_id, guardian_id, relation FROM ({ENTITLED} AND g.student_id = ANY (%(students)s)) e",
            {"day": on, "students": students},
        )
        return {
            (student, guardian): str(Relation(relation).label)
            for student, guardian, relation in cursor.fetchall()
        }
