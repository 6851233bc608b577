"""Each pupil of the old year into exactly one outcome: one set-based statement, whatever the size of the county.

The pupils are those who were enrolled on the last day of the old year. What has happened already (a pupil enrolled
elsewhere since, or gone) stands before what a school says, and that before what follows from the class. A pupil
whose class is none of the old year's has no outcome, and the roll-over does not commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tongyu.core.statistics import without_nested_loops
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Outcome, RollOver
from tongyu.directory.rollover.shape import Shape

SORTED = """
WITH class AS MATERIALIZED (
  SELECT * FROM unnest(%(classes)s::bigint[], %(leaves)s::boolean[]) AS c(code, graduates)),
roll AS MATERIALIZED (
  SELECT DISTINCT ON (e.student_id) e.student_id, e.id, e.org, e.left_on, e.leave_reason,
         count(*) OVER (PARTITION BY e.student_id) AS times
  FROM directory_enrolment e
  WHERE e.org >= %(lo)s AND e.org < %(hi)s AND e.entered_on < %(day)s
    AND (e.left_on IS NULL OR e.left_on >= %(day)s)
  ORDER BY e.student_id, e.entered_on DESC, e.id DESC),
since AS MATERIALIZED (
  SELECT DISTINCT ON (n.student_id) n.student_id, n.org FROM directory_enrolment n
  WHERE n.org >= %(lo)s AND n.org < %(hi)s AND n.entered_on >= %(day)s
  ORDER BY n.student_id, n.entered_on, n.id),
said AS MATERIALIZED (
  SELECT l.student_id, l.org, l.outcome, l.target FROM directory_rolloverline l
  WHERE l.roll_over_id = %(roll_over)s AND l.org >= %(lo)s AND l.org < %(hi)s),
sorted AS MATERIALIZED (
  SELECT r.*, s.target,
    CASE
      WHEN n.org / 100000 <> r.org / 100000 THEN 'transferred'
      WHEN n.org / 100 = r.org / 100 + 1 THEN 'retained'
      WHEN c.code IS NULL THEN NULL
      WHEN n.org IS NOT NULL THEN CASE WHEN c.graduates THEN 'graduated' ELSE 'promoted' END
      WHEN r.left_on IS NOT NULL AND r.leave_reason ^@ '转' THEN 'transferred'
      WHEN r.left_on IS NOT NULL THEN CASE WHEN c.graduates THEN 'graduated' ELSE 'left' END
      WHEN s.outcome = 'retained' THEN
        CASE WHEN s.target / 100 = r.org / 100 + 1 AND s.target = ANY(%(places)s) THEN 'retained'
             WHEN c.graduates THEN 'graduated' ELSE 'promoted' END
      WHEN s.outcome IS NOT NULL THEN s.outcome
      WHEN c.graduates THEN 'graduated'
      ELSE 'promoted' END AS outcome
  FROM roll r
  LEFT JOIN class c ON c.code = r.org
  LEFT JOIN since n ON n.student_id = r.student_id
  LEFT JOIN said s ON s.student_id = r.student_id AND s.org = r.org - r.org %% 100000)
"""
COUNTS = f"""{SORTED}
SELECT org - org %% 100000, outcome, count(*), count(*) FILTER (WHERE times > 1),
       bit_xor(hashtextextended(concat_ws(' ', id, outcome, target), 0))
