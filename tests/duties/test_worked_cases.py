"""Every worked case of the shipped plan, run through the engine."""

from datetime import date
from uuid import UUID

import pytest

from duties import worlds
from duties.trials import PREFIX, TRIALS, on_trial
from support.county import County, as_system, rules_on
from tongyu.core.ids import uuid7
from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar, TermDates
from tongyu.duties import derive, units
from tongyu.duties.models import Exemption
from tongyu.duties.periods import STANDING, Period
from tongyu.plan import reader
from tongyu.records.facts import Fact

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
PUPIL = UUID(int=1)
SCHOOL = 62292310100100000
ELSEWHERE = 62292310200100000
WIDTH = {"county": 10**11, "township": 10**8, "student": 1, "class": 1}


def cases():
    return [case for _source, file in reader.read().cases for case in file.cases]


def place_of(rule, county):
    """A code for the unit: the bearing body itself where the record must be its own."""
    if rule.unit == "county":
        return county
    own = units.bearer_code(rule.bearer[0], county) if rule.coverage == "own" else None
    return own or SCHOOL


def unit_source(case, code):
    """One unit that is there as long as the case says."""

    def source(rule, county):
        until = f"DATE '{case.unit.until}'" if case.unit.until else "NULL::date"
        bearer = units.bearer_code(rule.bearer[0], county) or code
        long_enough = units.LONG_ENOUGH.format(first=f"DATE '{case.unit.since}'")
        subject = f"'{PUPIL}'::uuid" if rule.coverage == "subject" else "NULL::uuid"
        return (
            f"SELECT {subject} AS subject, {code}::bigint AS unit_lo, {code + WIDTH.get(rule.unit, 10**5)}::bigint"
            f" AS unit_hi, {bearer}::bigint AS bearer_org, {code}::bigint AS place"
            f" WHERE DATE '{case.unit.since}' <= %(judged_on)s::date"
            f" AND ({until} IS NULL OR {until} > %(judged_on)s::date) AND {long_enough}"
        )

    return source


def period_of(rule, case):
    span = Span(case.period.start, case.period.end)
    calendar = Calendar(2026, span, (TermDates(1, span),))
    key = STANDING if rule.period.kind == "standing" else "case"
    days = calendar.school_days(span) if case.period.school_days else 0
    return Period(key, span.start, span.end, case.period.late_until, days, calendar)


def fact_of(fact, rule, county, code):
    bearer = units.bearer_code(rule.bearer[0], county) or code
    maker = {"bearer": bearer, "other": ELSEWHERE}[fact.by]
    if "by" in fact.attributes and fact.by == "bearer":
        maker = units.bearer_code(f"department:{fact.attributes['by']}", county)
    low, high = {
        "unit": (code, code + WIDTH.get(rule.unit, 10**5)),
        "above": (county, county + 10**11),
        "below": (code, code + 1),
        "elsewhere": (ELSEWHERE, ELSEWHERE + 10**5),
    }[fact.scope]
    subject = PUPIL if fact.subject == "unit" else UUID(int=2)
    return Fact(
        PREFIX + fact.kind, uuid7(), fact.occurred_on, fact.ended_on, None, None, maker, "", low, high, "student",
        subject, fact.category, 1, fact.confirmed, dict(fact.attributes), "",
    )  # fmt: skip


def judged(case, rule, county):
    code = place_of(rule, county)
    worlds.store([fact_of(fact, rule, county, code) for fact in case.facts])
    if case.exemption:
        Exemption.objects.create(
            obligation_id=rule.pk,
            org=code,
            lo=code,
            hi=code + WIDTH.get(rule.unit, 10**5),
            subject=PUPIL if rule.coverage == "subject" else None,
            reason=case.exemption.reason,
            decided_by=case.exemption.decided_by,
            from_day=case.exemption.since,
            until_day=case.exemption.until,
        )
    key = f"{rule.unit}:{rule.unit_kind}" if rule.unit_kind else rule.unit
    statement = derive.compile_statement(rule, county, TRIALS, {key: unit_source(case, code)})
    values = derive.parameters(rule, period_of(rule, case), case.as_of, county, county + 10**11)
    return [row.state for row in derive.rows(statement, values)] or ["none"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.obligation}-{case.name}")
def test_worked_case_comes_out_as_the_plan_says(trial, case):
    county = County()
    rules = {rule.id: on_trial(rule) for rule in rules_on(DAY)}
    with as_system():
        assert judged(case, rules[case.obligation], county.code) == [case.expect]
