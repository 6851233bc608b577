"""Who is to be told: accounts, guardians of children, or one telephone. Each says it as a SELECT, set-based.

The selects run under the scope of whoever sends, so row-level security keeps everybody to their own range. A row is
`(account_id, guardian_id, student_id, org)`; a person who appears several times is told once, about all these children.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.directory.families.entitled import may_see

TOLD = """
CREATE TEMPORARY TABLE notices_told (account_id bigint, guardian_id uuid, student_id uuid, org bigint) ON COMMIT DROP
"""

# The class is the child's of now.
ENTITLED = f"""
SELECT a.account_id, g.guardian_id, g.student_id, e.org
FROM directory_guardianship g
JOIN directory_guardian a ON a.id = g.guardian_id
JOIN directory_enrolment e ON e.student_id = g.student_id
WHERE {may_see("%(day)s")} AND e.entered_on <= %(day)s AND (e.left_on IS NULL OR e.left_on > %(day)s)
"""


@dataclass(frozen=True)
class Accounts:
    """People at work, by the ids of their accounts."""

    ids: Sequence[int]

    def select(self, day: date) -> tuple[str, dict[str, Any]]:
        """One row for each account that may sign in."""
        return (
            "SELECT id, NULL::uuid, NULL::uuid, NULL::bigint FROM directory_account"
            " WHERE is_active AND id = ANY(%(ids)s)",
            {"ids": list(self.ids)},
        )


@dataclass(frozen=True)
class Guardians:
    """Single guardians, each with the child that it is about: `(guardian_id, student_id)`."""

    pairs: Sequence[tuple[UUID, UUID]]

    def select(self, day: date) -> tuple[str, dict[str, Any]]:
        """The pairs that stand today."""
        pairs = (
            "SELECT * FROM unnest(%(guardians)s::uuid[], %(students)s::uuid[]) AS p(guardian_id, student_id)"
        )
        sql = f"{ENTITLED} AND (g.guardian_id, g.student_id) IN ({pairs})"
        guardians, students = [pair[0] for pair in self.pairs], [pair[1] for pair in self.pairs]
        return sql, {"day": day, "guardians": guardians, "students": students}


@dataclass(frozen=True)
class GuardiansOf:
    """All guardians of these children."""

    students: Sequence[UUID]

    def select(self, day: date) -> tuple[str, dict[str, Any]]:
        """Their rows of today."""
        return f"{ENTITLED} AND g.student_id = ANY(%(students)s::uuid[])", {
            "day": day,
            "students": list(self.students),
        }


@dataclass(frozen=True)
class GuardiansWithin:
    """All guardians of the children whose class lies in `[lo, hi)`: a class or anything that holds classes."""

    lo: int
    hi: int

    def select(self, day: date) -> tuple[str, dict[str, Any]]:
        """Their rows of today."""
        return f"{ENTITLED} AND e.org >= %(lo)s AND e.org < %(hi)s", {
            "day": day,
            "lo": self.lo,
            "hi": self.hi,
        }


Recipients = Accounts | Guardians | GuardiansOf | GuardiansWithin


@contextmanager
def told(recipients: Sequence[Recipients], day: date) -> Iterator[int]:
    """A temporary table `notices_told` of everybody named, for the length of the block; gives how many rows.

    A block that fails leaves it to the end of the transaction, which has failed too.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        rows = 0
        for one in recipients:
            sql, values = one.select(day)
            cursor.execute(f"INSERT INTO notices_told {sql}", values)
            rows += cursor.rowcount
        cursor.execute("ANALYZE notices_told")
        yield rows
        cursor.execute("DROP TABLE notices_told")
