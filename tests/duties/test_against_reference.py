"""Random counties, random stories: the engine says what the slow reference says, however it got there."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duties import own, reference, tables, worlds
from duties.trials import TRIALS
from support.county import as_system, rules_on
from tongyu.directory.calendar import load_calendar
from tongyu.directory.models import Body, Enrolment
from tongyu.duties import engine, refresh, states, update
from tongyu.duties.models import Standing, Tally

pytestmark = pytest.mark.django_db

MEASURABLE = {"student", "class", "grade", "school", "township", "department", "body", "county"}
STORY = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Undo(Exception):
    """Ends an example and takes its county away."""


class Shipped(list):
    """The plan's rules, without filling the screen when a test fails."""

    __repr__ = object.__repr__


@pytest.fixture
def shipped(trial):
    day = worlds.date(2026, 11, 23)
    return Shipped(rule for rule in rules_on(day) if rule.unit in MEASURABLE)


def engine_on(world, rules, day):
    year = day.year if day.month >= 9 else day.year - 1
    calendars = tuple(load_calendar(worlds.COUNTY, start) for start in (year - 1, year))
    return engine.Engine(worlds.COUNTY, day, rules, calendars, TRIALS)


def engine_with_numbers(rules, day):
    """The engine as it reads the rules with the numbers that stand in the table."""
    calendars = engine_on(None, rules, day).calendars
    made = engine.with_book(own.book_of(rules), worlds.COUNTY, day, calendars)
    made.kinds = TRIALS
    return made


def stored(rule, keys):
    """What stands in the table, in the reference's words; windows long settled stay as they were.

    Who owes nothing and has done nothing need not stand there.
    """
    rows = Standing.objects.filter(obligation_id=rule.pk, period_key__in=keys).exclude(state=states.UNKNOWN)
    return {
        (row.period_key, row.subject or row.unit_org): (
            row.state,
            row.count,
            row.met_on,
            row.org,
            row.bearer_org,
        )
        for row in rows.exclude(subject__isnull=False, count=0, why="nothing_due")
    }


def counted(rule, keys):
    """What is counted at each place, in the reference's words."""
    rows = Tally.objects.filter(obligation_id=rule.pk, period_key__in=keys, unknown=0)
    return {(row.period_key, row.place): +Counter(row.counts) for row in rows}


def assert_as_reference(rules, day):
    world = tables.read(worlds.COUNTY)
    for rule in rules:
        keys = reference.keys(rule, world, day)
        assert stored(rule, keys) == reference.standings(rule, world, day), rule
        assert counted(rule, keys) == reference.counts(rule, world, day), rule


def everything():
    fields = [
        field.name for field in Standing._meta.fields if field.name not in ("id", "as_of", "changed_at")
    ]
    standings = sorted(map(str, Standing.objects.order_by().values_list(*fields)))
    tallies = sorted(
        Tally.objects.order_by().values_list("obligation_id", "period_key", "place", *states.STATES)
    )
    return standings, tallies


def assert_parents_are_sums_of_children():
    """Of the table's rows by hand: every place, and so every range of places, in every period.

    People who owe nothing and have done nothing are counted without standing there; how many, the reference says.
    """
    listed = Counter(Standing.objects.order_by().values_list("obligation_id", "period_key", "org", "state"))
    told = Counter()
    for tally in Tally.objects.all():
        for state, number in tally.counts.items():
            told[tally.obligation_id, tally.period_key, tally.place, state] += number
    for key in told.keys() | listed.keys():
        more = told[key] - listed[key]
        assert more == 0 or (more > 0 and key[3] == states.NOT_DUE), key


def in_a_world(seed, story):
    try:
        with as_system(), transaction.atomic():
            story(worlds.World(seed))
            raise Undo
    except Undo:
        pass


@STORY
@given(seed=st.integers(0, 10**9))
def test_full_recomputation_equals_the_reference(shipped, seed):
    def story(world):
        rules = world.rules(shipped, 6)
        for _ in range(world.dice.randint(0, 40)):
            world.record(rules)
        for day in sorted(world.day(10, 420) for _ in range(2)):
            update.recompute(engine_on(world, rules, day))
            assert_as_reference(rules, day)
            assert_parents_are_sums_of_children()

    in_a_world(seed, story)


