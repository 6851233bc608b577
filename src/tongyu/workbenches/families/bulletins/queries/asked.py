"""Which adults of an open child a reminder is for: who may sign and has not, not the others of the family."""

from collections.abc import Iterable
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
SELECT DISTINCT t.guardian_id, t.student_id,
       NOT %(signing)s OR (t.may_decide AND COALESCE(l.act_done, 'take_back') = 'take_back') AS asked
FROM ({ENTITLED} AND g.student_id = ANY (%(students)s)) t
JOIN bulletins_bulletinchild c ON c.student_id = t.student_id AND c.bulletin_id = %(bulletin)s
LEFT JOIN latest l ON l.child_id = c.id AND l.guardian_id = t.guardian_id
ORDER BY 1, 2
"""


def adults_asked(
    bulletin: Bulletin, students: Iterable[UUID], on: date
) -> tuple[list[tuple[UUID, UUID]], set[tuple[UUID, UUID]]]:
    """Of these open children the pairs (guardian, child) of whom something is asked, and those of whom nothing is.

    To be signed: whoever may decide and has no decision that stands. Two who differ are asked nothing: a teacher speaks
    with both. One statement.
    """
    values = {
        "bulletin": bulletin.pk, "students": list(students), "day": on, "signing": bulletin.need == Need.SIGN,
    }  # fmt: skip
    with acting(everywhere()), cursor_over(bulletin.org, bulletin.hi) as cursor:
        cursor.execute(ADULTS, values)
        rows = cursor.fetchall()
    asked = [(guardian, student) for guardian, student, yes in rows if yes]
    return asked, {(guardian, student) for guardian, student, yes in rows if not yes}
