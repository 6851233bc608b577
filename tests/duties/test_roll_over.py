"""A county turns: no duty of a past day changes by one, and those of the new year are what the reference says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from duties import reference, tables, worlds
from duties.test_against_reference import STORY, assert_as_reference, engine_on, in_a_world, shipped, stored
from support.county import DAY, County, as_asker, as_system
from support.rollover import NEW_YEAR, new_year, turn, turn_back
from tongyu.core.access import Asker
from tongyu.core.models import JobProgress
from tongyu.directory import codes
from tongyu.directory.models import Enrolment, RollOver, RollOverLine
from tongyu.directory.roles import OfficeStaff
from tongyu.directory.rollover.after import Made
from tongyu.directory.rollover.shape import read_shape
from tongyu.directory.rollover.writing import whole_county, write_roll_over
from tongyu.duties import jobs, update
from tongyu.duties.models import Exemption, Standing, Tally
from tongyu.duties.queries.exemptions import at_new_places

pytestmark = pytest.mark.django_db
__all__ = ["shipped"]
OFFICE = Asker(
    account_id=1, name="", role=OfficeStaff, body_code=codes.county_body_code(worlds.COUNTY, 901), body_name="",
    body_kind="office", lo=worlds.COUNTY, hi=codes.upper(worlds.COUNTY, "county"),
)  # fmt: skip


def turned(world):
    """The world's next year, with some pupils who repeat, leave or move."""
    year = world.start_year + 1
    row = RollOver.objects.create(county_id=worlds.COUNTY, start_year=year, day=date(year, 9, 1))
    shape = read_shape(row, *whole_county(row))
    for one in Enrolment.objects.filter(left_on=None, entered_on__lt=row.day).order_by("id"):
        school = shape.schools.get(codes.containing(one.org, "school"))
        outcome = world.dice.choice(("", "", "retained", "left", "transferred"))
        below = school.below(one.org) if school else []
        if not outcome or (outcome == "retained" and not below):
            continue
        RollOverLine.objects.create(
            roll_over=row, org=school.body.code if school else one.org, student=one.student, outcome=outcome,
            target=world.dice.choice(below) if outcome == "retained" else None, reason="-",
            to_school="某校" if outcome == "transferred" else "", entered_at=f"{year}-08-01T00:00:00Z",
        )  # fmt: skip
    write_roll_over(row, shape, OFFICE, *whole_county(row), lambda done, total: None)
    return row.day


@trials(STORY, max_examples=8)
@given(seed=st.integers(0, 10**9))
def test_past_duties_do_not_change_by_one(shipped, seed):
    def story(world):
        rules = world.rules(shipped, 5)
        for _ in range(world.dice.randint(0, 30)):
            world.record(rules)
        days = sorted(world.day(0, 364) for _ in range(2))
        seen = tables.read(worlds.COUNTY)
        before = {day: [reference.standings(rule, seen, day) for rule in rules] for day in days}
        first = turned(world)
        after = tables.read(worlds.COUNTY)
        for day in days:
            update.recompute(engine_on(world, rules, day))
            for rule, known in zip(rules, before[day], strict=True):
                assert stored(rule, reference.keys(rule, after, day)) == known
        for days_in in (0, world.dice.randint(1, 60)):
            day = first + timedelta(days=days_in)
            update.recompute(engine_on(world, rules, day))
            assert_as_reference(rules, day)

    in_a_world(seed, story)


@pytest.fixture
def county(plan, settings):
    made = County()
    new_year(made)
    settings.TONGYU_TODAY = NEW_YEAR
    return made


def told(day):
    """Every standing as of that day, computed from nothing."""
    with as_system():
        Standing.objects.all().delete()
        Tally.objects.all().delete()
    update.recompute_all(day)
    names = [one.name for one in Standing._meta.fields if one.name not in ("id", "as_of", "changed_at")]
    with as_system():
        return sorted(map(str, Standing.objects.order_by().values_list(*names)))


def test_the_year_that_ended_recomputes_to_the_same_and_the_new_one_has_its_own_units(county):
    school = county.school(county.township())
    last, middle, first = (county.class_(school, year) for year in (2021, 2023, 2024))
    pupils = [county.pupil(body) for body in (last, middle, first)]
    county.teacher(middle)
    office = county.office_staff()
    spring = date(2027, 5, 20)
    before = {day: told(day) for day in (DAY, spring, NEW_YEAR - timedelta(days=1))}
    row = turn(office)
    assert {day: told(day) for day in before} == before
    update.recompute_all(NEW_YEAR)
    with as_system():
        visits = Standing.objects.filter(obligation__key="home-visit", period_key__startswith="2027")
        assert {one.subject for one in visits} == {pupil.pk for pupil in pupils[1:]}
    turn_back(office, row)
    assert {day: told(day) for day in before} == before


def test_running_and_undoing_have_the_duties_recomputed(county):
    school = county.school(county.township())
    county.pupil(county.class_(school, 2021))
    office = county.office_staff()
    row = turn(office)
    with as_system():
        assert JobProgress.objects.filter(kind=jobs.FULL).count() == 1
        JobProgress.objects.filter(kind=jobs.FULL).update(state="done")
    turn_back(office, row)
    with as_system():
        assert JobProgress.objects.filter(kind=jobs.FULL, state="queued").count() == 1


def test_an_exemption_at_a_new_class_keeps_a_roll_over_from_being_undone(county):
    body = county.class_(county.school(county.township()), 2024)
    office = county.office_staff()
    with as_asker(office):
        Exemption.objects.create(
            org=body.code,
            lo=body.code,
            hi=body.hi,
            reason="-",
            from_day=NEW_YEAR,
            decided_by="-",
            approver="-",
        )
        found = at_new_places(Made(county.code, [body.code], []))
    assert [(str(one.what), one.places) for one in found] == [("新班已有免除", {body.code: 1})]
