"""Which scope a statement runs under, whatever order of transactions, savepoints and askers leads to it."""

import contextlib

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from tongyu.core.context import NOBODY, Scope, acting, system_scope
from tongyu.core.prepared import prepared_cursor

ENGINE = system_scope("engine")
TEACHER = Scope(lo=5, hi=6, person="7", actor="account:7")
ASKED = "SELECT current_setting('app.lo', true), current_setting('app.actor', true)"


def in_force():
    """What the database takes for the asker."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED)
        return cursor.fetchone()


@pytest.fixture
def sent(monkeypatch):
    """Every statement that reaches the connection, ours and Django's."""
    found = []
    connection.ensure_connection()
    execute = connection.connection.execute

    def remember(query, *args, **kwargs):
        found.append(str(query).split(";")[0].split("(")[0])
        return execute(query, *args, **kwargs)

    monkeypatch.setattr(connection.connection, "execute", remember)
    return found


def test_begin_carries_the_scope_along(committed, sent):
    with acting(TEACHER), transaction.atomic():
        assert in_force() == ("5", "account:7")
    assert sent == ["BEGIN"]


def test_nothing_is_left_after_the_transaction(committed):
    with acting(TEACHER), transaction.atomic():
        in_force()
    assert in_force()[1] in (None, "")
    with transaction.atomic():
        assert in_force()[1] in (None, "")


def test_a_scope_inside_another_holds_for_its_block_only(committed):
    with acting(TEACHER), transaction.atomic():
        with acting(ENGINE):
            assert in_force() == (str(ENGINE.lo), "system:engine")
        assert in_force() == ("5", "account:7")


def test_a_scope_that_no_statement_needs_is_not_sent(committed, sent):
    with acting(TEACHER), transaction.atomic():
        with acting(ENGINE):
            pass
        in_force()
    assert sent == ["BEGIN"]


def test_a_scope_set_inside_a_savepoint_that_is_rolled_back_is_sent_again(committed):
    with acting(TEACHER), transaction.atomic():
        with acting(ENGINE):
            with contextlib.suppress(ZeroDivisionError), transaction.atomic():
                in_force()
                raise ZeroDivisionError
            assert in_force() == (str(ENGINE.lo), "system:engine")
        assert in_force() == ("5", "account:7")


def test_a_transaction_begun_by_nobody_learns_who_asks(committed):
    with transaction.atomic():
        assert in_force()[1] in (None, "")
        with acting(TEACHER):
            assert in_force() == ("5", "account:7")
        assert in_force() == ("0", NOBODY.actor)


def test_prepared_statements_run_under_the_scope_in_force(committed):
    seen = []
    with transaction.atomic():
        for scope in (TEACHER, ENGINE, TEACHER):
            with acting(scope), prepared_cursor() as cursor:
                cursor.execute(ASKED + ", %s::int + %s::int", ["1", "2"])
                seen.append(cursor.fetchone())
    assert [(lo, actor) for lo, actor, _ in seen] == [
        ("5", "account:7"),
        (str(ENGINE.lo), "system:engine"),
        ("5", "account:7"),
    ]
    assert seen[0][2] == 3


def test_after_a_broken_transaction_the_next_one_begins_anew(committed):
    with acting(TEACHER), contextlib.suppress(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    with acting(ENGINE), transaction.atomic():
        assert in_force() == (str(ENGINE.lo), "system:engine")


def test_copy_too_runs_under_the_scope_in_force(committed):
    with acting(TEACHER), transaction.atomic(), connection.cursor() as cursor:
        with acting(ENGINE):
            cursor.execute("SELECT 1")
        with cursor.copy("COPY (SELECT current_setting('app.actor')) TO STDOUT") as copy:
            assert [row for (row,) in copy.rows()] == ["account:7"]


def test_only_atomic_begins_a_transaction(committed):
    with pytest.raises(TransactionManagementError):
        transaction.set_autocommit(False)


def test_a_connection_found_dead_at_begin_is_replaced_by_the_next_transaction(committed):
    connection.ensure_connection()
    connection.connection.close()
    with acting(TEACHER):
        with contextlib.suppress(OperationalError, InterfaceError), transaction.atomic():
            in_force()
        with transaction.atomic():
            assert in_force() == ("5", "account:7")
