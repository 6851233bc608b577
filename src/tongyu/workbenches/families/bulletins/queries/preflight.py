"""Before a bulletin is sent: which children it will reach, and which not and why. One statement for a county.

A child is reached when a guardian who may see something of the child has an account. Names only for one class.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.families.adults import TIES
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.queries.wide import cursor_over

REACHED = "reached"
WHY = {
    "no_guardian": _("没有登记监护人"),
    "blocked": _("监护人依文件不能查看"),
    "no_phone": _("监护人没有手机号，也没有加入"),
    "not_joined": _("监护人有手机号，还没有加入"),
    "no_decider": _("能看到，但没有可以签字的监护人"),
}
"""Why a child is not reached, or not as the bulletin asks."""
NOBODY = _("没有可以送达的监护人")
PUPILS = """
SELECT s.id AS student_id, s.name, s.name_key FROM directory_enrolment e
JOIN directory_student s ON s.id = e.student_id
WHERE e.org >= %(lo)s AND e.org < %(hi)s
  AND e.entered_on <= %(day)s::date AND (e.left_on IS NULL OR e.left_on > %(day)s::date)
"""
STATES = f"""
WITH pupils AS ({PUPILS}),
ties AS MATERIALIZED ({TIES} AND g.org >= %(lo)s AND g.org < %(hi)s),
families AS (
    SELECT student_id, count(*) FILTER (WHERE may_see AND NOT blocked) AS entitled,
           count(*) FILTER (WHERE may_see AND NOT blocked AND account_id IS NOT NULL) AS joined,
           count(*) FILTER (WHERE may_see AND NOT blocked AND has_phone) AS phones,
           count(*) FILTER (WHERE may_see AND NOT blocked AND may_decide) AS deciders
    FROM ties GROUP BY student_id
)
SELECT p.student_id, p.name, p.name_key, CASE
    WHEN f.student_id IS NULL THEN 'no_guardian'
    WHEN f.entitled = 0 THEN 'blocked'
    WHEN f.joined = 0 AND f.phones = 0 THEN 'no_phone'
    WHEN f.joined = 0 THEN 'not_joined'
    WHEN %(signing)s AND f.deciders = 0 THEN 'no_decider'
    ELSE 'reached' END AS state
FROM pupils p LEFT JOIN families f USING (student_id)
"""
COUNTS = f"SELECT state, count(*) FROM ({STATES}) AS found GROUP BY state"
NAMES = f"SELECT name, state FROM ({STATES}) AS found WHERE state <> 'reached' ORDER BY name_key, name, student_id"
ADULTS = f"""
WITH pupils AS ({PUPILS}), ties AS ({TIES} AND g.org >= %(lo)s AND g.org < %(hi)s)
SELECT count(DISTINCT t.guardian_id) FROM ties t JOIN pupils p USING (student_id)
WHERE t.may_see AND NOT t.blocked AND t.account_id IS NOT NULL
"""


@dataclass(frozen=True)
class Preflight:
    """What sending would come to."""

    counts: Counter[str]
    guardians: int
    coarse: bool = False
    """For whoever sits above the school: how many are kept away by a document is no number of theirs (check C32)."""
    names: list[tuple[str, str]] = field(default_factory=list)
    """Of one class: who is not reached, and why."""

    @property
    def children(self) -> int:
        """All of the place."""
        return self.counts.total()

    @property
    def reached(self) -> int:
        """Those whose family will have it on the telephone."""
        return self.counts[REACHED] + self.counts["no_decider"]

    @property
    def reasons(self) -> list[tuple[Any, int]]:
        """Why, with how many children; only what occurs."""
        if not self.coarse:
            return [(WHY[key], self.counts[key]) for key in WHY if self.counts[key]]
        folded = [(NOBODY, self.counts["no_guardian"] + self.counts["blocked"])]
        folded += [(WHY[key], self.counts[key]) for key in ("no_phone", "not_joined")]
        return [(why, number) for why, number in folded if number]


def preflight(asker: Asker, place: Body, on: date, *, signing: bool) -> Preflight:
    """Count the families of a place; PermissionDenied when the asker may not write to them. Two or three queries."""
    rules.SEND.check(asker, place)
    values: dict[str, Any] = {"lo": place.code, "hi": place.hi, "day": on, "signing": signing}
    with cursor_over(place.code, place.hi) as cursor:
        cursor.execute(COUNTS, values)
        counts: Counter[str] = Counter(dict(cursor.fetchall()))
        cursor.execute(ADULTS, values)
        guardians = cursor.fetchone()[0]
        names: list[tuple[str, str]] = []
        if place.kind == BodyKind.SCHOOL_CLASS:
            cursor.execute(NAMES, values)
            names = [(name, str(WHY[state])) for name, state in cursor.fetchall()]
    coarse = asker.body_kind not in (BodyKind.SCHOOL, BodyKind.SCHOOL_CLASS)
    return Preflight(counts, guardians, coarse, names)
