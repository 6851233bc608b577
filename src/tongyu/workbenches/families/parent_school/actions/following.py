"""What a guardian has learned follows the person into another account; a school's courses follow the school."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.reorganising.after import Reorganised
from tongyu.records import life
from tongyu.workbenches.families.parent_school.models import Part

# Of what both accounts have, the kept one's stays, and the other's is left with the account that is closed.
JOIN = (
    """
UPDATE parent_school_lessondone d SET by_account = %(kept)s WHERE d.by_account = %(gone)s AND NOT EXISTS (
    SELECT FROM parent_school_lessondone k WHERE k.by_account = %(kept)s AND k.course_org = d.course_org
    AND k.course_key = d.course_key AND k.round = d.round AND k.lesson_key = d.lesson_key)
""",
    """
UPDATE parent_school_completionof o SET by_account = %(kept)s FROM parent_school_completion c
WHERE o.completion_id = c.id AND c.by_account = %(gone)s AND NOT EXISTS (
    SELECT FROM parent_school_completion k WHERE k.by_account = %(kept)s AND k.course_org = c.course_org
    AND k.course_key = c.course_key AND k.round = c.round)
""",
    """
UPDATE parent_school_completion c SET by_account = %(kept)s WHERE c.by_account = %(gone)s AND NOT EXISTS (
    SELECT FROM parent_school_completion k WHERE k.by_account = %(kept)s AND k.course_org = c.course_org
    AND k.course_key = c.course_key AND k.round = c.round)
""",
    """
UPDATE parent_school_needsanswer a SET by_account = %(kept)s WHERE a.by_account = %(gone)s AND NOT EXISTS (
    SELECT FROM parent_school_needsanswer k WHERE k.by_account = %(kept)s AND k.survey_id = a.survey_id)
""",
)
PLACES = "unnest(%(old)s::bigint[], %(new)s::bigint[], %(hi)s::bigint[]) AS m(old, new, hi)"
# A course whose key the other school uses already is taken down; what was learned of it stays.
MOVE = (
    f"""
UPDATE parent_school_course c SET state = 'withdrawn' FROM {PLACES}, parent_school_course k
WHERE c.org = m.old AND k.org = m.new AND k.key = c.key AND k.state = c.state AND c.state = 'published'
""",
    f"""
DELETE FROM parent_school_course c USING {PLACES}, parent_school_course k
WHERE c.org = m.old AND k.org = m.new AND k.key = c.key AND k.state = c.state AND c.state = 'draft'
""",
    *(
        f"UPDATE parent_school_{table} t SET org = m.new FROM {PLACES} WHERE t.org = m.old"
        for table in ("lesson", "media")
    ),
    f"UPDATE parent_school_course c SET org = m.new, lo = m.new, hi = m.hi FROM {PLACES} WHERE c.org = m.old",
    f"UPDATE parent_school_needssurvey s SET org = m.new, hi = m.hi FROM {PLACES} WHERE s.org = m.old",
)
LEARNED = tuple(
    f"UPDATE parent_school_{table} t SET course_org = m.new FROM {PLACES} WHERE t.course_org = m.old"
    for table in ("lessondone", "completion")
)


def follow_accounts(gone: int, kept: int) -> None:
    """Two accounts of one person become one: half-learned lessons go on, finished courses stay finished."""
    with connection.cursor() as cursor:
        for statement in JOIN:
            cursor.execute(statement, {"gone": gone, "kept": kept})


def follow_reorganisation(event: Reorganised) -> None:
    """Courses, surveys and what was learned of them go along with a school; its four parts where it goes on as it is.

    Where a school merges into another, that one has its own parts. Stations are townships' and stay.
    """
    schools = {old: new for old, new in event.taken_over().items() if old % codes.WIDTH[BodyKind.SCHOOL] == 0}
    values: dict[str, Any] = {
        "old": list(schools),
        "new": list(schools.values()),
        "hi": [codes.upper(new, BodyKind.SCHOOL) for new in schools.values()],
    }
    with connection.cursor() as cursor:
        for statement in MOVE:
            cursor.execute(statement, values)
    # Nobody of a staff reads a row of who learned what: no person stands behind this statement.
    with acting(everywhere(person="")), connection.cursor() as cursor:
        for statement in LEARNED:
            cursor.execute(statement, values)
    _take_parts_along(event, {old: new for old, new in schools.items() if old in event.successors})


def _take_parts_along(event: Reorganised, schools: Mapping[int, int]) -> None:
    begins = date(school_year_of(event.day), 9, 1)
    for old in Part.objects.filter(org__in=list(schools), withdrawn_at=None, occurred_on__gte=begins):
        org = schools[old.org]
        new = Part(
            id=uuid7(), hi=codes.upper(org, BodyKind.SCHOOL), part=old.part, line=old.line, amount=old.amount,
            topics=old.topics, occurred_on=event.day,
        )  # fmt: skip
        life.sign(new, by=event.by, org=org)
        new.save(force_insert=True)
