"""From the inbox outside: held at night, tried again, looked at again, and never twice, whoever dies when."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from notices.conftest import Postman, small_class, topic, with_phone
from support.county import as_asker, as_system
from tongyu.core import clock, jobs
from tongyu.core.context import acting, system_scope
from tongyu.directory.models import Guardianship
from tongyu.notices import channels, delivering
from tongyu.notices.actions import send, set_preference
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.models import Address, Attempt, Delivery, Message
from tongyu.notices.recipients import Accounts, GuardiansOf, GuardiansWithin
from tongyu.notices.topics import topics

SYSTEM = system_scope("notices")


@pytest.fixture
def home(db, noon, postman):
    return small_class()


def tell(home, key="1", name="test_notice", to=None, **more):
    to = to or [GuardiansOf([home.second.pk])]
    with as_asker(home.teacher):
        return send(topic=name, key=key, title="周五家长会", to=to, by=home.teacher, **more)


def deliver():
    with acting(SYSTEM):
        while delivering.deliver_some():
            pass


def line():
    with as_system():
        return Delivery.objects.get()


def settle():
    with acting(SYSTEM):
        return delivering.settle_interrupted(clock.now())


def die(postman, home):
    """A worker is killed while the vendor has the call."""
    postman.answers = [KeyboardInterrupt()]
    tell(home)
    with pytest.raises(KeyboardInterrupt):
        deliver()


def test_what_is_sent_at_night_goes_out_in_the_morning(home, postman, noon):
    noon.move_to("2026-11-23T22:10:00+08:00")
    tell(home)
    assert (line().state, line().due_at.isoformat()) == ("held", "2026-11-23T23:00:00+00:00")
    noon.move_to("2026-11-24T06:59:59+08:00")
    deliver()
    assert postman.calls == []
    noon.move_to("2026-11-24T07:00:00+08:00")
    deliver()
    assert (postman.sent, line().state) == (["13800000001"], "sent")


def test_a_worker_that_comes_late_at_night_waits_too(home, postman, noon):
    tell(home)
    noon.move_to("2026-11-23T23:00:00+08:00")
    deliver()
    assert (postman.calls, line().state) == ([], "held")


def test_a_retry_falls_into_no_night(home, postman, noon):
    noon.move_to("2026-11-23T20:59:30+08:00")
    tell(home)
    postman.answers = [Outcome(Kind.FAILED, "500")]
    deliver()
    assert line().due_at.isoformat() == "2026-11-23T23:00:00+00:00"


def test_a_failing_vendor_is_tried_again_after_longer_and_longer(home, postman, noon):
    postman.answers = [Outcome(Kind.FAILED, "500")] * 3
    tell(home)
    for minutes in (0, 1, 2, 4):
        noon.shift(timedelta(minutes=minutes))
        deliver()
    assert (len(postman.calls), line().state) == (4, "sent")
    with as_system():
        assert list(Attempt.objects.order_by("id").values_list("outcome", flat=True)) == [
            "failed", "failed", "failed", "sent",
        ]  # fmt: skip


def test_every_attempt_bears_another_mark(home, postman, noon):
    postman.answers = [Outcome(Kind.FAILED, "500"), Outcome(Kind.LATER, "busy")]
    tell(home)
    for _time in range(3):
        deliver()
        noon.shift(timedelta(minutes=5))
    assert len({call[0].mark for call in postman.calls}) == 3


def test_a_vendor_that_is_down_for_good_is_given_up_and_says_so(home, postman, noon):
    noon.move_to("2026-11-23T07:00:00+08:00")
    postman.answers = [Outcome(Kind.FAILED, "500")] * 50
    tell(home)
    for _time in range(20):
        deliver()
        noon.shift(timedelta(hours=4))
    assert (line().state, line().code, line().tried) == ("failed", "500", ["sms"])


def test_a_busy_vendor_costs_no_try(home, postman, noon):
    postman.answers = [Outcome(Kind.LATER, "45009")] * 12
    tell(home)
    for _time in range(13):
        deliver()
        noon.shift(timedelta(minutes=2))
    assert (line().state, line().failures) == ("sent", 0)


def test_an_address_that_will_never_do_gives_way_to_the_next_channel(home, postman, monkeypatch):
    school = Postman("school")
    school.answers = [Outcome(Kind.REFUSED, "invalid_parent_userid")]
    ways = {"school": school, "sms": postman}
    off = Postman("x")
    off.on = False
    monkeypatch.setattr(channels, "channel", lambda key: ways.get(key, off))
    with as_system():
        Address.objects.create(
            org=home.class_.code, guardian_id=home.mother.pk, channel="school", address_text="mother_1"
        )
    tell(home)
    deliver()
    assert (school.sent, postman.sent, line().state) == (["mother_1"], ["13800000001"], "sent")


def test_a_guardian_who_is_none_any_more_when_it_goes_out_gets_nothing(home, postman):
    tell(home)
    with as_system():
        Guardianship.objects.filter(guardian=home.mother).update(until_day="2026-11-23")
    deliver()
    assert (postman.calls, line().state, line().code) == ([], "dropped", "not_entitled")


def test_who_has_answered_meanwhile_is_left_in_peace(home, postman):
    answered = set()
    topic(
        "test_answer", still_wanted=lambda due: {one.delivery for one in due if one.guardian not in answered}
    )
    tell(home, name="test_answer")
    answered.add(home.mother.pk)
    deliver()
    assert (postman.calls, line().code) == ([], "done")


@pytest.mark.parametrize(("large", "state"), [(False, "inside"), (True, "sent")])
def test_a_channel_turned_off_is_not_used_but_for_large_matters(home, postman, large, state):
    name = f"test_large_{large}"
    topic(name, large=large)
    with as_system():
        staff = home.leader.staff_id
        from tongyu.directory.models import Staff

        found = Staff.objects.get(pk=staff)
        found.phone = "13700000001"
        found.save()
    with as_asker(home.leader):
        set_preference(by=home.leader, off=["sms"])
    tell(home, name=name, to=[Accounts([home.leader.account_id])])
    deliver()
    assert line().state == state


def test_no_childs_name_goes_out_by_sms(home, postman):
    topic("test_words", parameters=("what",))
    tell(home, name="test_words", words={"what": "马小某的家长会"})
    deliver()
    assert (postman.calls, line().state, line().code) == ([], "failed", "name_in_sms")


def test_killed_before_the_call_it_simply_waits_again(home, postman, monkeypatch, noon):
    def killed(*_args):
        raise KeyboardInterrupt

    tell(home)
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_call", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert (line().state, line().called_at) == ("sending", None)
    assert settle() == 0, "its worker may still be alive"
    noon.shift(timedelta(minutes=11))
    assert settle() == 1
    deliver()
    assert (postman.sent, line().state) == (["13800000001"], "sent")


def test_killed_in_the_call_nobody_is_told_twice(home, postman, noon):
    """Where the vendor drops no repetition the line says honestly that nobody knows."""
    die(postman, home)
    noon.shift(timedelta(minutes=11))
    settle()
    deliver()
    assert (len(postman.calls), line().state, line().code) == (1, "unsure", "interrupted")


def test_killed_in_the_call_the_same_call_is_made_where_the_vendor_drops_repetitions(home, postman, noon):
    postman.window = timedelta(hours=4)
    die(postman, home)
    noon.shift(timedelta(minutes=11))
    settle()
    deliver()
    first, second = postman.calls
    assert (first, line().state) == (second, "sent")


def test_after_the_vendors_window_the_call_is_not_repeated(home, postman, noon):
    postman.window = timedelta(hours=4)
    die(postman, home)
    noon.shift(timedelta(hours=5))
    settle()
    deliver()
    assert (len(postman.calls), line().state) == (1, "unsure")


def test_without_an_answer_the_call_is_repeated_once_where_that_is_safe(home, postman, noon):
    postman.window = timedelta(hours=4)
    postman.answers = [Outcome(Kind.UNSURE, "ReadTimeout")] * 2
    tell(home)
    for _time in range(3):
        deliver()
        noon.shift(timedelta(minutes=2))
    assert (len(postman.calls), line().state) == (2, "unsure")
    assert postman.calls[0] == postman.calls[1]


@pytest.mark.parametrize("second", [Kind.LATER, Kind.FAILED, Kind.REFUSED])
def test_a_repeated_call_that_the_vendor_turns_down_is_not_made_after_its_window(home, postman, noon, second):
    """The first may have arrived: a busy vendor must not make us forget it."""
    postman.window = timedelta(hours=4)
    postman.answers = [Outcome(Kind.UNSURE, "ReadTimeout"), *[Outcome(second)] * 9]
    tell(home)
    for _time in range(2):
        deliver()
        noon.shift(timedelta(minutes=2))
    calls = len(postman.calls)
    postman.answers = []
    noon.shift(timedelta(hours=5))
    deliver()
    assert (len(postman.calls), line().state) == (calls, "unsure")


def test_a_line_taken_over_meanwhile_is_not_called(home, postman, monkeypatch):
    """A worker that slept past its claim finds that the line is not its own any more."""
    real = delivering._call

    def late(claim, part):
        with transaction.atomic():
            Delivery.objects.update(state="queued", claim=None)
        real(claim, part)

    tell(home)
    monkeypatch.setattr(delivering, "_call", late)
    with acting(SYSTEM):
        delivering.deliver_some()
    assert postman.calls == []


def test_one_call_carries_one_message_and_no_more_than_the_channel_takes(home, postman):
    postman.batch = 2
    for number in range(3):
        pupil = home.county.pupil(home.class_, f"学生{number}")
        with_phone(home.county.guardian(pupil, f"家长{number}"), f"1380000010{number}")
    tell(home, to=[GuardiansWithin(home.class_.code, home.class_.hi)])
    tell(home, key="2")
    deliver()
    assert sorted(len(call) for call in postman.calls) == [1, 2, 2]


def test_two_workers_at_once_tell_everybody_once(committed, noon, postman):
    home = small_class()
    for number in range(60):
        pupil = home.county.pupil(home.class_, f"学生{number}")
        with_phone(home.county.guardian(pupil, f"家长{number}"), f"139{number:08d}")
    tell(home, to=[GuardiansWithin(home.class_.code, home.class_.hi)])

    def work():
        with acting(SYSTEM):
            while delivering.deliver_some(7):
                pass
        connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(postman.sent) == sorted({*postman.sent})
    assert len(postman.sent) == 61


def test_the_job_queue_carries_it_out_when_the_transaction_commits(committed, noon, postman):
    home = small_class()
    tell(home)
    jobs.run_waiting()
    assert postman.sent == ["13800000001"]


def test_a_message_whose_topic_has_gone_stays_inside(home, postman):
    topic("test_gone")
    tell(home, name="test_gone")
    del topics._entries["test_gone"]
    deliver()
    assert (postman.calls, line().state) == ([], "failed")


def test_nothing_is_left_of_a_transaction_that_fails(committed, noon, postman):
    home = small_class()

    def fail():
        with as_asker(home.teacher):
            send(
                topic="test_notice",
                key="1",
                title="不该有",
                to=[GuardiansOf([home.first.pk])],
                by=home.teacher,
            )
            raise ZeroDivisionError

    pytest.raises(ZeroDivisionError, fail)
    jobs.run_waiting()
    with as_system():
        assert (Message.objects.count(), postman.calls) == (0, [])
