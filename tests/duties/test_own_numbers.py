"""A school asks more of itself: tried, set, ended by its leader; it never asks less, and nobody else's duty moves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from duties.test_setting import DAY, PAPER, YEAR, end, refused, set_, tried
from support.county import CODE, County, as_asker, as_system, rules_on
from tongyu.core import closed_days
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.duties import engine as engines
from tongyu.duties import setting, update
from tongyu.duties.closing import actions, rechecking, verifying
from tongyu.duties.closing.models import ClosedDuty, ClosedNumber, Difference
from tongyu.duties.models import DryRun, DryRunChange, Standing
from tongyu.plan import queries as plan_queries
from tongyu.plan import strictness
from tongyu.plan.models import LocalNumber
from tongyu.workbenches.families.home_visits.actions import record_visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

KEY = "home-visit.minimum"
OWN_PAPER = setting.Paper("一小〔2026〕2号", date(2026, 9, 3), "多访一次")


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(plan):
    made = County()
    with as_system():
        made._school_year(2027)
    return made


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def schools(county):
    """Two schools of one township, neighbours in the order of their codes, and one of another."""
    first, second = county.township("甲镇"), county.township("乙镇")
    return [county.school(first, "甲一小"), county.school(first, "甲二小"), county.school(second, "乙一小")]


@pytest.fixture
def classes(county, schools):
    return [county.class_(school) for school in schools]


@pytest.fixture
def leader(county, schools):
    return county.leader(schools[0])


@pytest.fixture
def teachers(county, classes):
    return [county.teacher(class_) for class_ in classes]


@pytest.fixture
def visited(county, classes, teachers):
    """In each of three schools two pupils, the first of them visited once."""
    pupils = []
    for number, class_ in enumerate(classes):
        own = [county.pupil(class_, f"{number}{name}") for name in "甲乙"]
        visit(teachers[number], own[0])
        pupils.append(own)
    update.recompute_all(DAY, county.code)
    return pupils


def visit(teacher, pupil, day=date(2026, 11, 10)):
    with as_asker(teacher):
        record_visit(
            by=teacher, id=uuid7(), student=pupil.pk, occurred_on=day,
            visitors=["class_teacher"], met=["mother"], line="家访",
        )  # fmt: skip


def stands():
    """State and needed of each visit, by pupil."""
    pk = duty().pk
    with as_system():
        rows = Standing.objects.filter(obligation_id=pk, subject__isnull=False, period_key="2026")
        return {row.subject: (row.state, row.needed) for row in rows}


def duty():
    return next(rule for rule in rules_on(DAY) if rule.id == "home-visit")


def needed_at(pupils):
    found = stands()
    return [[found[pupil.pk][1] for pupil in own] for own in pupils]


def asks_more(by, value=2, since=YEAR):
    return set_(by, tried(by, value, since), OWN_PAPER)


def test_a_trial_lists_who_would_change_in_the_school_and_nowhere_else(leader, schools, visited):
    before = stands()
    row = tried(leader)
    with as_system():
        found = list(DryRunChange.objects.filter(run=row).values_list("subject", "was", "becomes", "at_once"))
    assert found == [(visited[0][0].pk, "met", "in_progress", True)]
    assert (row.org, stands()) == (schools[0].code, before)


def test_what_the_leader_sets_holds_at_once_in_the_school_only(leader, schools, visited):
    number = asks_more(leader)
    assert (number.org, number.hi) == (schools[0].code, schools[0].hi)
    assert needed_at(visited) == [[2, 2], [1, 1], [1, 1]]
    assert stands()[visited[0][0].pk] == ("in_progress", 2)
    after = stands()
    assert update.recompute_all(DAY, CODE).changed == 0
    assert stands() == after


def test_one_saved_record_is_judged_by_the_schools_number(leader, teachers, visited):
    asks_more(leader)
    for teacher, own in zip(teachers, visited, strict=True):
        visit(teacher, own[0], date(2026, 11, 20))
        visit(teacher, own[1], date(2026, 11, 20))
    found = stands()
    assert [found[pupil.pk] for pupil in visited[0]] == [("met", 2), ("in_progress", 2)]
    assert [found[pupil.pk][0] for pupil in (*visited[1], *visited[2])] == ["met"] * 4
    assert update.recompute_all(DAY, CODE).changed == 0


def test_a_saved_record_costs_no_more_queries_for_a_number_elsewhere(county, schools, teachers, visited):
    def saved(pupil, teacher, day):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            visit(teacher, pupil, day)
        return len(asked)

    teacher = teachers[2]
    saved(visited[2][0], teacher, date(2026, 11, 11))
    before = saved(visited[2][0], teacher, date(2026, 11, 12))
    asks_more(county.leader(schools[0]))
    saved(visited[2][0], teacher, date(2026, 11, 13))
    assert saved(visited[2][0], teacher, date(2026, 11, 14)) == before


def test_the_stricter_of_county_and_school_holds_on_every_day(office, leader, visited):
    asks_more(leader)
    number = set_(office, tried(office, 3))
    update.recompute_all(DAY, CODE)
    assert needed_at(visited) == [[3, 3], [3, 3], [3, 3]]
    end(office, number, YEAR)
    update.recompute_all(DAY, CODE)
    assert needed_at(visited) == [[2, 2], [1, 1], [1, 1]]


def test_a_school_is_never_looser_nor_sets_what_holds_anyway(office, leader, visited):
    set_(office, tried(office, 3))
    for value, told in ((1, "本县是3，本校只能更严：大于3，最多20。"), (2, "只能更严"), (21, "最多20")):
        assert told in refused("value", tried, leader, value)
    assert refused("value", tried, leader, 3) == "到这一天本来就是这个数，不需要改。"
    asks_more(leader, 4)
    assert refused("value", tried, leader, 4) == "到这一天本来就是这个数，不需要改。"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("first-lesson.days", 20, "全县统一"),
        ("lei-feng.window", "03-02..03-20", "全县统一"),
        ("resource-offer.minimum", 2, "不都在一所学校之内"),
        ("pace.tail_share", 0.5, "不都在一所学校之内"),
        ("subject-visit.minimum", 1, "鼓励"),
    ],
)
def test_numbers_that_are_no_schools_to_set_say_why(leader, visited, key, value, told):
    assert told in refused("value", tried, leader, value, key=key)


def test_one_that_ends_gives_way_to_the_county(leader, visited):
    number = asks_more(leader)
    end(leader, number, date(2027, 9, 1))
    plan = plan_queries.active(CODE, DAY)
    with as_asker(leader):
        held = [
            plan_queries.parameters(plan, CODE, day, leader.body_code)[KEY]
            for day in (date(2027, 8, 31), date(2027, 9, 1))
        ]
    assert [(row.value, row.source["kind"]) for row in held] == [(2, "own"), (1, "plan")]
    assert needed_at(visited)[0] == [2, 2]


def test_one_withdrawn_from_its_first_day_has_never_held(leader, visited):
    end(leader, asks_more(leader), YEAR)
    assert needed_at(visited) == [[1, 1]] * 3


def test_a_number_for_later_leaves_the_running_year_alone(leader, visited):
    before = stands()
    asks_more(leader, since=date(2027, 9, 1))
    assert stands() == before
    with as_system():
        later = engines.load(CODE, date(2027, 10, 8))
    rule = next(rule for rule in later.rules if rule.id == "home-visit")
    cut = {
        period.key: [
            version.minimum for _lo, _hi, version in later.segments(rule, period, *update.whole(CODE))
        ]
        for period in later.periods_of(rule)
    }
    assert cut == {"2027": [1, 2, 1]}


def test_nobody_else_sets_or_ends_a_schools_number(county, office, leader, schools, teachers, visited):
    row = tried(leader)
    number = set_(leader, row, OWN_PAPER)
    others = (
        office,
        county.leader(schools[1]),
        teachers[0],
        county.department_staff("education"),
        county.township_staff(county.township("丙镇")),
    )
    for by in others:
        with pytest.raises((PermissionDenied, LocalNumber.DoesNotExist)):
            end(by, number, DAY)
        with pytest.raises((PermissionDenied, DryRun.DoesNotExist)):
            set_(by, row, OWN_PAPER)
    mine = set_(office, tried(office, 3))
    with pytest.raises((PermissionDenied, LocalNumber.DoesNotExist)):
        end(leader, mine, DAY)


def test_a_school_sees_its_own_numbers_and_the_countys_and_the_office_all(
    county, office, leader, schools, teachers, visited
):
    asks_more(leader)
    asks_more(county.leader(schools[2]), 3)
    set_(office, tried(office, 4))
    seen = {
        county.leader(schools[1]): {CODE},
        leader: {CODE, schools[0].code},
        teachers[0]: {CODE, schools[0].code},
        teachers[1]: {CODE},
        county.department_staff("justice"): {CODE},
        office: {CODE, schools[0].code, schools[2].code},
        County(622924).office_staff(): set(),
    }
    for by, places in seen.items():
        with as_asker(by):
            assert set(LocalNumber.objects.values_list("org", flat=True)) == places, by


def test_the_database_itself_keeps_one_schools_number_from_another(county, leader, schools, visited):
    number = asks_more(leader)
    other = county.leader(schools[1])
    with as_asker(other):
        assert LocalNumber.objects.filter(pk=number.pk).update(value=9) == 0
    number.pk = uuid7()
    with as_asker(other), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        number.save(force_insert=True)


def test_an_engine_first_read_by_another_school_knows_every_schools_numbers(county, leader, schools, visited):
    asks_more(leader)
    engines._kept.clear()
    with as_asker(county.leader(schools[1])):
        found = engines.current(CODE, DAY)
    assert [one.org for one in found.own[duty().pk]] == [schools[0].code]


def test_a_day_of_a_closed_period_is_refused(leader, visited, monkeypatch):
    row = tried(leader)
    monkeypatch.setattr(closed_days, "_guards", [lambda day, county: "已结账。" if day < DAY else ""])
    assert refused("__all__", set_, leader, row, OWN_PAPER) == "已结账。"
    assert refused("valid_from", tried, leader) == "已结账。"


def test_the_same_click_again_sets_nothing_new(leader, visited):
    row = tried(leader)
    assert set_(leader, row, OWN_PAPER) == set_(leader, row, OWN_PAPER)
    assert refused("", set_, leader, row, PAPER)


def test_trends_count_a_unit_once_whoever_asks_more(leader, visited):
    from tongyu.duties import trends
    from tongyu.duties.models import TrendPoint

    asks_more(leader)
    trends.record(DAY, CODE)
    with as_system():
        point = TrendPoint.objects.get(place=CODE, obligation=duty().pk, day=DAY)
    assert sum(point.counts.values()) == 6
    assert point.counts["met"] == 2


def test_a_merged_schools_number_stays_with_it_and_the_new_school_has_none(county, leader, schools, visited):
    """The number is of the old school's places; the school that goes on asks what the county asks."""
    asks_more(leader)
    pupil = visited[0][0]
    target = county.class_(schools[1], number=2)
    with as_system():
        from tongyu.directory.models import Enrolment

        Enrolment.objects.filter(student=pupil).update(left_on=DAY)
        Enrolment.objects.create(student=pupil, org=target.code, entered_on=DAY)
    update.recompute_all(DAY, CODE)
    assert stands()[pupil.pk] == ("met", 1)


