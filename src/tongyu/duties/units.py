"""Who must be served: one SELECT per kind of unit, giving (subject, unit_lo, unit_hi, bearer_org, place).

Named parameters: `lo`, `hi` (the places asked for), `judged_on` (the day on which a unit must be there),
`start`, `due_on`, `days` (for so many days of the period it must have been there), `county`, `county_hi`.
A kind without a source here cannot be measured yet.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tongyu.directory import codes
from tongyu.directory.kinds import DEPARTMENTS, STAGES, BodyKind, Stage
from tongyu.plan.rules import ObligationRule

Source = Callable[[ObligationRule, int], str]

PEOPLE = ("student", "guardian")
"""Units that are no bodies: their `subject` names them. A guardian's standing is counted, and no person reads it."""
STAGE_BY_KEY = {stage.name.lower(): stage for stage in Stage}
LONG_ENOUGH = "GREATEST({first}, %(start)s::date) + (%(days)s - 1) <= %(due_on)s::date"

BODIES = """
SELECT NULL::uuid AS subject, b.code AS unit_lo, b.hi AS unit_hi, {bearer} AS bearer_org, b.code AS place
FROM directory_body b
WHERE {which} AND b.code >= %(lo)s AND b.code < %(hi)s
  AND b.opened_on <= %(judged_on)s::date AND (b.closed_on IS NULL OR b.closed_on > %(judged_on)s::date)
  AND {long_enough}
"""
# A pupil is in the class entered last. The days of a pupil who changes class run on from the class before.
# COALESCE keeps the planner from an anti-join over the whole county: it looks up 30 pupils by index instead.
PUPILS = """
SELECT e.student_id AS subject, e.org AS unit_lo, e.org + 1 AS unit_hi, {bearer} AS bearer_org, e.org AS place
FROM directory_enrolment e
WHERE e.org >= %(lo)s AND e.org < %(hi)s
  AND e.entered_on <= %(judged_on)s::date AND (e.left_on IS NULL OR e.left_on > %(judged_on)s::date)
  AND ({long_enough} OR {longer_ago}) AND {which}
  AND NOT COALESCE((
    SELECT TRUE FROM directory_enrolment n
    WHERE n.student_id = e.student_id AND n.entered_on <= %(judged_on)s::date
      AND (n.left_on IS NULL OR n.left_on > %(judged_on)s::date)
      AND (n.entered_on, n.id) > (e.entered_on, e.id) LIMIT 1), FALSE)
"""
FIRST_DAY = """(
    SELECT min(o.entered_on) FROM directory_enrolment o
    WHERE o.student_id = e.student_id AND o.entered_on <= %(judged_on)s::date
      AND (o.left_on IS NULL OR o.left_on > %(start)s::date))"""

# A guardian is counted with each child, as reach is counted by child: the unit is the tie, in the child's class.
GUARDIANS = """
SELECT t.id AS subject, p.unit_lo, p.unit_hi, p.bearer_org, p.place
FROM ({pupils}) AS p
JOIN directory_guardianship t ON t.student_id = p.subject AND t.from_day <= %(judged_on)s::date
  AND (t.until_day IS NULL OR t.until_day > %(judged_on)s::date)
"""


def keeps_only_done(rule: ObligationRule) -> bool:
    """True of what people are encouraged to do: a standing is kept of those who have a record, and of no others.

    Nobody is listed for what nobody owes. The tallies count all of them (decision 0021).
    """
    return rule.unit in PEOPLE and not rule.countable


def bearer_code(bearer: str, county: int) -> int | None:
    """The code of a bearer that is one body of the county; None when it differs from unit to unit."""
    if bearer == "county":
        return county
    if bearer == "office":
        return codes.county_body_code(county, codes.OFFICE_NUMBER)
    if bearer == "leading_group":
        return codes.county_body_code(county, codes.LEADING_GROUP_NUMBER)
    department = bearer.removeprefix("department:")
    if department in DEPARTMENTS:
        return codes.county_body_code(county, DEPARTMENTS[department][0])
    return None


