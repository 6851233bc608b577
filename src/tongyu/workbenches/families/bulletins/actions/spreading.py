"""Bring a bulletin to its families: one row a child and one notice a guardian, school by school, each all or nothing.

Killed in the middle it goes on where it stopped: a child has one row, and a guardian one notice, however often a school
is tried. A bulletin that was withdrawn meanwhile goes no further.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.directory import codes
from tongyu.directory.families.adults import ENTITLED
from tongyu.directory.kinds import BodyKind
from tongyu.workbenches.families.bulletins.actions.telling import tell
from tongyu.workbenches.families.bulletins.models import Bulletin, BulletinChild
from tongyu.workbenches.families.bulletins.queries.wide import cursor_over

TASK = "bulletins.spread"
SCHOOL = codes.WIDTH[BodyKind.SCHOOL]
ROWS = """
INSERT INTO bulletins_bulletinchild (id, bulletin_id, enrolment_id, student_id, org)
SELECT gen_random_uuid(), %(bulletin)s, e.id, e.student_id, e.org FROM directory_enrolment e
WHERE e.org >= %(lo)s AND e.org < %(hi)s
  AND e.entered_on <= %(day)s::date AND (e.left_on IS NULL OR e.left_on > %(day)s::date)
ON CONFLICT (bulletin_id, student_id) DO NOTHING
"""
PAIRS = f"""
SELECT t.guardian_id, t.student_id FROM ({ENTITLED} AND g.org >= %(lo)s AND g.org < %(hi)s) t
JOIN bulletins_bulletinchild c ON c.student_id = t.student_id AND c.bulletin_id = %(bulletin)s
ORDER BY t.guardian_id, t.student_id
"""
SCHOOLS = """
SELECT DISTINCT e.org - e.org %% %(width)s FROM directory_enrolment e
WHERE e.org >= %(lo)s AND e.org < %(hi)s AND e.left_on IS NULL ORDER BY 1
"""


@jobs.job(TASK, label=gettext_lazy("发送通知"))
def work(progress: jobs.Progress, bulletin: str) -> dict[str, Any]:
    """The job: school by school, under the scope of whoever sent it."""
    with transaction.atomic():
        row = Bulletin.objects.get(pk=bulletin)
        schools = list(schools_of(row))
    for done, school in enumerate(schools, 1):
        with transaction.atomic():
            if Bulletin.objects.select_for_update().get(pk=bulletin).withdrawn_at is not None:
                raise jobs.JobRefused(_("通知已撤回，没有再往下发。"))
            spread(row, max(row.org, school), min(row.hi, school + SCHOOL))
        progress.report(done, len(schools))
    with transaction.atomic():
        finish(row)
    return {"children": row.children}


def spread(bulletin: Bulletin, lo: int, hi: int) -> int:
    """To the families of the classes in `[lo, hi)`, in the running transaction; returns how many children were new."""
    values: dict[str, Any] = {"bulletin": bulletin.pk, "lo": lo, "hi": hi, "day": clock.today()}
    with cursor_over(lo, hi) as cursor:
        cursor.execute(ROWS, values)
        new: int = cursor.rowcount
        cursor.execute(PAIRS, values)
        pairs: list[tuple[UUID, UUID]] = cursor.fetchall()
    tell(bulletin, pairs)
    return new


def finish(bulletin: Bulletin) -> None:
    """Note that every family has it, and how many children they are."""
    bulletin.children = BulletinChild.objects.filter(bulletin=bulletin).count()
    bulletin.spread_at = clock.now()
    bulletin.save(update_fields=["children", "spread_at"])


def schools_of(row: Bulletin) -> Iterator[int]:
    """The schools whose families are among them, by code."""
    with cursor_over(row.org, row.hi) as cursor:
        cursor.execute(SCHOOLS, {"lo": row.org, "hi": row.hi, "width": SCHOOL})
        for (school,) in cursor.fetchall():
            yield school
