"""The office lifts duties and ends that: the boards show it at once, and nobody else can."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from support.county import County, as_asker, as_system, rules_on
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress
from tongyu.directory.models import Enrolment
from tongyu.duties import actions, jobs, update
from tongyu.duties.actions import Target, Terms
from tongyu.duties.models import Exemption, Standing, Tally
from tongyu.duties.queries.exemptions import state_on, visible

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
START = date(2026, 9, 1)


@pytest.fixture
def county(plan):
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def pupils(county, class_):
    return [county.pupil(class_) for _ in range(2)]


@pytest.fixture
def visits(county, pupils):
    """The class teacher's duty to visit each pupil, computed."""
    with as_system("engine"):
        update.recompute_all(DAY, county.code)
    return rule_of("home-visit")


def rule_of(key):
    return next(rule for rule in rules_on(DAY) if rule.id == key)


def grant(by, place, **changes):
    words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会", "from_day": START}
    with as_asker(by):
        return actions.grant_exemption(by=by, place=place, **{**words, **changes})


def grant_many(by, targets, *, id=None, **changes):
    words = {"reason": "休学", "decided_by": "学校", "approver": "校长办公会", "from_day": START}
    with as_asker(by):
        return actions.grant_exemptions(by=by, targets=targets, terms=Terms(**{**words, **changes}), id=id)


def end(by, granted, until_day=DAY, reason="已复学"):
    with as_asker(by):
        return actions.end_exemption(by=by, exemption=granted.pk, until_day=until_day, reason=reason)


def states(rule):
    with as_system():
        rows = Standing.objects.filter(obligation_id=rule.pk).exclude(state="unknown")
        return dict(rows.values_list("subject", "state"))


def count():
    with as_system():
        return Exemption.objects.count()


def refused(field, call, *arguments, **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    assert field in getattr(error.value, "error_dict", {"": None})
    return error.value.messages[0]


def test_one_pupil_is_exempt_at_once_and_the_others_are_not(county, class_, pupils, visits):
    first, second = pupils
    assert set(states(visits)) == {first.pk, second.pk}
    granted = grant(county.office_staff(), class_, obligation_id=visits.pk, subject=first.pk)
    found = states(visits)
    assert (found[first.pk], found[second.pk] in ("in_progress", "behind_pace")) == ("exempt", True)
    with as_system():
        detail = Standing.objects.get(subject=first.pk, obligation_id=visits.pk).detail
    assert detail == {"exemption": str(granted.pk)}


def test_many_pupils_are_exempt_together_and_counted_in_a_column_of_their_own(county, class_, pupils, visits):
    rows = grant_many(
        county.office_staff(), [Target(class_, one.pk) for one in pupils], obligation_id=visits.pk
    )
    assert len(rows) == 2
    assert set(states(visits).values()) == {"exempt"}
    with as_system():
        tally = Tally.objects.get(obligation_id=visits.pk, place=class_.code)
    assert {state: number for state, number in tally.counts.items() if number} == {"exempt": 2}


def test_many_are_exempt_all_or_none(county, class_, pupils, visits):
    stranger = county.pupil(county.class_(county.school(county.township())))
    targets = [Target(class_, pupils[0].pk, "甲"), Target(class_, stranger.pk, "乙")]
    told = refused("units", grant_many, county.office_staff(), targets, obligation_id=visits.pk)
    assert told == "乙没有在这个单位就读过。"
    assert (count(), "exempt" in states(visits).values()) == (0, False)


def test_the_same_id_again_makes_nothing_new_and_another_content_is_refused(county, class_, pupils, visits):
    office, key = county.office_staff(), uuid7()
    targets = [Target(class_, one.pk) for one in pupils]
    first = grant_many(office, targets, id=key, obligation_id=visits.pk)
    again = grant_many(office, targets, id=key, obligation_id=visits.pk)
    assert ([row.pk for row in again], count()) == ([row.pk for row in first], 2)
    told = refused("", grant_many, office, targets, id=key, obligation_id=visits.pk, reason="转学")
    assert "已用同一编号保存过" in told
    refused("", grant_many, county.office_staff(), targets, id=key, obligation_id=visits.pk)
    assert count() == 2


def test_a_class_is_exempt_as_a_whole_and_a_pupil_of_it_not_once_more(county, class_, pupils, visits):
    office = county.office_staff()
    grant(office, class_, obligation_id=visits.pk)
    assert set(states(visits).values()) == {"exempt"}
    targets = [Target(class_, pupils[0].pk, "马小兰")]
    told = refused("units", grant_many, office, targets, obligation_id=visits.pk)
    assert told.startswith("马小兰在这段时间已有免除（自2026-09-01起）")
    with as_system():
        assert Exemption.objects.get().subject is None


def test_days_that_do_not_meet_are_no_duplicate(county, class_, pupils, visits):
    office, first = county.office_staff(), pupils[0]
    grant(office, class_, subject=first.pk, obligation_id=visits.pk, until_day=date(2026, 10, 1))
    grant(office, class_, subject=first.pk, obligation_id=visits.pk, from_day=date(2026, 10, 1))
    assert count() == 2


def test_a_larger_place_is_left_to_a_job(county, visits):
    office = county.office_staff()
    grant(office, county.township(), reason="受灾停课")
    with as_asker(office):
        assert list(JobProgress.objects.values_list("kind", "state")) == [("duties.full", "queued")]


def test_one_duty_of_a_larger_place_is_lifted_at_once(county, class_, pupils, visits):
    office = county.office_staff()
    grant(office, class_.parent.parent.parent, obligation_id=visits.pk)
    assert set(states(visits).values()) == {"exempt"}
    with as_asker(office):
        assert not JobProgress.objects.exists()


def test_ending_reaches_a_pupil_who_has_changed_school_since(county, class_, pupils, visits):
    office, pupil = county.office_staff(), pupils[0]
    granted = grant(office, class_, subject=pupil.pk, obligation_id=visits.pk)
    there = county.class_(county.school(county.township()))
    with as_system("engine"):
        Enrolment.objects.filter(student=pupil).update(left_on=date(2026, 11, 1))
        Enrolment.objects.create(student=pupil, org=there.code, entered_on=date(2026, 11, 1))
        update.recompute_all(DAY, county.code)
    assert states(visits)[pupil.pk] == "exempt"
    end(office, granted)
    assert states(visits)[pupil.pk] in ("in_progress", "behind_pace", "not_due")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"decided_by": ""}, "decided_by"),
        ({"approver": ""}, "approver"),
        ({"until_day": START}, "until_day"),
        ({"reason": "长" * 121}, "reason"),
        ({"from_day": date(2026, 3, 1)}, "from_day"),
        ({"obligation_id": 32000}, "units"),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(county, class_, visits, changes, field):
    refused(field, grant, county.office_staff(), class_, **changes)
    assert count() == 0