def owner(rule: ObligationRule, county: int, column: str) -> str:
    """SQL for the body that owes the duty of the unit whose code is in `column`."""
    bearer = rule.bearer[0]
    one = bearer_code(bearer, county)
    if one is not None:
        return f"{one}::bigint"
    if bearer == "school":
        return f"{column} - {column} %% {codes.WIDTH[BodyKind.SCHOOL]}"
    if bearer == "township" and rule.unit not in ("township", "body"):
        return f"{column} - {column} %% {codes.WIDTH[BodyKind.TOWNSHIP]}"
    return column


def is_local(rule: ObligationRule, county: int) -> bool:
    """True when one bearer's units lie in one school at most, so that a pace concerns that school only."""
    return (
        rule.unit in ("student", "guardian", "class", "grade", "school")
        and bearer_code(rule.bearer[0], county) is None
    )


def _bodies(kind: str) -> Source:
    def source(rule: ObligationRule, county: int) -> str:
        which = f"b.kind = '{kind}'"
        if kind == BodyKind.SCHOOL:
            which += _not_excluded_schools(rule)
        elif kind in (BodyKind.GRADE, BodyKind.SCHOOL_CLASS):
            which += _not_excluded_stages(rule, "b.code")
        return _body_select(rule, county, which)

    return source


def _departments(rule: ObligationRule, county: int) -> str:
    return _body_select(rule, county, _bearing(rule, county))


def _body_or_department(rule: ObligationRule, county: int) -> str:
    return _body_select(rule, county, f"({_bearing(rule, county)})")


def _county(rule: ObligationRule, county: int) -> str:
    return _body_select(rule, county, "b.kind = 'county'")


def _pupils(rule: ObligationRule, county: int) -> str:
    return PUPILS.format(
        bearer=owner(rule, county, "e.org"),
        long_enough=LONG_ENOUGH.format(first="e.entered_on"),
        longer_ago=LONG_ENOUGH.format(first=FIRST_DAY),
        which="TRUE" + _not_excluded_stages(rule, "e.org"),
    )


def _guardians(rule: ObligationRule, county: int) -> str:
    return GUARDIANS.format(pupils=_pupils(rule, county))


def _body_select(rule: ObligationRule, county: int, which: str) -> str:
    bearer = owner(rule, county, "b.code")
    return BODIES.format(bearer=bearer, which=which, long_enough=LONG_ENOUGH.format(first="b.opened_on"))


def _bearing(rule: ObligationRule, county: int) -> str:
    """The bodies that are both bearer and unit: townships, all departments, or the ones named."""
    parts = []
    for bearer in rule.bearer:
        if bearer == "township":
            parts.append("b.kind = 'township'")
        elif bearer == "department:all":
            parts.append("b.kind = 'department'")
        else:
            parts.append(f"b.code = {bearer_code(bearer, county)}")
    return f"({' OR '.join(parts)})"


def _not_excluded_schools(rule: ObligationRule) -> str:
    excluded = {STAGE_BY_KEY[key] for key in rule.exclusions.get("stage", ())}
    kinds = [kind.value for kind, stages in STAGES.items() if excluded and set(stages) <= excluded]
    return f" AND b.school_kind <> ALL(ARRAY{kinds})" if kinds else ""


def _not_excluded_stages(rule: ObligationRule, column: str) -> str:
    """The stage is the first digit of the cohort in the code."""
    excluded = [int(STAGE_BY_KEY[key]) for key in rule.exclusions.get("stage", ())]
    return f" AND ({column} / 10000) %% 10 <> ALL(ARRAY{excluded})" if excluded else ""


SOURCES: dict[str, Source] = {
    "school": _bodies(BodyKind.SCHOOL),
    "grade": _bodies(BodyKind.GRADE),
    "class": _bodies(BodyKind.SCHOOL_CLASS),
    "township": _bodies(BodyKind.TOWNSHIP),
    "student": _pupils,
    "guardian": _guardians,
    "department": _departments,
    "body": _body_or_department,
    "county": _county,
}


def source_of(rule: ObligationRule, more: Mapping[str, Source] | None = None) -> Source | None:
    """The source of the rule's units; None when there is none yet."""
    sources: Mapping[str, Any] = {**SOURCES, **(more or {})}
    return sources.get(rule.unit) if rule.unit_kind is None else sources.get(f"{rule.unit}:{rule.unit_kind}")
