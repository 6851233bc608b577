"""Courses as staff see them, and how many guardians of a class have finished one: numbers, never who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from tongyu.core.access import Asker
from tongyu.core.context import acting, everywhere
from tongyu.directory.hats import school_year_of
from tongyu.directory.naming import PlaceNames
from tongyu.workbenches.families.parent_school.models import Course, CourseState
from tongyu.workbenches.families.parent_school.rules import SEE_COURSES, county_of, keeps_courses

FEW = 5
"""A number of people below this is not shown."""
STAND = (CourseState.DRAFT, CourseState.PUBLISHED, CourseState.WITHDRAWN)


def visible(asker: Asker) -> QuerySet[Course]:
    """The published courses of the asker's county, and every version of the own body's."""
    SEE_COURSES.check(asker)
    lo, hi = county_of(asker)
    own = Q(org=asker.body_code) if keeps_courses(asker) else Q(pk=None)
    return Course.objects.filter(own | Q(state=CourseState.PUBLISHED, org__gte=lo, org__lt=hi))


def listed(asker: Asker) -> list[Course]:
    """What the list shows: own drafts first, then what guardians of the asker's places may learn. Two queries."""
    reached = Q(lo__lt=asker.hi, hi__gt=asker.lo) | Q(org=asker.body_code)
    rows = visible(asker).filter(reached, state__in=STAND).annotate(lesson_count=Count("lessons"))
    order = {state: place for place, state in enumerate(STAND)}
    return sorted(rows, key=lambda one: (order[CourseState(one.state)], not one.shipped, one.title))


@dataclass(frozen=True)
class ClassCount:
    """One class: how many guardians its pupils have, and how many of them finished the course this school year."""

    name: str
    guardians: int
    finished: int

    @property
    def few(self) -> bool:
        """True when the number is so small that it would tell who."""
        return 0 < self.finished < FEW or 0 < self.guardians < FEW


COUNTS = """
SELECT t.org, count(DISTINCT t.guardian_id)::int, count(DISTINCT t.guardian_id) FILTER (WHERE EXISTS (
    SELECT FROM parent_school_completionof o JOIN parent_school_completion c ON c.id = o.completion_id
    WHERE o.guardian_id = t.guardian_id AND c.withdrawn_at IS NULL AND c.course_org = %(org)s
      AND c.course_key = %(key)s AND c.occurred_on >= %(start)s AND c.occurred_on < %(end)s))::int
FROM directory_guardianship t
WHERE t.org >= %(lo)s AND t.org < %(hi)s AND (t.until_day IS NULL OR t.until_day > %(on)s)
  AND EXISTS (SELECT FROM directory_enrolment e WHERE e.student_id = t.student_id AND e.org = t.org
              AND e.left_on IS NULL)
GROUP BY t.org ORDER BY t.org
"""


def class_counts(asker: Asker, course: Course, on: date) -> Sequence[ClassCount]:
    """By class of the asker's range how many guardians finished the course this school year. Two queries.

    Reads what no member of a staff may read row by row, and gives back numbers alone.
    """
    SEE_COURSES.check(asker)
    start = school_year_of(on)
    values: dict[str, Any] = {
        "org": course.org, "key": course.key, "lo": asker.lo, "hi": asker.hi, "on": on,
        "start": date(start, 9, 1), "end": date(start + 1, 9, 1),
    }  # fmt: skip
    with acting(everywhere(person="")), connection.cursor() as cursor:
        cursor.execute(COUNTS, values)
        rows = cursor.fetchall()
    name = PlaceNames(on, asker.body_code)
    return [ClassCount(name(org), guardians, finished) for org, guardians, finished in rows]
