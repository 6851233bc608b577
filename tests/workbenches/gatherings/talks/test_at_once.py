"""200 families reach for one time, each in a transaction of its own: exactly one wins. A control must overbook."""

from collections import Counter
from datetime import time
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from tests.support.county import as_asker, as_system
from tests.workbenches.gatherings.talks.test_booking import book, build, offered, slots
from tongyu.core.ids import uuid7
from tongyu.directory.families import guarding
from tongyu.directory.models import Guardianship
from tongyu.workbenches.gatherings.talks import actions
from tongyu.workbenches.gatherings.talks.models import Booking, TalkSlot

CLIENTS = 200

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.slow]


def at_once(*works):
    """What each of these came to, begun together, each on a connection of its own."""
    barrier, found = Barrier(len(works)), []

    def run(work):
        with connection.cursor() as cursor:  # connected before the start
            cursor.execute("SELECT 1")
        barrier.wait()
        try:
            found.append(work())
        except Exception as error:
            found.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def families(county, count):
    """So many families of the first class, each with one joined parent: (child, asker)."""
    found = []
    for number in range(count):
        child = county.pupil(county.one, f"孩子{number}")
        found.append((child, county.parent(child)))
    return found


def test_of_200_families_exactly_one_gets_the_time():
    county = build()
    day = offered(county)
    wanted = slots(day, county.t1)[0]
    tries = [
        lambda child=child, asker=asker: book(asker, (child, wanted))[0].pk
        for child, asker in families(county, CLIENTS)
    ]
    became = at_once(*tries)
    won = [one for one in became if one != "ValidationError"]
    assert (len(became), len(won)) == (CLIENTS, 1)
    with as_system():
        assert [row.pk for row in Booking.objects.all()] == won
        assert TalkSlot.objects.filter(booked=True).count() == 1


def test_control_reading_before_writing_overbooks():
    """Without the one statement and the constraint, many are told that they have the time."""
    county = build()
    wanted = slots(offered(county), county.t1)[0]
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE naive (slot uuid, who int); GRANT SELECT, INSERT ON naive TO tongyu_app")

    def naive(who):
        with as_system(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM naive WHERE slot = %s", [wanted.pk])
            if cursor.fetchone()[0]:
                return "ValidationError"
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute("INSERT INTO naive VALUES (%s, %s)", [wanted.pk, who])
        return who

    try:
        became = at_once(*(lambda who=who: naive(who) for who in range(CLIENTS)))
        assert len([one for one in became if one != "ValidationError"]) > 1, "the control must overbook"
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE naive")


def test_the_same_booking_sent_fifty_times_at_once_is_one_booking():
    county = build()
    wanted, key = slots(offered(county), county.t1)[0], uuid7()
    became = at_once(*(lambda: book(county.father, (county.big, wanted), ids=[key])[0].pk for _ in range(50)))
    assert Counter(became) == {key: 50}
    with as_system():
        assert Booking.objects.count() == 1


def test_siblings_of_many_families_crossing_over_never_wait_in_a_circle():
    """Each wants two neighbouring times with both teachers; half of them in the other order."""
    county = build()
    day = offered(county, until=time(16))
    one, two = slots(day, county.t1), slots(day, county.t2)
    tries = []
    for number in range(24):
        big, small = county.pupil(county.one, f"大{number}"), county.pupil(county.two, f"小{number}")
        asker, at = county.parent(big, small), (number // 2) % 11
        pair = (one[at], two[at + 1]) if number % 2 else (one[at + 1], two[at])
        tries.append(lambda a=asker, b=big, s=small, p=pair: len(book(a, (b, p[0]), (s, p[1]))))
    became = Counter(at_once(*tries))
    assert set(became) <= {2, "ValidationError"}, became
    with as_system():
        booked = Booking.objects.count()
        assert (booked, TalkSlot.objects.filter(booked=True).count()) == (2 * became[2], 2 * became[2])


def test_a_block_that_comes_with_a_booking_leaves_no_booking_of_the_blocked():
    """Whichever is first: afterwards the time is free for others, or was never taken."""
    county = build()
    day = offered(county)
    wanted = slots(day, county.t1)[0]
    with as_system():
        tie = Guardianship.objects.get(guardian_id=county.father.wards[0].guardian_id, student=county.big)

    def block():
        with as_asker(county.chief):
            guarding.block(by=county.chief, guardianship=tie, reason="家庭暴力", document="保护令")
        return "blocked"

    became = at_once(block, *(lambda: book(county.father, (county.big, wanted))[0].pk for _ in range(6)))
    assert "blocked" in became
    with as_system():
        actions.release()
        assert not Booking.objects.filter(ended_at=None).exists()
    child, asker = families(county, 1)[0]
    assert book(asker, (child, wanted))[0].name == child.name


def test_blocking_a_time_while_families_reach_for_it_leaves_one_state():
    county = build()
    day = offered(county)
    wanted = slots(day, county.t1)[0]

    def close():
        with as_asker(county.t1):
            actions.block_slot(by=county.t1, slot=wanted, line="开会")
        return "blocked"

    tries = [lambda c=child, a=asker: book(a, (c, wanted))[0].pk for child, asker in families(county, 12)]
    became = at_once(close, *tries)
    assert "blocked" in became
    with as_system():
        slot = TalkSlot.objects.get(pk=wanted.pk)
        assert (slot.blocked, slot.booked) == (True, False)
        assert not Booking.objects.filter(ended_at=None).exists()


def test_two_days_for_one_teacher_at_once_are_one_day():
    county = build()

    def offer():
        try:
            return offered(county).pk
        except ValidationError as error:
            return str(error.message_dict.keys())

    became = at_once(*(offer for _ in range(6)))
    with as_system():
        assert TalkSlot.objects.filter(staff=county.t1.staff_id).count() == 6
    assert len([one for one in became if not isinstance(one, str)]) == 1
