"""A block at the very moment of a message or a read: nothing is written, and nothing read, once it is committed."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import block, hold
from tongyu.directory.models import Guardianship
from tongyu.workbenches.families.conversations import actions
from tongyu.workbenches.families.conversations.models import Message

ROUNDS = 30


class Case:
    """One child, its father who has joined, and an open conversation with him alone."""

    def __init__(self, county, class_, teacher, leader):
        self.leader = leader
        pupil = county.pupil(class_)
        self.father = county.parent(pupil)
        with as_asker(teacher):
            self.talk = actions.open_conversation(
                by=teacher,
                id=uuid7(),
                student=pupil.pk,
                topic="作业",
                text="您好",
                audience="one",
                guardian=self.father.wards[0].guardian_id,
            )
        with as_system():
            self.tie = Guardianship.objects.get(student=pupil)

    def stop(self):
        """The block; the moment by which it is certainly committed."""
        with as_asker(self.leader):
            block(by=self.leader, guardianship=self.tie, reason="保护令", document="1号")
        return time.monotonic()

    def write(self):
        """A message; a moment before it is committed, or None when it was refused."""
        try:
            with as_asker(self.father):
                actions.post_message(by=self.father, conversation=self.talk.pk, id=uuid7(), text="好的")
                return time.monotonic()
        except PermissionDenied:
            return None

    def read(self):
        """When a read began, and whether it saw anything."""
        began = time.monotonic()
        with as_asker(self.father):
            return began, Message.objects.exists()


@pytest.fixture
def cases(committed):
    county = County()
    school = county.school(county.township())
    class_ = county.class_(school)
    teacher, leader = county.teacher(class_), county.leader(school)
    return lambda: Case(county, class_, teacher, leader)


def apart(*works):
    """Run these at the same time, each on its own connection."""
    ready = Barrier(len(works))

    def run(work):
        try:
            ready.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


def test_no_message_is_committed_and_no_read_begins_after_a_block(cases):
    late, refused = [], 0
    for number in range(ROUNDS):
        case = cases()
        pause = (number % 6) * 0.003

        def stop(case=case, pause=pause):
            time.sleep(pause)
            return case.stop()

        def read_on(case=case):
            return [case.read() for _ in range(6)]

        blocked, written, reads = apart(stop, case.write, read_on)
        refused += written is None
        if written is not None and written > blocked:
            late.append(f"round {number}: written {written - blocked:.4f} s after the block")
        late += [f"round {number}: read after the block" for began, saw in reads if saw and began > blocked]
        assert case.write() is None
        assert case.read()[1] is False
    assert late == []
    assert 0 < refused < ROUNDS, "both orders must have occurred"


def test_a_block_waits_for_the_message_that_was_first(cases):
    case, held, go = cases(), Event(), Event()

    def write():
        with as_asker(case.father):
            hold(case.father, case.tie.student_id)
            held.set()
            assert not go.wait(0.5), "the block did not wait"
            actions.post_message(by=case.father, conversation=case.talk.pk, id=uuid7(), text="好的")

    def stop():
        held.wait(10)
        case.stop()
        go.set()

    apart(write, stop)
    assert case.write() is None


def test_a_double_click_at_the_same_moment_is_one_message(cases):
    case, id = cases(), uuid7()

    def click():
        with as_asker(case.father):
            return actions.post_message(by=case.father, conversation=case.talk.pk, id=id, text="好的").pk

    assert apart(click, click, click) == [id] * 3
    with as_asker(case.father):
        assert Message.objects.filter(text__isnull=False).count() == 2


def test_opening_twice_at_the_same_moment_is_one_conversation(cases):
    case, id = cases(), uuid7()
    words = {"student": case.tie.student_id, "topic": "作业", "text": "您好", "audience": "one"}

    def click():
        with as_asker(case.father):
            return actions.open_conversation(by=case.father, id=id, **words).pk

    assert apart(click, click) == [id] * 2
