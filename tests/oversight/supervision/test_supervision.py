"""The office sends, records answer, steps follow the calendar, and a body hears once a day at most."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import as_asker, as_system
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.directory.models import Holiday
from tongyu.duties.models import Standing
from tongyu.oversight.supervision import actions, addressing, jobs, lagging, queries
from tongyu.oversight.supervision.models import Digest, DigestWord, NoticeItem
from tongyu.plan.models import Obligation

DAY = date(2026, 11, 23)
LATER = date(2027, 5, 17)
"""When a class of which nobody but one was visited is behind its pace."""


def obligation(key):
    return Obligation.objects.get(key=key)


def pick(key, body):
    return (obligation(key).pk, body.code)


def send(asker, picks, *, id=None, school_days=10, on=LATER):
    with as_asker(asker):
        return actions.send_notices(by=asker, picks=picks, school_days=school_days, id=id or uuid7(), on=on)


def refused(call, *arguments, **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    return error.value.messages[0]


def items():
    with as_system():
        return list(NoticeItem.objects.select_related("notice").order_by("org", "obligation_id"))


def lines(asker, on):
    with as_asker(asker):
        return [(one.kind, one.key) for one in queries.digest_of(asker, on)]


def told(asker, on):
    with as_system():
        return Digest.objects.filter(org=asker.body_code, day=on).count()


def seen(asker, on):
    with as_asker(asker):
        return [item.obligation.key for item in queries.visible(asker, on)]


@pytest.fixture
def late(world):
    """May: of three pupils one was visited, and the class is behind with its home visits."""
    world.county.pupil(world.class_, "祁远山")
    world.compute(LATER)
    return world


@pytest.fixture
def sent(late):
    """A notice to the class about its home visits, due ten school days later."""
    return send(late.office, [pick("home-visit", late.school)])[0]


pytestmark = pytest.mark.django_db


def test_what_lags_is_offered_and_what_runs_in_time_is_not(world):
    with as_asker(world.office):
        windows = lagging.open_windows(world.county.code, DAY)
        found = lagging.by_body(windows, world.office.lo, world.office.hi)
    assert obligation("home-visit").pk not in {lag.obligation for lag in found}
    world.county.pupil(world.class_, "祁远山")
    world.compute(LATER)
    with as_asker(world.office):
        windows = lagging.open_windows(world.county.code, LATER)
        found = lagging.by_body(windows, world.office.lo, world.office.hi)
    lag = next(one for one in found if one.obligation == obligation("home-visit").pk)
    assert (lag.body, lag.missing, lag.behind, lag.bearers) == (world.school.code, 0, 2, 1)


def test_one_notice_per_body_with_all_its_duties(late):
    with as_asker(late.office):
        windows = lagging.open_windows(late.county.code, LATER)
        found = lagging.by_body(windows, late.office.lo, late.office.hi)
    picks = [(lag.obligation, lag.body) for lag in found if lag.body == late.school.code]
    made = send(late.office, picks)
    assert len({notice.org for notice in made}) == len(made)
    assert {notice.org for notice in made} <= {late.school.code, late.class_.code}
    assert len(items()) > len(made)
    assert {item.notice.deadline for item in items()} == {date(2027, 5, 31)}


def test_the_plan_says_who_answers_and_who_supervises(late, sent):
    (item,) = items()
    education = late.county.departments["education"].code
    assert (item.org, item.accountables, item.supervisor) == (late.class_.code, [late.school.code], education)


def test_nobody_is_written_to_twice_in_a_chain(world):
    rule = {"accountable": ["school"], "supervisor": "department:education"}
    education = world.county.departments["education"].code
    assert addressing.chain_of(rule, world.school.code) == ([], education)
    office = addressing.office_of(world.county.code)
    assert addressing.chain_of(
        {"accountable": ["county"], "supervisor": "leading_group"}, world.county.code
    ) == (
        [],
        None,
    )
    assert addressing.chain_of({"accountable": ["family"], "supervisor": "school"}, world.class_.code) == (
        [],
        world.school.code,
    )
    assert addressing.addressee(world.county.code) == office


def test_only_the_office_sends(late):
    for asker in (late.teacher, late.leader, late.county.department_staff("education")):
        with pytest.raises(PermissionDenied):
            send(asker, [pick("home-visit", late.school)])


def test_a_double_click_sends_once_and_what_runs_is_not_sent_again(late):
    key, chosen = uuid7(), [pick("home-visit", late.school)]
    first, second = send(late.office, chosen, id=key), send(late.office, chosen, id=key)
    assert [one.pk for one in first] == [one.pk for one in second]
    assert "都已在督办中" in refused(send, late.county.office_staff(), chosen)
    assert "已用同一编号发出过" in refused(send, late.county.office_staff(), chosen, id=key)
    assert len(items()) == 1


def test_refusals_are_clear(late):
    assert "请先勾选" in refused(send, late.office, [])
    assert "不需要督办" in refused(send, late.office, [(32000, late.school.code)])
    assert "校历还没有设到那么远" in refused(
        send, late.office, [pick("home-visit", late.school)], on=date(2027, 7, 8)
    )


def test_an_item_closes_by_its_records_and_by_nothing_else(late, sent):
    jobs.move(late.county.code, LATER)
    assert items()[0].closed_on is None
    late.visit(late.pupil)
    late.compute(LATER)
    jobs.move(late.county.code, LATER + timedelta(days=1))
    (item,) = items()
    assert (item.answered_on, item.closed_on, item.ending) == (
        LATER + timedelta(days=1),
        LATER + timedelta(days=1),
        "cleared",
    )


def test_time_passes_and_it_goes_to_the_accountable_then_to_the_supervisor(late, sent):
    education, leader, teacher = late.county.department_staff("education"), late.leader, late.teacher
    assert (seen(teacher, LATER), seen(leader, LATER), seen(education, LATER)) == (["home-visit"], [], [])
    jobs.move(late.county.code, sent.deadline)
    assert seen(leader, sent.deadline) == []
    days = [date(2027, 6, 1), date(2027, 6, 2), date(2027, 6, 8)]
    for day in days:
        jobs.move(late.county.code, day)
        jobs.move(late.county.code, day)
    (item,) = items()
    assert (item.accountable_on, item.supervisor_on) == (date(2027, 6, 1), date(2027, 6, 8))
    assert (seen(leader, days[-1]), seen(education, days[-1])) == (["home-visit"], ["home-visit"])
    assert seen(late.county.department_staff("culture"), days[-1]) == []


def test_what_is_done_in_time_never_goes_further(late, sent):
    late.visit(late.pupil)
    late.compute(LATER)
    for day in (date(2027, 6, 1), date(2027, 6, 8)):
        jobs.move(late.county.code, day)
    (item,) = items()
    assert (item.accountable_on, item.supervisor_on, item.ending) == (None, None, "cleared")


def test_a_window_that_takes_no_more_records_ends_its_item(late, sent):
    year_end = date(2027, 9, 1)
    late.compute(year_end)
    jobs.move(late.county.code, year_end)
    assert items()[0].ending == "lapsed"


def test_one_digest_a_day_however_often_the_job_runs(late, sent):
    for _run in range(3):
        jobs.move(late.county.code, LATER)
    assert (told(late.teacher, LATER), told(late.leader, LATER)) == (1, 1)
    assert ("notice", "home-visit") in lines(late.teacher, LATER)
    assert all(kind == "pace" for kind, _key in lines(late.leader, LATER))


def test_a_notice_sent_after_the_digest_waits_for_the_next_school_day(late):
    jobs.move(late.county.code, LATER)
    before = told(late.teacher, LATER)
    send(late.office, [pick("home-visit", late.school)])
    jobs.move(late.county.code, LATER)
    assert told(late.teacher, LATER) == before == 1
    assert ("notice", "home-visit") not in lines(late.teacher, LATER)
    jobs.move(late.county.code, LATER + timedelta(days=1))
    assert ("notice", "home-visit") in lines(late.teacher, LATER + timedelta(days=1))


@pytest.mark.parametrize("day", [date(2027, 5, 22), date(2027, 5, 23), date(2027, 7, 20)])
def test_nothing_is_told_on_weekends_and_in_holidays(late, day):
    jobs.move(late.county.code, day)
    with as_system():
        assert (Digest.objects.count(), DigestWord.objects.count()) == (0, 0)


def test_a_holiday_is_silent_and_a_worked_saturday_is_not(late):
    with as_system():
        Holiday.objects.create(county=late.county.body, day=LATER, name="端午节", worked=False)
        Holiday.objects.create(county=late.county.body, day=date(2027, 5, 22), name="调休上班", worked=True)
    assert jobs.move(late.county.code, LATER) == 0
    assert jobs.move(late.county.code, date(2027, 5, 22)) > 0


def test_at_night_the_job_does_nothing(late, settings, monkeypatch):
    settings.TONGYU_TODAY = LATER
    for hour, some in ((2, False), (7, False), (9, True), (19, False)):
        at = datetime(2027, 5, 17, hour, 30, tzinfo=clock.CHINA)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        with as_system():
            Digest.objects.all().delete()
            DigestWord.objects.all().delete()
        jobs.hourly()
        with as_system():
            assert (Digest.objects.count() > 0) is some, hour


def test_a_warning_comes_from_the_pace_weeks_before_and_once_a_week(late):
    jobs.move(late.county.code, LATER)
    assert ("pace", "home-visit") in lines(late.teacher, LATER)
    with as_system():
        word = DigestWord.objects.get(org=late.class_.code, obligation__key="home-visit")
    assert word.due_on == date(2027, 8, 31)
    for days in range(1, 7):
        jobs.move(late.county.code, LATER + timedelta(days=days))
    with as_system():
        assert DigestWord.objects.filter(org=late.class_.code, obligation__key="home-visit").count() == 1
    jobs.move(late.county.code, LATER + timedelta(days=7))
    with as_system():
        assert DigestWord.objects.filter(org=late.class_.code, obligation__key="home-visit").count() == 2


def test_what_is_done_is_not_told_any_more(late, sent):
    jobs.move(late.county.code, LATER)
    late.visit(late.pupil)
    late.compute(LATER)
    assert "home-visit" not in {key for _kind, key in lines(late.teacher, LATER)}


def test_what_was_due_to_be_told_is_dropped_when_done_before(late, sent):
    late.visit(late.pupil)
    late.compute(LATER)
    jobs.move(late.county.code, LATER)
    assert "home-visit" not in {key for _kind, key in lines(late.teacher, LATER)}
    with as_system():
        assert not DigestWord.objects.filter(item__isnull=False).exists()


def test_the_standings_stay_as_they_are(late, sent):
    with as_system():
        before = list(Standing.objects.order_by("id").values_list("id", "state", "count"))
    jobs.move(late.county.code, LATER)
    with as_system():
        assert list(Standing.objects.order_by("id").values_list("id", "state", "count")) == before
