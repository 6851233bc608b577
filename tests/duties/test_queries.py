"""What boards ask costs the same number of queries for one school and for three."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties.trials import TRIALS, on_trial
from support.county import County, as_asker, as_system, rules_on
from tongyu.directory.calendar import load_calendar
from tongyu.duties import engine, explain, queries, states, update

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def county_of(schools):
    county = County()
    township = county.township()
    classes = [county.class_(county.school(township, f"第{n}小学")) for n in range(schools)]
    for class_ in classes:
        county.pupil(class_, "马某某")
    rules = [on_trial(rule) for rule in rules_on(DAY)]
    calendars = tuple(load_calendar(county.code, year) for year in (2025, 2026))
    with as_system():
        update.recompute(engine.Engine(county.code, DAY, rules, calendars, TRIALS))
    return county, classes


def costs(asker):
    """Queries of each function."""
    found = {}
    with as_asker(asker):
        period = queries.period_on(asker, DAY)
        visit = next(
            one for one in queries.obligation_rates(asker, period) if one.obligation.key == "home-visit"
        )
        calls = {
            "clause_rates": lambda: queries.clause_rates(asker, period),
            "obligation_rates": lambda: queries.obligation_rates(asker, period),
            "township_heat": lambda: queries.township_heat(asker, period),
            "attention": lambda: queries.attention(asker, period),
            "due_soon": lambda: queries.due_soon(asker, DAY, 365),
            "standings_of": lambda: queries.standings_of(asker, visit.obligation.pk, period),
            "my_duties": lambda: queries.my_duties(asker, DAY),
            "trend": lambda: queries.trend(asker, DAY - timedelta(days=30), DAY),
        }
        for name, call in calls.items():
            with CaptureQueriesContext(
                connection,
            ) as captured:
                call()
            found[name] = len(captured)
    return found


@pytest.mark.parametrize("schools", [1, 3])
def test_queries_are_few_and_do_not_grow_with_the_county(trial, schools):
    county, _classes = county_of(schools)
    found = costs(county.office_staff())
    assert max(found.values()) <= 12, found
    assert {name: found[name] for name in ("attention", "due_soon", "standings_of", "trend")} == {
        "attention": 2,
        "due_soon": 2,
        "standings_of": 1,
        "trend": 1,
    }


def test_class_teacher_reads_the_names_of_the_own_class_and_why(trial):
    county, classes = county_of(2)
    teacher = county.teacher(classes[0])
    with as_asker(teacher):
        cards = {card.rule.id: card for card in queries.my_duties(teacher, DAY)}
        visits = cards["home-visit"]
        told = explain.explain(teacher, visits.open[0], DAY)
    assert (visits.counts[states.IN_PROGRESS], visits.needed, visits.done) == (1, 1, 0)
    assert [(unit.pupil, unit.unit_org) for unit in visits.open] == [("马某某", classes[0].code)]
    assert told.sentence == "马某某已完成0次，要求1次，期限2027-08-31。"
    assert told.records == []
