"""Talks and meetings that are to come when a school merges into another, moves, or splits."""

from datetime import date

import pytest

from tests.support.county import as_asker, as_system
from tests.workbenches.gatherings.talks.test_booking import book, build, offered, slots, standing
from tongyu.core.ids import uuid7
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, ReorganisationKind
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision
from tongyu.notices.models import Message
from tongyu.workbenches.gatherings.events.actions import answer_invitation, invite_families, plan_event
from tongyu.workbenches.gatherings.events.queries import invited_events, own_answers
from tongyu.workbenches.gatherings.talks import actions
from tongyu.workbenches.gatherings.talks.models import Booking, TalkDay
from tongyu.workbenches.gatherings.talks.queries import invited_days, offers

TODAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)


@pytest.fixture
def place(db):
    county = build()
    county.office = county.office_staff()
    county.away = county.township("盐锅峡镇")
    return county


def decide(place, kind, **fields):
    decision = Decision(kind, place.a.code, TODAY, "永教发〔2026〕1号", **fields)
    with as_asker(place.office):
        return reorganise(by=place.office, id=uuid7(), decision=decision)


def as_of_now(parent):
    with as_system():
        account = Account.objects.get(pk=parent.account_id)
    return hats_of(account, TODAY)[-1].asker


@pytest.mark.parametrize("kind", ["merge", "township"])
def test_a_booked_talk_goes_along_with_the_class(place, kind):
    day = offered(place)
    free = slots(day, place.t1)
    book(place.father, (place.big, free[0]))
    if kind == "merge":
        decide(place, ReorganisationKind.MERGE, into=place.school(place.away, "乙小学").code)
    else:
        decide(place, ReorganisationKind.TOWNSHIP, township=place.away.code)
    with as_system():
        actions.releasing.release_all()
    assert standing() == {("马哥", "14:00")}
    father = as_of_now(place.father)
    with as_asker(father):
        found = invited_days(father).get()
        (mine,) = [offer for offer in offers(father, found) if offer.booking]
    assert (found.pk, mine.ward.name, mine.booking.org) == (day.pk, "马哥", mine.ward.org)
    book(father, (place.small, slots(day, place.t2)[5]))
    assert standing() == {("马哥", "14:00"), ("马妹", "14:50")}


def test_a_talk_with_the_old_school_is_off_for_a_class_that_is_split_off(place):
    day = offered(place)
    free = slots(day, place.t1)
    book(place.father, (place.big, free[0]))
    book(place.father, (place.small, slots(day, place.t2)[3]))
    decide(
        place, ReorganisationKind.SPLIT, township=place.away.code, classes=[place.two.code], name="新校",
        school_code="6229239999",
    )  # fmt: skip
    assert standing() == {("马哥", "14:00")}
    with as_system():
        (gone,) = Booking.objects.exclude(ended_at=None)
        assert (gone.name, gone.ended, "永教发" in gone.ended_line) == ("马妹", "day", True)
        assert Message.objects.filter(topic="talk_off", key=str(gone.pk)).count() == 1
        assert TalkDay.objects.get().org == place.a.code


@pytest.mark.parametrize("kind", ["merge", "township"])
def test_families_stay_invited_to_a_meeting_that_is_to_come(place, kind):
    with as_asker(place.t1):
        event = plan_event(by=place.t1, type="parent_meeting", occurred_on=SATURDAY, with_parents=True)
        event = invite_families(by=place.t1, event=event)
    with as_asker(place.father):
        answer_invitation(by=place.father, event=event, student=place.big.pk, says="come")
    if kind == "merge":
        decide(place, ReorganisationKind.MERGE, into=place.school(place.away, "乙小学").code)
    else:
        decide(place, ReorganisationKind.TOWNSHIP, township=place.away.code)
    father = as_of_now(place.father)
    with as_asker(father):
        assert [one.pk for one in invited_events(father)] == [event.pk]
        assert list(own_answers(father, [event])) == [(event.pk, place.big.pk)]
        answer_invitation(by=father, event=invited_events(father).get(), student=place.big.pk, says="no")
