"""What the room puts on a guardian's home page: how far the courses are, and an open survey."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.records.family import Task
from tongyu.workbenches.families.parent_school.queries import learning

LEARNT = "EXISTS (SELECT FROM parent_school_completion r WHERE r.by_account = %(account)s::bigint)"
SURVEYED = (
    "EXISTS (SELECT FROM parent_school_needssurvey r WHERE r.org = ANY(%(places)s::bigint[])"
    " AND r.closes_on > %(on)s::date AND r.opened_on <= %(on)s::date"
    " AND NOT EXISTS (SELECT FROM parent_school_needsanswer a WHERE a.survey_id = r.id"
    " AND a.by_account = %(account)s::bigint AND a.topics <> '{}'))"
)

UNANSWERED = """
SELECT DISTINCT r.id FROM parent_school_needssurvey r
JOIN unnest(%(classes)s::bigint[]) AS w(org) ON r.org <= w.org AND r.hi > w.org
WHERE r.closes_on > %(on)s::date AND r.opened_on <= %(on)s::date
  AND NOT EXISTS (SELECT FROM parent_school_needsanswer a
                  WHERE a.survey_id = r.id AND a.by_account = %(account)s::bigint AND a.topics <> '{}')
ORDER BY r.id
"""


def home_line(asker: Asker, on: date) -> str:
    """已学 3 / 6 课, over all courses for the guardian's children. Four queries."""
    courses = list(learning.offered(asker))
    if not courses:
        return ""
    own = learning.progress_of(asker, courses)
    done = total = 0
    for course in courses:
        lessons = list(course.lessons.all())
        total += len(lessons)
        done += own[course.org, course.key].count(lessons)
    return _("已学 %(done)d / %(total)d 课") % {"done": done, "total": total}


def survey_tasks(asker: Asker, on: date) -> Sequence[Task]:
    """The school's question which topics would help, until it is answered. One query."""
    values: dict[str, Any] = {
        "classes": [ward.org for ward in asker.wards],
        "account": asker.account_id,
        "on": on,
    }
    with prepared_cursor() as cursor:
        cursor.execute(UNANSWERED, untyped(values))
        surveys = [row[0] for row in cursor.fetchall()]
    return [
        Task(
            student_id=None,
            title=_("您想听什么？"),
            line=_("点几个主题，学校照着安排。不记名"),
            url=reverse("parent_school:family_needs", args=[survey]),
            icon="message-question",
            button=_("选一选"),
            order=80,
        )
        for survey in surveys
    ]
