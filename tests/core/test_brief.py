"""A value is kept for its moment, worked out by one at a time, and never longer than twice the time."""

from threading import Event, Thread

import pytest

from tongyu.core.brief import HELD, Brief


class Clock:
    """A clock that a test turns by hand."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_value_is_made_once_within_its_time_and_again_after_it(clock):
    brief, made = Brief(clock), []
    for now in (0.0, 0.9, 1.1, 1.5, 2.2):
        clock.now = now
        brief.get("key", 1.0, lambda: made.append(clock.now))
    assert made == [0.0, 1.1, 2.2]


def test_no_time_keeps_nothing(clock):
    brief, made = Brief(clock), []
    for _ in range(3):
        brief.get("key", 0, lambda: made.append(1))
    assert len(made) == 3


def test_while_one_works_the_others_get_the_last_value(clock):
    brief = Brief(clock)
    brief.get("key", 1.0, lambda: "old")
    clock.now = 1.5
    started, go = Event(), Event()

    def slow():
        started.set()
        go.wait(5)
        return "new"

    worker = Thread(target=brief.get, args=("key", 1.0, slow))
    worker.start()
    started.wait(5)
    assert brief.get("key", 1.0, lambda: "second") == "old"
    go.set()
    worker.join()
    assert brief.get("key", 1.0, lambda: "third") == "new"


def test_a_value_that_is_too_old_is_not_given_out_even_then(clock):
    brief = Brief(clock)
    brief.get("key", 1.0, lambda: "old")
    clock.now = 2.5
    assert brief.get("key", 1.0, lambda: brief.get("key", 1.0, lambda: "inner")) == "inner"


def test_a_failure_keeps_nothing_and_the_next_one_tries_again(clock):
    brief = Brief(clock)
    with pytest.raises(ZeroDivisionError):
        brief.get("key", 1.0, lambda: 1 // 0)
    assert brief.get("key", 1.0, lambda: "made") == "made"


def test_only_so_many_values_are_held(clock):
    brief = Brief(clock)
    for key in range(HELD + 1):
        brief.get(key, 1.0, lambda: "value")
    assert brief.get(0, 1.0, lambda: "again") == "again"