@pytest.fixture
def year_closed(county, office, leader, visited, settings):
    """The first school asked for two visits; the year is over and closed."""
    asks_more(leader)
    settings.TONGYU_TODAY = date(2027, 9, 1)
    update.recompute_all(date(2027, 9, 1), CODE)
    with as_asker(office):
        return actions.close(by=office, key="2026", id=uuid7(), report=lambda done, total: None)


def closed_duty(closing):
    with as_system():
        return ClosedDuty.objects.get(closing=closing, obligation_id=duty().pk)


def faults():
    with as_system("engine"):
        return verifying.check().faults


def rechecked(closing):
    with as_system("engine"):
        return [one for one in rechecking.recheck(closing) if one.differences or one.inputs_changed]


def test_a_closed_year_keeps_which_schools_numbers_it_was_closed_with(year_closed, schools, visited):
    row = closed_duty(year_closed)
    with as_system():
        kept = list(ClosedNumber.objects.filter(duty=row).values_list("org", "hi"))
        numbers = ClosedNumber.objects.get(duty=row).parameters
    assert (kept, numbers[KEY], row.rule["parameters"][KEY]) == ([(schools[0].code, schools[0].hi)], 2, 1)
    assert needed_at(visited) == [[2, 2], [1, 1], [1, 1]]
    assert (faults(), rechecked(year_closed)) == ([], [])


