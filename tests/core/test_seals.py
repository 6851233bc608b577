"""The audit is sealed in batches: honest logs verify, and whatever an owner changes, removes or adds is named."""

import threading
import time

import pytest
from django.db import DatabaseError, connection, connections, transaction

from support.databases import empty
from tongyu.core import audit, seals
from tongyu.core.commands import verify_seals
from tongyu.core.context import Scope, acting

HERE = Scope(lo=1, hi=2, actor="account:1")


@pytest.fixture
def committed(committed):
    """Nothing stands in the audit: modules that ran before have loaded plans."""
    with connections["owner"].cursor() as cursor:
        empty(cursor)


def note(number=1):
    with acting(HERE), transaction.atomic():
        for one in range(number):
            audit.note("looked", "thing", str(one))


def owner(sql, *values):
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def faults():
    return seals.check().faults


def test_what_is_written_is_sealed_once_and_verifies(committed):
    note(5)
    assert (seals.seal_waiting(), seals.seal_waiting()) == (5, 0)
    found = seals.check()
    assert (found.seals, found.sealed, found.faults) == (1, 5, [])
    note(3)
    assert seals.seal_waiting() == 4  # the three, and the note of the first seal
    assert (seals.check().head.number, faults()) == (2, [])


def test_large_waits_are_sealed_in_several_batches(committed):
    note(25)
    assert seals.seal_waiting(most=10) == 25
    assert [row[0] for row in owner("SELECT events FROM audit_seal ORDER BY number")] == [10, 10, 5]
    assert faults() == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE audit_event SET actor = 'account:9' WHERE id = 3", "审计记录 3 被改动（第 1 号封条）。"),
        ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE id = 3", "审计记录 3 被改动"),
        ("DELETE FROM audit_event WHERE id = 4", "审计记录 4 被删除（第 1 号封条）。"),
        ("DELETE FROM audit_seal WHERE number = 2", "第 3 号封条之前缺 1 枚封条"),
        ("DELETE FROM audit_seal WHERE number = 3", "第 3 号封条不见了"),
        ("UPDATE audit_seal SET events = 1 WHERE number = 2", "第 2 号封条本身被改动过"),
        (
            "INSERT INTO audit_event (id, actor, act, subject) OVERRIDING SYSTEM VALUE VALUES (7, 'x', 'x', 'x')",
            "审计记录 7 是封存之后塞进来的（第 2 号封条）。",
        ),
    ],
)
def test_tampering_by_the_owner_is_named(committed, sql, told):
    note(5)
    seals.seal_waiting()
    with acting(HERE), transaction.atomic():
        audit.note("undone", "thing")  # takes an id, 7, and leaves no row
        transaction.set_rollback(True)
    note(2)
    seals.seal_waiting()
    note(1)
    seals.seal_waiting()
    assert faults() == []
    assert owner(sql) == 1
    assert any(told in fault for fault in faults()), faults()
    assert verify_seals([]) == 1


def test_a_seal_made_anew_does_not_match_the_audit_that_tells_of_it(committed):
    note(2)
    seals.seal_waiting()
    kept = seals.head().hash
    owner("UPDATE audit_event SET actor = 'account:9' WHERE id = 1")
    owner("DELETE FROM audit_seal")
    owner("DELETE FROM audit_mark")
    seals.seal_waiting()
    assert any("封条与审计里记下的不一致" in fault for fault in faults())
    assert (verify_seals([kept]), seals.has(kept)) == (1, False)


def test_an_id_that_commits_late_is_sealed_later_and_never_lost(committed):
    """A transaction holds a low id open while others commit higher ones: nothing at or above it is sealed."""
    taken, release = threading.Event(), threading.Event()

    def slow():
        with acting(HERE), transaction.atomic():
            audit.note("slow", "thing")
            taken.set()
            release.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    taken.wait(20)
    note(3)
    assert seals.seal_waiting() == 0
    release.set()
    thread.join()
    assert (seals.seal_waiting(), faults()) == (4, [])


def test_writers_and_sealers_at_once_lose_and_double_nothing(committed):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            note(3)
        connection.close()

    def seal():
        while not stop.is_set():
            seals.seal_waiting(most=7)
        connection.close()

    threads = [threading.Thread(target=work) for work in (write, write, write, seal, seal)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    stop.set()
    for thread in threads:
        thread.join()
    seals.seal_waiting()
    found = seals.check()
    (written,) = owner("SELECT count(*) FROM audit_event WHERE id < (SELECT max(next_id) FROM audit_seal)")[0]
    assert (found.faults, found.sealed) == ([], written)
    assert found.seals > 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO audit_seal SELECT * FROM audit_seal",
        "UPDATE audit_seal SET events = 1",
        "DELETE FROM audit_seal",
        "DELETE FROM audit_mark",
        "SELECT prints FROM audit_seal",
    ],
)
def test_the_application_can_seal_and_nothing_else(attack):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_a_county_of_pupils_is_sealed_in_seconds(committed):
    with acting(HERE), transaction.atomic(), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (actor, act, subject, row_id, org, new) SELECT 'account:1', 'insert',"
            " 'directory_student', n::text, n, jsonb_build_object('id', n, 'name', repeat('x', 300))"
            " FROM generate_series(1, 100000) n"
        )
    started = time.perf_counter()
    assert seals.seal_waiting() == 100_000
    assert time.perf_counter() - started < 30
