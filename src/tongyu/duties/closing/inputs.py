"""A hash over what a closed duty rests on: the records that count, the places, the enrolments, the exemptions.

Each is read once per window by one aggregate. What lies after the window is cut off, so that a pupil who leaves next
year changes nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tongyu.core.prepared import untyped
from tongyu.duties import derive
from tongyu.duties.closing.stored import whole
from tongyu.duties.engine import Engine
from tongyu.duties.units import PEOPLE
from tongyu.plan.rules import ObligationRule
from tongyu.records.facts import view_name

Read = list[Any]
"""How many rows, and the hash over them in order."""

SUM = """
SELECT count(*), encode(sha256(convert_to(COALESCE(string_agg(t.line, E'\\n' ORDER BY t.line COLLATE "C"), ''),
       'UTF8')), 'hex')
FROM ({lines}) t
"""
FACTS = """
SELECT jsonb_build_array(id, to_char(occurred_on, 'YYYY-MM-DD'), by_body, scope_lo, scope_hi, subject_id, category,
       quantity, confirmed, attributes)::text AS line
FROM {view} WHERE {conditions} AND scope_lo < %(hi)s AND scope_hi > %(lo)s
"""
ENROLMENTS = """
SELECT jsonb_build_array(e.id, e.student_id, e.org, to_char(e.entered_on, 'YYYY-MM-DD'),
       CASE WHEN e.left_on <= %(due_on)s::date THEN to_char(e.left_on, 'YYYY-MM-DD') END)::text AS line
FROM directory_enrolment e
WHERE e.org >= %(lo)s AND e.org < %(hi)s AND e.entered_on <= %(due_on)s::date
  AND (e.left_on IS NULL OR e.left_on > %(start)s::date)
"""
GUARDIANS = """
SELECT jsonb_build_array(t.id, t.student_id, t.guardian_id, to_char(t.from_day, 'YYYY-MM-DD'),
       CASE WHEN t.until_day <= %(due_on)s::date THEN to_char(t.until_day, 'YYYY-MM-DD') END)::text AS line
FROM directory_guardianship t
WHERE t.org >= %(lo)s AND t.org < %(hi)s AND t.from_day <= %(due_on)s::date
  AND (t.until_day IS NULL OR t.until_day > %(start)s::date)
"""
BODIES = """
SELECT jsonb_build_array(b.code, b.hi, b.kind, b.key, b.school_kind, to_char(b.opened_on, 'YYYY-MM-DD'),
       CASE WHEN b.closed_on <= %(due_on)s::date THEN to_char(b.closed_on, 'YYYY-MM-DD') END)::text AS line
FROM directory_body b
WHERE b.code >= %(lo)s AND b.code < %(hi)s AND b.opened_on <= %(due_on)s::date
  AND (b.closed_on IS NULL OR b.closed_on > %(start)s::date)
"""
EXEMPTIONS = """
SELECT jsonb_build_array(x.id, x.lo, x.hi, x.subject)::text AS line FROM duties_exemption x
WHERE x.org >= %(lo)s AND x.org < %(hi)s
  AND (x.obligation_id IS NULL OR x.obligation_id = ANY(%(lifting)s::int[]))
  AND x.from_day <= %(due_on)s::date AND (x.until_day IS NULL OR x.until_day > %(due_on)s::date)
"""


@dataclass
class Reader:
    """Reads the inputs of many duties of one county; what several share it reads once."""

    _shared: dict[tuple[Any, ...], Read] = field(default_factory=dict)

    def inputs(self, engine: Engine, rule: ObligationRule, values: dict[str, Any]) -> dict[str, Read]:
        """What the duty rests on; `values` are the parameters of its statement."""
        days: tuple[date, date] = (values["start"], values["due_on"])
        found = {"bodies": self._once(("bodies", *days), BODIES, values)}
        if rule.unit in PEOPLE:
            found["enrolments"] = self._once(("enrolments", *days), ENROLMENTS, values)
        if rule.unit == "guardian":
            found["guardians"] = self._once(("guardians", *days), GUARDIANS, values)
        key = ("exemptions", rule.pk, days[1])
        found["exemptions"] = self._once(key, EXEMPTIONS, values)
        for counted in rule.counts:
            constants: dict[str, Any] = {}
            conditions = " AND ".join(derive.qualifying(counted, rule, engine.kinds, constants))
            lines = FACTS.format(view=view_name(counted.kind), conditions=conditions)
            where = tuple(sorted((name, tuple(texts)) for name, texts in counted.where.items()))
            shared = ("facts", counted.kind, where, rule.period.kind, values["until"], values["as_of"], *days)
            name = counted.kind if not where else f"{counted.kind} {dict(where)}"
            found[name] = self._once(shared, lines, values | constants)
        return found

    def _once(self, key: tuple[Any, ...], lines: str, values: dict[str, Any]) -> Read:
        if key not in self._shared:
            with derive.cursor_for(*whole(values["county"])) as cursor:
                cursor.execute(SUM.format(lines=lines), untyped(values))
                self._shared[key] = list(cursor.fetchone())
        return self._shared[key]
