"""Each of the plan's 95 obligations compiles, runs, and says so when it cannot be measured."""

from datetime import date

import pytest

from duties.trials import TRIALS, on_trial
from support.county import County, as_system, rules_on
from tongyu.directory.calendar import load_calendar
from tongyu.duties import derive, engine, states, update
from tongyu.duties.models import Standing, Tally

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


@pytest.fixture
def county(trial):
    county = County()
    school = county.school(county.township())
    county.guardian(county.pupil(county.class_(school)))
    return county


def engine_of(county, rules):
    calendars = tuple(load_calendar(county.code, year) for year in (2025, 2026))
    return engine.Engine(county.code, DAY, rules, calendars, TRIALS)


def test_all_95_obligations_compile_and_run_or_say_why_not(county):
    rules = [on_trial(rule) for rule in rules_on(DAY)]
    one = engine_of(county, rules)
    outcomes = {}
    with as_system():
        for rule in rules:
            why = one.why_not(rule)
            for period in [] if why else one.periods_of(rule):
                values = derive.parameters(rule, period, DAY, *update.whole(county.code))
                outcomes[rule.id] = derive.rows(one.statement(rule), values)
            outcomes.setdefault(rule.id, why)
    assert len(outcomes) == 95
    unmeasured = {key for key, found in outcomes.items() if found == "no_source"}
    without_source = {"venue", "case", "placement", "incident", "evaluation"}
    assert unmeasured == {rule.id for rule in rules if rule.unit in without_source}
    assert all(outcomes[rule.id] for rule in rules if rule.id not in unmeasured)


def test_without_rooms_every_duty_is_unknown_and_never_met(county):
    rules = rules_on(DAY)
    calendars = tuple(load_calendar(county.code, year) for year in (2025, 2026))
    bare = engine.Engine(county.code, DAY, rules, calendars, {})
    with as_system():
        done = update.recompute(bare)
        found = list(Standing.objects.values_list("state", "unit_org", "why").distinct())
    assert (done.duties, done.standings) == (95, 95)
    assert found == [(states.UNKNOWN, county.code, "no_room")]
    assert sum(Tally.objects.values_list("unknown", flat=True)) == 95