def test_a_later_end_of_the_number_moves_nothing_closed(year_closed, leader, visited, settings):
    with as_asker(leader):
        number = LocalNumber.objects.get(org=leader.body_code)
    before = stands()
    assert "结清" in refused("until_day", end, leader, number, date(2027, 6, 1))
    end(leader, number, date(2027, 9, 1))
    update.recompute_all(date(2027, 9, 1), CODE)
    assert stands() == before
    assert (faults(), rechecked(year_closed)) == ([], [])
    with as_system():
        assert Difference.objects.count() == 0


def test_a_late_entry_is_judged_by_the_number_it_was_closed_with(year_closed, office, teachers, visited):
    for teacher, own in zip(teachers[:2], visited[:2], strict=True):
        visit(teacher, own[1], date(2026, 12, 1))
    with as_system():
        noted = dict(
            Difference.objects.filter(duty=closed_duty(year_closed).pk).values_list("subject", "state")
        )
        needed = dict(Difference.objects.values_list("subject", "needed"))
    assert noted == {visited[0][1].pk: "missing", visited[1][1].pk: "met"}
    assert (needed[visited[0][1].pk], needed[visited[1][1].pk]) == (2, 1)
    with as_asker(office):
        made = actions.restate(
            by=office, key="2026", reason="补录", id=uuid7(), report=lambda done, total: None
        )
    assert made.changed == len(needed)
    assert (faults(), rechecked(year_closed)) == ([], [])


