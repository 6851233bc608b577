"""Whatever families and teachers do in whatever order: the times say the same as a plain dictionary (C45–C47)."""

from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.county import as_asker, as_system
from tests.workbenches.gatherings.talks.test_booking import _child, book, build, offered, slots
from tongyu.core.ids import uuid7
from tongyu.workbenches.gatherings.talks import actions
from tongyu.workbenches.gatherings.talks.models import Booking, TalkSlot

TIMES = 3


@dataclass(frozen=True)
class Standing:
    """A booking in the model: which family, which child, which guardian."""

    key: object
    who: str
    child: str


FAMILIES = [("father", "big"), ("father", "small"), ("mother", "big"), ("other", "he")]
DESK_OF = {"big": 0, "he": 0, "small": 1}


class Talks(RuleBasedStateMachine):
    """Families and teachers of one afternoon; `county` and `people` are set by the test."""

    county: Any = None
    people: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.day = offered(self.county, until=time(14, 10 * TIMES))
        self.slots = [slots(self.day, self.county.t1), slots(self.day, self.county.t2)]
        self.booked: dict[tuple[int, int], Standing] = {}
        self.blocked: set[tuple[int, int]] = set()
        self.sent: list[tuple] = []

    def teardown(self):
        with as_asker(self.county.chief):
            actions.cancel_day(by=self.county.chief, day=self.day, reason="结束")

    def expected(self, who, child, place):
        """Whether the model lets this guardian have this time for this child."""
        old = next((at for at, s in self.booked.items() if s.child == child), None)
        if old is not None and self.booked[old].who != who:
            return False, None
        left = {at: s for at, s in self.booked.items() if at != old}
        busy = any(s.who == who and at[1] == place[1] for at, s in left.items())
        return place not in left and place not in self.blocked and not busy, old

    @rule(family=st.sampled_from(FAMILIES), number=st.integers(0, TIMES - 1))
    def take(self, family, number):
        who, child = family
        place, key = (DESK_OF[child], number), uuid7()
        asker, children = self.people[who]
        allowed, old = self.expected(who, child, place)
        args = (asker, (children[child], self.slots[place[0]][number]))
        try:
            book(*args, ids=[key])
        except ValidationError:
            assert not allowed
            return
        assert allowed
        if old is not None:
            del self.booked[old]
        self.booked[place] = Standing(key, who, child)
        self.sent.append((*args, key))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data):
        asker, pick, key = data.draw(st.sampled_from(self.sent))
        assert [row.pk for row in book(asker, pick, ids=[key])] == [key]

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def cancel(self, data):
        place = data.draw(st.sampled_from(sorted(self.booked)))
        found = self.booked.pop(place)
        asker = self.people[found.who][0]
        with as_asker(asker):
            actions.cancel_booking(by=asker, booking=Booking.objects.get(pk=found.key))

    @rule(desk=st.sampled_from([0, 1]), number=st.integers(0, TIMES - 1), line=st.sampled_from(["", "开会"]))
    def block(self, desk, number, line):
        teacher, place = (self.county.t1, self.county.t2)[desk], (desk, number)
        try:
            with as_asker(teacher):
                actions.block_slot(by=teacher, slot=self.slots[desk][number], line=line)
        except ValidationError:
            assert place in self.booked
            assert not line
            return
        self.booked.pop(place, None)
        self.blocked.add(place)

    @rule(desk=st.sampled_from([0, 1]), number=st.integers(0, TIMES - 1))
    def unblock(self, desk, number):
        teacher = (self.county.t1, self.county.t2)[desk]
        with as_asker(teacher):
            actions.unblock_slot(by=teacher, slot=self.slots[desk][number])
        self.blocked.discard((desk, number))

    @invariant()
    def agrees(self):
        places = {slot.pk: (desk, n) for desk, row in enumerate(self.slots) for n, slot in enumerate(row)}
        with as_system():
            rows = Booking.objects.filter(slot__desk__day=self.day, ended_at=None)
            assert {places[row.slot_id]: row.pk for row in rows} == {
                at: s.key for at, s in self.booked.items()
            }
            found = list(TalkSlot.objects.filter(desk__day=self.day))
        assert {places[slot.pk] for slot in found if slot.booked} == set(self.booked)
        assert {places[slot.pk] for slot in found if slot.blocked} == self.blocked


@pytest.mark.django_db
@pytest.mark.slow
def test_times_and_bookings_agree_with_a_dictionary_after_any_history():
    Talks.county = county = build()
    mother = county.parent(county.big, relation="mother", name="马母")
    Talks.people = {
        "father": (county.father, {"big": county.big, "small": county.small}),
        "mother": (mother, {"big": county.big}),
        "other": (county.other, {"he": _child(county.other)}),
    }
    quiet = settings(
        max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Talks, settings=quiet)
