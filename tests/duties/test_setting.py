"""The office tries a number on live data, sets it with a paper, withdraws or ends it; the past does not move."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from support.county import CODE, County, as_asker, as_system, rules_on
from tongyu.core import clock, closed_days
from tongyu.core.ids import uuid7
from tongyu.core.jobs import Progress
from tongyu.core.models import JobProgress
from tongyu.duties import derive, dry_runs, setting, update
from tongyu.duties import engine as engines
from tongyu.duties.jobs import FULL
from tongyu.duties.models import DryRun, DryRunChange, Standing
from tongyu.duties.setting import Paper
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import LocalNumber
from tongyu.workbenches.families.home_visits.actions import record_visit

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
YEAR = date(2026, 9, 1)
KEY = "home-visit.minimum"
PAPER = Paper("永协办〔2026〕3号", date(2026, 11, 20), "家访太少")


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


class Silent(Progress):
    """Progress that nobody looks at: tests have one connection."""

    def __init__(self) -> None:
        pass

    def report(self, done, total, message=""):
        """Say nothing."""


@pytest.fixture
def county(plan):
    return County()


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def visited(county, class_, teacher):
    """Of three pupils two were visited once; every duty is computed."""
    pupils = [county.pupil(class_, name) for name in ("甲", "乙", "丙")]
    with as_asker(teacher):
        for pupil in pupils[:2]:
            record_visit(
                by=teacher, id=uuid7(), student=pupil.pk, occurred_on=date(2026, 11, 10),
                visitors=["class_teacher"], met=["mother"], line="家访",
            )  # fmt: skip
    update.recompute_all(DAY, county.code)
    return pupils


def ask(by, value=2, since=YEAR, key=KEY, id=None):
    with as_asker(by):
        return setting.ask_dry_run(by=by, id=id or uuid7(), key=key, value=value, valid_from=since)


def tried(by, value=2, since=YEAR, key=KEY):
    """A trial, with its job done."""
    row = ask(by, value, since, key)
    with as_asker(by):
        dry_runs.run(Silent(), run_id=str(row.pk))
        return DryRun.objects.get(pk=row.pk)


def set_(by, row, paper=PAPER):
    with as_asker(by):
        return setting.set_parameter(by=by, run=row.pk, paper=paper)


def end(by, number, until_day, reason="定早了"):
    with as_asker(by):
        return setting.end_parameter(by=by, number=number.pk, until_day=until_day, reason=reason)


def stands(period=None):
    """State and needed of each visit, by pupil."""
    pk = next(rule.pk for rule in rules_on(DAY) if rule.id == "home-visit")
    with as_system():
        rows = Standing.objects.filter(obligation_id=pk, subject__isnull=False)
        rows = rows.filter(period_key=period) if period else rows
        return {row.subject: (row.state, row.needed) for row in rows}


def changes(row):
    with as_system():
        return list(DryRunChange.objects.filter(run=row).values_list("was", "becomes", "at_once"))


def refused(field, call, *arguments, **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    assert field in getattr(error.value, "error_dict", {"": None})
    return error.value.messages[0]


def test_a_trial_says_who_would_change_and_stores_no_standing(office, visited):
    before = stands()
    row = tried(office)
    assert sorted(changes(row)) == [("met", "in_progress", True)] * 2
    assert (row.summary["changes"], stands()) == (2, before)
    assert [one["count"] for one in row.summary["counts"]] == [2]


def test_what_was_set_is_what_the_trial_showed(county, office, visited):
    row = tried(office)
    with as_system():
        shown = dict(DryRunChange.objects.filter(run=row).values_list("subject", "becomes"))
    set_(office, row)
    assert JobProgress.objects.filter(kind=FULL).count() == 0, "the office's own, seen by nobody else"
    update.recompute_all(DAY, county.code)
    found = stands()
    assert {pupil: found[pupil][0] for pupil in shown} == shown
    assert {needed for _state, needed in found.values()} == {2}


def test_a_number_for_later_leaves_the_running_year_alone_and_says_so(county, office, visited):
    before = stands()
    row = tried(office, since=date(2027, 9, 1))
    assert sorted(changes(row)) == [("met", "in_progress", False)] * 2
    set_(office, row)
    update.recompute_all(DAY, county.code)
    assert stands() == before
    with as_system():
        later = engines.load(CODE, date(2027, 10, 8))
    rule = next(rule for rule in later.rules if rule.id == "home-visit")
    assert [(one.key, later.version(rule, one).minimum) for one in later.periods_of(rule)][-1] == ("2027", 2)
    assert later.version(rule, later.windows(rule, later.calendars[0])[0]).minimum == 1


def test_last_years_results_recompute_the_same(county, office, visited):
    past = date(2026, 7, 1)
    pupil = county.pupil(county.class_(county.school(county.township("二镇"))), entered_on=date(2025, 9, 1))
    update.recompute_all(past, county.code)
    with as_system():
        before = list(Standing.objects.filter(period_key__startswith="2025").order_by("id").values_list())
    assert any(pupil.pk in row for row in before)
    set_(office, tried(office))
    update.recompute_all(past, county.code)
    with as_system():
        assert (
            list(Standing.objects.filter(period_key__startswith="2025").order_by("id").values_list())
            == before
        )


def test_one_saved_record_is_judged_by_the_number_of_its_period(county, office, teacher, visited):
    set_(office, tried(office))
    update.recompute_all(DAY, county.code)
    with as_asker(teacher):
        record_visit(
            by=teacher, id=uuid7(), student=visited[0].pk, occurred_on=date(2026, 11, 20),
            visitors=["class_teacher"], met=["mother"], line="再访",
        )  # fmt: skip
    after_record = stands()
    assert after_record[visited[0].pk] == ("met", 2)
    update.recompute_all(DAY, county.code)
    assert stands() == after_record


def test_a_duty_that_must_always_hold_follows_from_the_day_itself(county, office, visited):
    row = tried(office, 2, DAY, "committee-class.minimum")
    with as_system():
        assert {one.at_once for one in DryRunChange.objects.filter(run=row)} <= {True}
    assert dry_runs.takes_hold(derive_standing(), DAY, DAY)
    assert not dry_runs.takes_hold(derive_standing(), DAY + timedelta(days=1), DAY)


def derive_standing():
    return dry_runs.Period(derive.STANDING, YEAR, date(2027, 9, 1))


def test_looser_than_the_plan_is_refused(office, visited):
    assert "本县只能从严" in refused("value", ask, office, value=0)


def test_the_number_that_holds_anyway_is_refused(office, visited):
    assert refused("value", ask, office, value=1) == "到这一天本来就是这个数，不需要改。"


def test_a_day_of_a_settled_year_is_refused(office, visited):
    told = refused("valid_from", ask, office, since=date(2026, 8, 31))
    assert told == "上一学年的结果已经结清，不再改动；最早可从2026-09-01起。"
    assert refused("valid_from", ask, office, since=date(2062, 9, 1)) == "日期太远了，请核对年份。"


def test_a_day_of_a_closed_period_is_refused_by_whoever_closed_it(office, visited, monkeypatch):
    row = tried(office)
    closed = [lambda day, county: "这个学期已结账。" if day < DAY else ""]
    monkeypatch.setattr(closed_days, "_guards", closed)
    assert refused("valid_from", ask, office) == "这个学期已结账。"
    assert refused("__all__", set_, office, row) == "这个学期已结账。"
    assert ask(office, since=DAY).valid_from == DAY


def test_nothing_is_set_from_a_trial_that_is_unfinished_old_or_overtaken(county, office, visited):
    assert refused("", set_, office, ask(office)) == "试算还没有完成，请稍候。"
    row, other = tried(office), tried(office, 3)
    set_(office, other)
    assert refused("", set_, office, row) == "试算之后方案、数值或校历有变动。请再试算一次。"
    with as_asker(office):
        DryRun.objects.filter(pk=row.pk).update(ran_at=clock.now() - timedelta(hours=25))
    assert refused("", set_, office, row) == "这次试算已超过一天，名单可能变了。请再试算一次。"


def test_the_paper_is_asked_for_at_its_fields(office, visited):
    row = tried(office)
    assert refused("paper", set_, office, row, Paper(" ", date(2026, 11, 20), "从严"))
    assert refused("reason", set_, office, row, Paper("3号", date(2026, 11, 20), ""))
    told = refused("paper_date", set_, office, row, Paper("3号", date(2026, 11, 24), "从严"))
    assert told == "文件日期不能晚于今天。"


def test_the_same_click_again_sets_nothing_new(office, visited):
    row = tried(office)
    assert set_(office, row) == set_(office, row)
    assert refused("", set_, office, row, Paper("4号", date(2026, 11, 20), "另一份"))
    key = uuid7()
    assert ask(office, 3, id=key).job_id == ask(office, 3, id=key).job_id
    assert refused("", ask, office, 4, id=key) == "页面已过期，请刷新后重新填写。"


def test_two_numbers_from_one_day_are_refused(office, visited):
    set_(office, tried(office))
    assert "已经定过一个数" in refused("", set_, office, tried(office, 3))


def test_one_withdrawn_before_its_day_has_never_held_and_the_day_is_free_again(county, office, visited):
    day = date(2027, 3, 1)
    number = set_(office, tried(office, since=day))
    end(office, number, day)
    plan = plan_queries.active(CODE, DAY)
    with as_asker(office):
        assert plan_queries.values(plan, CODE, day)[KEY] == 1
    set_(office, tried(office, 3, day))
    with as_asker(office):
        assert plan_queries.parameters(plan, CODE, day)[KEY].value == 3
        assert LocalNumber.objects.count() == 2


def test_one_that_ends_gives_way_to_what_was_before(county, office, visited):
    number = set_(office, tried(office))
    end(office, number, date(2027, 9, 1))
    plan = plan_queries.active(CODE, DAY)
    with as_asker(office):
        days = (date(2027, 8, 31), date(2027, 9, 1))
        assert [plan_queries.values(plan, CODE, day)[KEY] for day in days] == [2, 1]
    assert refused("", end, office, number, DAY) == "这个数值已经撤回或终止过了。"


def test_an_end_before_its_beginning_or_without_reason_is_refused(office, visited):
    number = set_(office, tried(office, since=date(2027, 3, 1)))
    assert refused("until_day", end, office, number, DAY)
    assert refused("reason", end, office, number, date(2027, 3, 1), " ") == "请填写原因。"


def test_nobody_but_the_office_sets_numbers(county, office, teacher, visited):
    row = tried(office)
    for by in (county.department_staff("education"), teacher, county.admin()):
        with pytest.raises(PermissionDenied):
            ask(by)
        with pytest.raises((PermissionDenied, DryRun.DoesNotExist)):
            set_(by, row)


def test_everybody_of_the_county_reads_the_number_and_nobody_else_does(county, office, teacher, visited):
    set_(office, tried(office))
    other = County(622924)
    for by, count in (
        (teacher, 1),
        (county.department_staff("justice"), 1),
        (other.office_staff(), 0),
    ):
        with as_asker(by):
            assert LocalNumber.objects.count() == count
    with as_asker(other.office_staff()):
        assert plan_queries.values(plan_queries.active(other.code, DAY), other.code, DAY)[KEY] == 1


def test_the_database_itself_keeps_numbers_from_teachers_and_from_unsigned_ends(office, teacher, visited):
    number = set_(office, tried(office))
    with as_asker(teacher), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        LocalNumber.objects.filter(pk=number.pk).update(value=9)
    with as_asker(office), pytest.raises(IntegrityError), transaction.atomic():
        LocalNumber.objects.filter(pk=number.pk).update(until_day=DAY)
