"""Whatever order sends, deliveries, faults and deaths of workers come in: each recipient has exactly one."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notices.conftest import NOON, Postman, small_class, with_phone
from support.county import as_asker, as_system
from tongyu.core import clock
from tongyu.core.context import acting, system_scope
from tongyu.notices import delivering
from tongyu.notices.actions import send
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.models import Concern, Delivery, Message
from tongyu.notices.quiet import quiet_hours
from tongyu.notices.recipients import GuardiansOf

pytestmark = pytest.mark.django_db

KEYS = ("a", "b")
sends = st.tuples(st.just("send"), st.sampled_from(KEYS), st.sets(st.integers(0, 2), min_size=1))
answers = st.sampled_from(["sent", "failed", "later", "unsure", "killed"])
rounds = st.tuples(st.just("deliver"), answers, st.integers(0, 900))
steps = st.lists(sends | rounds, max_size=14)


class Vendor(Postman):
    """Drops repetitions within its window, as the vendors do, and knows what each telephone has got."""

    def __init__(self) -> None:
        super().__init__(window=timedelta(hours=4))
        self.got: list[tuple[str, str]] = []
        self.seen: set[str] = set()
        self.answer = "sent"
        self.moments: list[datetime] = []

    def deliver(self, parcels):
        self.moments.append(clock.now())
        kind = {"failed": Kind.FAILED, "later": Kind.LATER}.get(self.answer)
        if kind is None:
            for parcel in parcels:
                if parcel.mark not in self.seen:
                    self.seen.add(parcel.mark)
                    self.got.append((parcel.address, parcel.id.hex))
            if self.answer == "killed":
                raise KeyboardInterrupt
            kind = Kind.SENT if self.answer == "sent" else Kind.UNSURE
        return {parcel.id: Outcome(kind) for parcel in parcels}


@pytest.mark.slow
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
@example(steps=[("send", "a", {0}), ("deliver", "unsure", 124), ("deliver", "later", 0)])
def test_each_recipient_has_exactly_one(steps, postman, monkeypatch):
    with transaction.atomic():
        _story(steps, monkeypatch)
        transaction.set_rollback(True)


def _story(steps, monkeypatch):
    vendor, home = Vendor(), small_class()
    monkeypatch.setattr(delivering.channels, "channel", lambda key: vendor if key == "sms" else _off())
    with_phone(home.father, "13800000002")
    children = [home.first, home.second, home.third]
    wanted: dict[str, set[int]] = {}
    now = NOON
    for step in [*steps, *[("deliver", "sent", 900)] * 12]:
        with time_machine.travel(now, tick=False):
            if step[0] == "send":
                _send(home, step[1], [children[n] for n in step[2]])
                wanted.setdefault(step[1], set()).update(step[2])
            else:
                vendor.answer = step[1]
                _deliver()
                now += timedelta(minutes=step[2])
    _exactly_once(home, vendor, wanted)


def _off():
    off = Postman()
    off.on = False
    return off


def _send(home, key, children):
    with as_asker(home.teacher):
        to = [GuardiansOf([child.pk for child in children])]
        send(topic="test_notice", key=key, title="通知", to=to, by=home.teacher)


def _deliver():
    with acting(system_scope("notices")):
        delivering.settle_interrupted(clock.now())
        try:
            while delivering.deliver_some():
                pass
        except KeyboardInterrupt:
            return


def _exactly_once(home, vendor, wanted):
    people = {0: {home.mother.pk, home.father.pk}, 1: {home.mother.pk}, 2: set()}
    ties = {0: {(home.mother.pk, home.first.pk), (home.father.pk, home.first.pk)},
            1: {(home.mother.pk, home.second.pk)}, 2: set()}  # fmt: skip
    with as_system():
        assert Message.objects.count() == len(wanted)
        for key, numbers in wanted.items():
            rows = Delivery.objects.filter(message__key=key)
            assert sorted(rows.values_list("guardian_id", flat=True)) == sorted(
                set().union(*(people[n] for n in numbers))
            )
            concerns = Concern.objects.filter(delivery__in=rows).values_list("guardian_id", "student_id")
            assert sorted(concerns) == sorted(set().union(*(ties[n] for n in numbers)))
        states = dict(Delivery.objects.values_list("pk", "state"))
    assert len(vendor.got) == len(set(vendor.got)), "the vendor handed out one line twice"
    for pk, state in states.items():
        got = pk.hex in {line for _address, line in vendor.got}
        assert state in {"sent", "unsure", "failed"}
        assert got or state != "sent"
        assert not got or state != "failed"
    hours = quiet_hours()
    assert not [moment for moment in vendor.moments if hours.hold(moment)]
