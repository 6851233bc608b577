"""Which adults of an open child a reminder is for: who may sign and has not, not the others of the family."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tongyu.core.context import acting, everywhere
from tongyu.directory.families.adults import ENTITLED
from tongyu.workbenches.families.bulletins.models import Bulletin, Need
from tongyu.workbenches.families.bulletins.queries.wide import cursor_over

ADULTS = f"""
WITH latest AS (
    SELECT DISTINCT ON (child_id, guardian_id) child_id, guardian_id, act_done FROM bulletins_answer
    WHERE bulletin_id = %(bulletin)s AND act_done IN ('agree', 'decline', 'take_back')
    ORDER BY child_id, guardian_id, number DESC
)
SELECT DISTINCT t.guardian_id, t.student_id, t.account_id IS NOT NULL AS joined,
       NOT %(signing)s OR (t.may_decide AND COALESCE(l.act_done, 'take_back') = 'take_back') AS asked
FROM ({ENTITLED} AND g.student_id = ANY (%(students)s)) t
JOIN bulletins_bulletinchild c ON c.student_id = t.student_id AND c.bulletin_id = %(bulletin)s
LEFT JOIN latest l ON l.child_id = c.id AND l.guardian_id = t.guardian_id
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Adults:
    """The adults of open children, as pairs (guardian, child)."""

    asked: list[tuple[UUID, UUID]]
    others: set[tuple[UUID, UUID]]
    """Of whom nothing is asked."""
    reached: int
    """Of how many children somebody who is asked has joined: the others a telephone may not reach."""


def adults_asked(bulletin: Bulletin, students: Iterable[UUID], on: date) -> Adults:
    """Of these open children who is still asked something, and of whom nothing is.

    To be signed: whoever may decide and has no decision that stands. Two who differ are asked nothing: a teacher speaks
    with both. One statement.
    """
    values = {
        "bulletin": bulletin.pk, "students": list(students), "day": on, "signing": bulletin.need == Need.SIGN,
    }  # fmt: skip
    with acting(everywhere()), cursor_over(bulletin.org, bulletin.hi) as cursor:
        cursor.execute(ADULTS, values)
        rows = cursor.fetchall()
    return Adults(
        [(guardian, student) for guardian, student, _joined, asked in rows if asked],
        {(guardian, student) for guardian, student, _joined, asked in rows if not asked},
        len({student for _guardian, student, joined, asked in rows if joined and asked}),
    )
