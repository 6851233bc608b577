"""The office closes a period: its figures stand still, what changes since is told, published and chained."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory import actions as directory
from tongyu.directory import codes
from tongyu.directory.models import Enrolment
from tongyu.duties import actions as duties
from tongyu.duties import update
from tongyu.duties.closing import actions, blockers, chain, rechecking, verifying
from tongyu.duties.closing.blockers import Blocked
from tongyu.duties.closing.models import ClosedDuty, ClosedStanding, Closing, Difference
from tongyu.duties.models import Standing, Tally
from tongyu.plan import queries as plan_queries
from tongyu.records import life
from tongyu.workbenches.families.home_visits.actions import record_visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

T1, YEAR = "2026-T1", "2026"
IN_TERM, AFTER_TERM, AFTER_YEAR = date(2026, 11, 10), date(2027, 3, 2), date(2027, 9, 1)


@pytest.fixture
def county(plan):
    made = County()
    with as_system():
        made._school_year(2027)
    return made


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def pupils(county, class_):
    return [county.pupil(class_, f"学生{number}") for number in range(3)]


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def term_over(settings, county, teacher, pupils):
    """One of three pupils was visited; the second term has begun."""
    visit(teacher, pupils[0])
    settings.TONGYU_TODAY = AFTER_TERM
    with as_system("engine"):
        update.recompute_all(AFTER_TERM, county.code)


@pytest.fixture
def year_over(settings, county, term_over):
    """The school year after has begun."""
    settings.TONGYU_TODAY = AFTER_YEAR
    with as_system("engine"):
        update.recompute_all(AFTER_YEAR, county.code)


def visit(teacher, pupil, day=IN_TERM):
    with as_asker(teacher):
        return record_visit(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            occurred_on=day,
            visitors=["class_teacher"],
            met=["mother"],
            line="家访",
        )


def quiet(done, total):
    """Nobody watches the progress."""


def close(office, key=YEAR, id=None):
    with as_asker(office):
        return actions.close(by=office, key=key, id=id or uuid7(), report=quiet)


def restate(office, key=YEAR, reason="补录纸质记录", id=None):
    with as_asker(office):
        return actions.restate(by=office, key=key, reason=reason, id=id or uuid7(), report=quiet)


CODE = codes.county_code(622923)


def rule_of(key, day=IN_TERM):
    return next(
        rule for rule in plan_queries.rules(plan_queries.active(CODE, day), CODE, day) if rule.id == key
    )


def visits(key=YEAR):
    """Pupil → state, on the boards."""
    with as_system():
        rows = Standing.objects.filter(obligation_id=rule_of("home-visit").pk, period_key=key)
        return dict(rows.values_list("subject", "state"))


def changed():
    with as_system():
        return Difference.objects.count()


def rechecked(closing):
    with as_system("engine"):
        return {(one.title, one.period_key): one.differences for one in rechecking.recheck(closing)}


def test_a_closed_year_keeps_rule_calendar_inputs_and_every_standing(county, pupils, office, year_over):
    made = close(office)
    with as_system():
        duty = ClosedDuty.objects.get(closing=made, obligation_id=rule_of("home-visit").pk)
        frozen = dict(ClosedStanding.objects.filter(duty=duty).values_list("subject", "state"))
    assert frozen == {pupils[0].pk: "met", pupils[1].pk: "missing", pupils[2].pk: "missing"}
    assert (duty.standings, duty.counts["met"], duty.counts["missing"]) == (3, 1, 2)
    assert duty.inputs["enrolments"][0] == 3
    assert [number for name, (number, _) in duty.inputs.items() if name.startswith("home_visit")] == [1]
    assert made.basis["calendar"]["terms"][0] == [1, "2026-09-01", "2027-01-23"]
    assert (made.number, made.before, len(made.hash)) == (1, chain.FIRST, 64)
    assert (made.period_key, made.closed_on, made.by_name) == (YEAR, AFTER_YEAR, office.name)
    assert visits() == frozen


def test_a_late_record_changes_no_closed_figure_and_is_told_as_a_difference(
    county, class_, teacher, pupils, office, year_over
):
    close(office)
    with as_system():
        before = list(Tally.objects.order_by("id").filter(period_key=YEAR).values())
    visit(teacher, pupils[1])
    with as_system():
        assert list(Tally.objects.order_by("id").filter(period_key=YEAR).values()) == before
        found = Difference.objects.get()
    assert (found.subject, found.state, found.count) == (pupils[1].pk, "met", 1)
    assert visits()[pupils[1].pk] == "missing"


def test_a_difference_that_is_undone_is_gone(teacher, pupils, office, year_over):
    close(office)
    entered = visit(teacher, pupils[1])
    assert changed() == 1
    with as_asker(teacher):
        life.withdraw(entered, by=teacher, reason="登错了人", version=entered.version)
    assert changed() == 0


def test_a_restatement_shows_the_new_figure_and_keeps_the_old_one(teacher, pupils, office, year_over):
    first = close(office)
    visit(teacher, pupils[1])
    made = restate(office)
    assert (made.edition, made.number, made.changed, made.before) == (1, 2, 1, first.hash)
    assert (visits()[pupils[1].pk], changed()) == ("met", 0)
    with as_system():
        frozen = ClosedStanding.objects.filter(duty__closing=first, subject=pupils[1].pk)
        assert {row.state for row in frozen if row.duty.obligation_id == rule_of("home-visit").pk} == {
            "missing"
        }
        again = ClosedStanding.objects.get(duty__closing=made)
    assert (again.subject, again.state) == (pupils[1].pk, "met")
    with as_system():
        tally = Tally.objects.get(obligation_id=rule_of("home-visit").pk, period_key=YEAR)
    assert (tally.met, tally.missing) == (2, 1)
    visit(teacher, pupils[2])
    assert restate(office, reason="又补录一份").edition == 2
    with as_system("engine"):
        assert verifying.check().faults == []
    assert set(rechecked(first).values()) == {0}


def test_nothing_changed_is_no_restatement(office, year_over):
    close(office)
    with pytest.raises(ValidationError, match="没有变化"):
        restate(office)


def test_the_same_closing_again_answers_with_what_stands_and_another_is_refused(office, year_over):
    key = uuid7()
    assert close(office, id=key).pk == close(office, id=key).pk
    with pytest.raises(ValidationError, match="这一时段已于2027-09-01结账"):
        close(office)
    with as_system():
        assert Closing.objects.count() == 1


def test_a_running_period_is_refused_with_the_day_it_settles(county, office, settings):
    settings.TONGYU_TODAY = IN_TERM
    with pytest.raises(ValidationError, match="2027-03-01之前补做仍然算数"):
        close(office, T1)


def test_the_second_term_waits_for_the_first(county, office, settings):
    settings.TONGYU_TODAY = AFTER_YEAR
    with pytest.raises(ValidationError, match="请先给2026—2027学年第一学期结账"):
        close(office, "2026-T2")


def test_what_others_have_to_settle_first_refuses_too(county, office, year_over, monkeypatch):
    monkeypatch.setattr(blockers, "_blockers", [lambda *_: [Blocked("还有 2 项异议没有答复。")]])
    with pytest.raises(ValidationError, match="2 项异议"):
        close(office)


def test_the_year_closes_what_its_terms_left_open(county, teacher, pupils, office, term_over, settings):
    close(office, T1)
    settings.TONGYU_TODAY = AFTER_YEAR
    made = close(office, YEAR)
    with as_system():
        keys = {*ClosedDuty.objects.filter(closing=made).values_list("period_key", flat=True)}
        twice = ClosedDuty.objects.exclude(period_key="standing").values_list("obligation_id", "period_key")
        assert len(twice) == len(set(twice))
    assert (T1 in keys, {"2026", "2026-T2", "standing"} <= keys) == (False, True)
    assert made.number == 2


def test_only_the_office_closes(county, teacher, class_, year_over):
    with pytest.raises(PermissionDenied):
        close(teacher)
    with pytest.raises(PermissionDenied):
        close(county.leader(county.school(county.township("乙镇"))))


def test_an_exemption_inside_a_closed_period_is_refused(county, class_, pupils, office, term_over):
    close(office, T1)
    words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会"}
    with pytest.raises(ValidationError) as refused, as_asker(office):
        duties.grant_exemption(
            by=office, place=class_, subject=pupils[1].pk, from_day=date(2026, 12, 1), **words
        )
    told = "2026—2027学年第一学期已于2027-03-02结账，其中的日子不能再改；最早可从2027-03-01起。"
    assert refused.value.message_dict == {"from_day": [told]}
    with as_asker(office):
        duties.grant_exemption(
            by=office, place=class_, subject=pupils[1].pk, from_day=date(2027, 3, 1), **words
        )
    assert changed() == 0


def test_an_exemption_that_ends_later_changes_nothing_closed(
    county, class_, pupils, office, year_over, settings
):
    settings.TONGYU_TODAY = IN_TERM
    words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会", "from_day": date(2026, 9, 1)}
    with as_asker(office):
        row = duties.grant_exemption(by=office, place=class_, subject=pupils[1].pk, **words)
    settings.TONGYU_TODAY = AFTER_YEAR
    close(office)
    with as_asker(office):
        duties.end_exemption(by=office, exemption=row.pk, until_day=AFTER_YEAR, reason="已复学")
    assert (visits()[pupils[1].pk], changed()) == ("exempt", 0)


def test_the_calendar_inside_a_closed_period_is_refused_and_what_comes_after_may_move(
    county, office, term_over
):
    close(office, T1)
    for day in (date(2026, 10, 8), date(2027, 2, 26)):
        with pytest.raises(ValidationError, match="其中的日子不能再改"), as_asker(office):
            directory.set_holiday(by=office, county=county.code, day=day, name="停课", worked=False)
    dates = {"by": office, "county": county.code, "start_year": 2026}
    with pytest.raises(ValidationError, match="其中的日子不能再改"), as_asker(office):
        directory.set_term_dates(**dates, number=1, first_day=date(2026, 9, 1), last_day=date(2027, 1, 15))
    with as_asker(office):
        directory.set_term_dates(**dates, number=2, first_day=date(2027, 3, 1), last_day=date(2027, 7, 15))


def test_moves_after_the_period_change_nothing(county, class_, pupils, office, year_over):
    other = county.class_(county.school(county.township("乙镇"), opened_on=AFTER_YEAR), opened_on=AFTER_YEAR)
    made = close(office)
    with as_system():
        Enrolment.objects.filter(student=pupils[0]).update(left_on=AFTER_YEAR)
        Enrolment.objects.create(student=pupils[0], org=other.code, entered_on=AFTER_YEAR)
    with as_system("engine"):
        update.recompute_all(AFTER_YEAR, county.code)
        found = rechecking.recheck(made)
    assert (sum(one.differences for one in found), any(one.inputs_changed for one in found)) == (0, False)


ATTACKS = (
    "UPDATE duties_closedstanding SET state = 'met'",
    "DELETE FROM duties_closedstanding",
    "UPDATE duties_closing SET hash = before",
    "DELETE FROM duties_closing",
    "UPDATE duties_closedduty SET counts = '{}'",
    "TRUNCATE duties_closing CASCADE",
)


def test_the_application_cannot_change_what_is_closed(office, term_over):
    close(office, T1)
    for attack in ATTACKS:
        with pytest.raises(DatabaseError), as_system("engine"), connection.cursor() as cursor:
            cursor.execute(attack)