def test_a_settled_period_is_named_with_the_earliest_day(county, class_, visits):
    told = refused(
        "from_day", grant, county.office_staff(), class_, from_day=date(2026, 8, 31), obligation_id=visits.pk
    )
    assert told == "这一天所在的时段已经结清，不再重算；最早可从2026-09-01起。"


def test_what_is_encouraged_needs_no_exemption(county, class_, visits):
    told = refused("units", grant, county.office_staff(), class_, obligation_id=rule_of("subject-visit").pk)
    assert "是鼓励事项，不作要求，不需要免除" in told


def test_a_pupil_of_another_school_is_refused(county, class_, visits):
    elsewhere = county.pupil(county.class_(county.school(county.township())))
    refused("units", grant, county.office_staff(), class_, subject=elsewhere.pk)


def test_only_the_office_grants(county, class_, visits):
    for asker in (county.teacher(class_), county.department_staff("education")):
        with pytest.raises(PermissionDenied):
            grant(asker, class_)


def test_the_duty_stands_again_on_the_day_on_which_the_exemption_runs_out(
    county, class_, pupils, visits, settings
):
    until = date(2026, 12, 1)
    grant(county.office_staff(), class_, subject=pupils[0].pk, obligation_id=visits.pk, until_day=until)
    found = []
    for day in (date(2026, 11, 30), until):
        settings.TONGYU_TODAY = day
        jobs.nightly()
        found.append(states(visits)[pupils[0].pk])
    assert found == ["exempt", states(visits)[pupils[1].pk]]
    assert found[1] in ("in_progress", "behind_pace")


def test_an_exemption_is_ended_early_with_a_reason_and_the_duty_stands_again(county, class_, pupils, visits):
    office = county.office_staff()
    granted = grant(office, class_, subject=pupils[0].pk, obligation_id=visits.pk)
    ended = end(office, granted)
    assert (ended.until_day, ended.ended_by, ended.ended_reason) == (DAY, office.account_id, "已复学")
    assert "exempt" not in states(visits).values()
    assert state_on(ended, DAY) == "ended"
    assert count() == 1


def test_one_that_has_not_begun_ends_empty(county, class_, pupils, visits):
    office = county.office_staff()
    coming = date(2027, 3, 1)
    granted = grant(office, class_, subject=pupils[0].pk, obligation_id=visits.pk, from_day=coming)
    assert state_on(granted, DAY) == "coming"
    ended = end(office, granted)
    assert (ended.until_day, state_on(ended, DAY)) == (coming, "ended")
    grant(office, class_, subject=pupils[0].pk, obligation_id=visits.pk, from_day=coming)


def test_what_cannot_be_ended_is_refused(county, class_, pupils, visits):
    office = county.office_staff()
    first, second = pupils
    one = grant(office, class_, subject=first.pk, obligation_id=visits.pk, until_day=date(2027, 1, 1))
    over = grant(office, class_, subject=second.pk, obligation_id=visits.pk, until_day=DAY)
    assert refused("until_day", end, office, one, date(2026, 11, 22)).startswith("不能早于今天")
    assert refused("until_day", end, office, one, date(2027, 1, 1)).startswith("要早于原定的恢复日期")
    refused("reason", end, office, one, DAY, " ")
    refused("reason", end, office, one, DAY, "长" * 121)
    assert refused("", end, office, over) == "这项免除已经到期，不需要再终止。"
    end(office, one)
    end(office, one)
    assert refused("", end, office, one, reason="又一次") == "这项免除已经终止过了，不能再次终止。"


def test_a_school_leader_sees_the_own_schools_exemptions_and_ends_none(county, class_, pupils, visits):
    office = county.office_staff()
    granted = grant(office, class_, subject=pupils[0].pk, obligation_id=visits.pk)
    own = county.leader(class_.parent.parent)
    other = county.leader(county.school(county.township()))
    seen = {}
    for name, asker in (("own", own), ("other", other)):
        with as_asker(asker):
            seen[name] = (visible(asker).count(), Exemption.objects.count())
    assert seen == {"own": (1, 1), "other": (0, 0)}
    with pytest.raises(PermissionDenied):
        end(own, granted)
    with pytest.raises(Exemption.DoesNotExist):
        end(other, granted)


@pytest.mark.parametrize("broken", [{"ended_by": 1}, {"ended_reason": "无名"}, {"until_day": START}])
def test_the_database_refuses_an_end_without_name_reason_or_day(county, class_, visits, broken):
    granted = grant(county.office_staff(), class_)
    with as_system(), pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.filter(pk=granted.pk).update(**broken)
