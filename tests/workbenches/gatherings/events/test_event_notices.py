"""What families are told of a meeting, each once: invited, moved, called off, answered."""

from datetime import timedelta

import pytest

from tests.support.county import as_asker, as_system
from tests.workbenches.gatherings.events.test_families import STARTS, build, meeting, says
from tongyu.core.ids import uuid7
from tongyu.notices.models import Delivery, Message
from tongyu.notices.topics import Due
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.actions import telling
from tongyu.workbenches.gatherings.events.models import Event


@pytest.fixture
def place(db):
    return build()


def told(topic):
    """(title, accounts that have a line) of each message of the topic."""
    with as_system():
        return [
            (one.title, set(Delivery.objects.filter(message=one).values_list("account_id", flat=True)))
            for one in Message.objects.filter(topic=topic).order_by("sent_at")
        ]


def due(event, parent, child):
    return Due(uuid7(), f"{event.pk}:invited", None, parent.wards[0].guardian_id, (child.pk,))


def parents(place):
    return {place.father.account_id, place.mother.account_id}


def correct(county, event, /, **changes):
    with as_asker(county.t):
        event = Event.objects.get(pk=event.pk)
        return actions.correct_event(
            by=county.t, event=event, version=event.version, reason="改", changes=changes
        )


def test_an_invitation_reaches_the_families_of_the_class_once(place):
    stranger = place.parent(place.pupil(place.two, "别班"))
    event = meeting(place.t)
    with as_asker(place.t):
        actions.invite_families(by=place.t, event=event, line="改一句")
    ((title, who),) = told("event_invitation")
    assert (title, who) == ("请您参加：家长会 11月28日 15:00", parents(place))
    assert stranger.account_id not in who
    newcomer = place.parent(place.he, name="何父")
    with as_asker(place.t):
        actions.invite_families(by=place.t, event=event)
    ((_title, who),) = told("event_invitation")
    assert who == {*parents(place), newcomer.account_id}


def test_who_has_answered_is_left_in_peace(place):
    event = meeting(place.t)
    says(place.father, event, place.ma, "come")
    both = [due(event, one, place.ma) for one in (place.father, place.mother)]
    with as_system():
        assert telling.unanswered(both) == {both[1].delivery}
    with as_asker(place.t):
        actions.cancel_event(by=place.t, event=event, reason="停电")
    with as_system():
        assert telling.unanswered(both) == telling.still_to_come(both) == set()


def test_another_hour_or_place_is_told_and_another_title_is_not(place):
    event = meeting(place.t)
    correct(place, event, title="期中家长会")
    assert told("event_changed") == []
    correct(place, event, starts_at=STARTS + timedelta(hours=1), place="报告厅")
    assert told("event_changed") == [("时间地点有变：期中家长会 11月28日 16:00 报告厅", parents(place))]


def test_what_was_not_invited_to_is_not_told(place):
    event = meeting(place.t, invite=False)
    correct(place, event, place="报告厅")
    with as_asker(place.t):
        actions.cancel_event(by=place.t, event=event, reason="停电")
    with as_system():
        assert not Message.objects.exists()


@pytest.mark.parametrize("how", ["cancelled", "withdrawn"])
def test_a_meeting_that_is_off_is_told_once(place, how):
    event = meeting(place.t)
    with as_asker(place.t):
        if how == "cancelled":
            for _click in range(2):
                actions.cancel_event(by=place.t, event=event, reason="停电")
        else:
            actions.withdraw_event(by=place.t, event=event, version=event.version, reason="登错")
    assert told("event_off") == [("不举行了：家长会 11月28日 15:00", parents(place))]


def test_a_meeting_added_classes_invites_them_and_nobody_twice(place):
    leader = place.leader(place.a)
    stranger = place.parent(place.pupil(place.two, "别班"))
    event = meeting(leader, scopes=[place.one.code])
    with as_asker(leader):
        actions.correct_event(
            by=leader, event=event, version=event.version, reason="加班", changes={},
            scopes=[place.one.code, place.two.code], organizer="school",
        )  # fmt: skip
    ((_title, who),) = told("event_invitation")
    assert who == {*parents(place), stranger.account_id}


def test_an_answer_reaches_who_asked_and_nobody_else(place):
    event = meeting(place.t)
    with as_asker(place.father):
        question = actions.ask_question(
            by=place.father, event=event, student=place.ma.pk, text="带什么？", id=uuid7()
        )
    with as_asker(place.t):
        for share in (False, True):
            actions.answer_question(by=place.t, question=question, answer="带笔", share=share)
    assert told("event_answer") == [("您的提问有答复了", {place.father.account_id})]