FROM sorted GROUP BY 1, 2
"""
ENROLLED = """
SELECT count(DISTINCT student_id) FROM directory_enrolment
WHERE org >= %(lo)s AND org < %(hi)s AND entered_on < %(day)s AND (left_on IS NULL OR left_on >= %(day)s)
"""
STALE = f"""{SORTED}
SELECT s.org, count(*) FROM said s LEFT JOIN sorted r ON r.student_id = s.student_id
WHERE r.outcome IS DISTINCT FROM s.outcome GROUP BY 1
"""
MOVED = f"""{SORTED}
SELECT student_id, id, org, outcome, CASE WHEN outcome = 'retained' THEN target END, leave_reason FROM sorted
WHERE left_on IS NULL AND outcome <> 'promoted' ORDER BY org, student_id
"""
EACH = f"""{SORTED}
SELECT student_id, outcome FROM sorted
"""


@dataclass(frozen=True)
class Sums:
    """How many pupils have which outcome, by school; `lost` have none, `twice` sat in two classes."""

    by_school: dict[int, dict[str, int]]
    lost: dict[int, int]
    twice: dict[int, int]
    enrolled: int
    mark: int
    """Changes when any pupil's outcome does."""

    @property
    def total(self) -> dict[str, int]:
        """Of all schools together, every outcome in its order."""
        return {
            outcome: sum(counts.get(outcome, 0) for counts in self.by_school.values())
            for outcome in Outcome.values
        }

    @property
    def complete(self) -> bool:
        """True when every enrolled pupil is in exactly one outcome."""
        return sum(self.total.values()) == self.enrolled and not self.lost


class Moved(NamedTuple):
    """A pupil whose time in the class ends; `target` is the class of one who repeats."""

    student: UUID
    enrolment: UUID
    org: int
    outcome: str
    target: int | None
    leave_reason: str


def count_outcomes(roll_over: RollOver, shape: Shape, lo: int, hi: int) -> Sums:
    """The sums of `[lo, hi)`. Two statements."""
    sums = Sums({}, {}, {}, 0, 0)
    mark = 0
    with _cursor(lo, hi) as cursor:
        values = _values(roll_over, shape, lo, hi)
        cursor.execute(COUNTS, values)
        for school, outcome, number, twice, hashed in cursor.fetchall():
            mark ^= hashed
            if outcome is None:
                sums.lost[school] = number
            else:
                sums.by_school.setdefault(school, {})[outcome] = number
            if twice:
                sums.twice[school] = sums.twice.get(school, 0) + twice
        cursor.execute(ENROLLED, values)
        enrolled = cursor.fetchone()[0]
    return Sums(sums.by_school, sums.lost, sums.twice, enrolled, mark)


def stale_lines(roll_over: RollOver, shape: Shape, lo: int, hi: int) -> dict[int, int]:
    """How many lines of each school no longer fit the roll: the pupil moved since, or the class does not stand."""
    with _cursor(lo, hi) as cursor:
        cursor.execute(STALE, _values(roll_over, shape, lo, hi))
        return dict(cursor.fetchall())


def moved_pupils(roll_over: RollOver, shape: Shape, lo: int, hi: int) -> list[Moved]:
    """Everybody whose enrolment the roll-over ends."""
    with _cursor(lo, hi) as cursor:
        cursor.execute(MOVED, _values(roll_over, shape, lo, hi))
        return [Moved(*row) for row in cursor.fetchall()]


def outcomes(roll_over: RollOver, shape: Shape, lo: int, hi: int) -> list[tuple[UUID, str | None]]:
    """Every pupil with the outcome, for whoever wants to check the sums."""
    with _cursor(lo, hi) as cursor:
        cursor.execute(EACH, _values(roll_over, shape, lo, hi))
        return list(cursor.fetchall())


@contextmanager
def _cursor(lo: int, hi: int) -> Iterator[Any]:
    if hi - lo > codes.WIDTH[BodyKind.SCHOOL]:
        with without_nested_loops() as cursor:
            yield cursor
        return
    with connection.cursor() as cursor:
        yield cursor


def _values(roll_over: RollOver, shape: Shape, lo: int, hi: int) -> dict[str, Any]:
    graduating: Sequence[int] = shape.graduating
    moving: Sequence[int] = shape.moving
    return {
        "roll_over": roll_over.pk,
        "day": roll_over.day,
        "lo": lo,
        "hi": hi,
        "classes": [*graduating, *moving],
        "leaves": [True] * len(graduating) + [False] * len(moving),
        "places": sorted(shape.next_year),
    }