def test_the_numbers_of_a_closed_school_stay_and_verify_misses_one(year_closed, monkeypatch):
    with (
        as_system("engine"),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        ClosedNumber.objects.update(parameters={})
    monkeypatch.setattr(verifying, "own_numbers", lambda root: [])
    assert any("规则或依据被改动过" in fault for fault in faults())


def test_what_the_plan_calls_inside_a_school_has_no_pace_that_reaches_out(plan):
    """The two floors agree: where a school may have its own number, no bearer's pace crosses schools."""
    with as_system():
        compiled = plan_queries.book(plan_queries.active(CODE, DAY), CODE).compiled
    inside = {pk for pk, rule in compiled if strictness.inside_a_school(rule)}
    rules = [rule for rule in rules_on(DAY) if rule.pk in inside]
    assert len(rules) > 20
    for rule in rules:
        assert not update.group_reaches_out(rule, CODE), rule.id
        lo = codes.county_code(622923) + 10**8 + 10**5
        group = update.group_of(rule, CODE, lo, lo + 1)
        assert group[1] - group[0] <= 10**5, rule.id


def test_a_schools_number_may_follow_another_of_its_own(leader, visited):
    end(leader, asks_more(leader), DAY)
    asks_more(leader, 3, DAY + timedelta(days=1))
    with as_asker(leader):
        assert LocalNumber.objects.filter(org=leader.body_code).count() == 2