@STORY
@given(seed=st.integers(0, 10**9))
def test_record_by_record_equals_full(shipped, seed):
    def story(world):
        rules = world.rules(shipped, 6)
        day = world.day(0, 380)
        known = [world.record(rules) for _ in range(world.dice.randint(0, 10))]
        one = engine_on(world, rules, day)
        update.recompute(one)
        for _ in range(12):
            known = change(world, one, rules, known)
        by_steps = everything()
        assert_parents_are_sums_of_children()
        assert update.recompute(one).changed == 0
        assert everything() == by_steps
        assert_as_reference(rules, day)

    in_a_world(seed, story)


@STORY
@given(seed=st.integers(0, 10**9))
def test_schools_with_numbers_of_their_own_equal_the_reference(shipped, seed):
    def story(world):
        rules = world.rules(shipped, 6)
        own.sow(world, rules)
        known = [world.record(rules) for _ in range(world.dice.randint(0, 30))]
        for day in sorted(world.day(10, 420) for _ in range(2)):
            one = engine_with_numbers(rules, day)
            update.recompute(one)
            assert_as_reference(rules, day)
            assert_parents_are_sums_of_children()
        for _ in range(8):
            known = change(world, one, one.rules, known)
        by_steps = everything()
        assert update.recompute(one).changed == 0
        assert everything() == by_steps
        assert_as_reference(rules, day)
        assert_parents_are_sums_of_children()

    in_a_world(seed, story)


def test_the_random_schools_do_have_numbers_that_hold(shipped):
    """The control: of the counties above many have schools where a rule reads otherwise."""
    cut = []

    def story(world):
        rules = world.rules(shipped, 6)
        own.sow(world, rules)
        one = engine_with_numbers(rules, world.day(10, 300))
        whole = update.whole(worlds.COUNTY)
        cut.extend(len(one.segments(rule, period, *whole)) > 1 for rule, period in one.asked())

    for seed in range(20):
        in_a_world(seed, story)
    assert sum(cut) >= 25


def change(world, one, rules, known):
    """Enter, correct or withdraw a record; a pupil moves, or a school is merged into another."""
    act = world.dice.choice(("enter", "enter", "enter", "correct", "withdraw", "move", "merge"))
    if act == "enter" or not known and act in ("correct", "withdraw"):
        rows = world.record(rules)
        touch(one, rows)
        return [*known, rows]
    if act == "correct":
        old = known.pop(world.dice.randrange(len(known)))
        shift = timedelta(days=world.dice.randint(-60, 60))
        new = [replace(row, occurred_on=row.occurred_on + shift, ended_on=None) for row in old]
        worlds.remove(old)
        worlds.store(new)
        touch(one, [*old, *new])
        return [*known, new]
    if act == "withdraw":
        old = known.pop(world.dice.randrange(len(known)))
        worlds.remove(old)
        touch(one, old)
    elif act == "move":
        move(world, one)
    else:
        merge(world, one)
    return known


def touch(one, rows):
    refresh.apply(one, rows[0].kind, rows)


def move(world, one):
    last = Enrolment.objects.filter(student=world.dice.choice(world.pupils), left_on=None).first()
    if last is None:
        return
    day = max(last.entered_on, world.day(0, 300))
    target = world.dice.choice(world.classes)
    Enrolment.objects.filter(pk=last.pk).update(left_on=day)
    Enrolment.objects.create(id=world.uuid(), student=last.student, org=target.code, entered_on=day)
    update.recompute_places(one, [(last.org, last.org + 1), (target.code, target.code + 1)])


def merge(world, one):
    """A school closes; its classes with it."""
    school = world.dice.choice([body for body in world.bodies if body.kind == "school"])
    day = world.day(0, 300)
    inside = Body.objects.filter(code__gte=school.code, code__lt=school.hi)
    inside.filter(opened_on__lte=day).update(closed_on=day)
    update.recompute_places(one, [(school.code, school.hi)])


def test_reference_can_disagree(shipped):
    """The control: a standing changed by hand is found."""

    def story(world):
        rules = world.rules(shipped, 6)
        day = world.day(30, 200)
        update.recompute(engine_on(world, rules, day))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE duties_standing SET count = count + 1 WHERE id ="
                " (SELECT min(id) FROM duties_standing WHERE state <> 'unknown')"
            )
        with pytest.raises(AssertionError):
            assert_as_reference(rules, day)

    in_a_world(7, story)
