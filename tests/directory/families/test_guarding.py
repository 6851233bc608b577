"""Guardianship has legal meaning: what a document says holds at once, a block wins every race."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections, transaction

from support.county import DAY, County, as_asker, as_system
from tongyu.core.context import acting
from tongyu.directory.families import consenting, guarding
from tongyu.directory.hats import hats_of, scope_of
from tongyu.directory.models import Account, Consent, GuardianBlock, Guardianship, Student


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "甲小学")


@pytest.fixture
def child(county, school):
    return county.pupil(county.class_(school), "马小花")


@pytest.fixture
def leader(county, school):
    return county.leader(school)


def tie_of(asker):
    with as_system():
        return Guardianship.objects.get(guardian_id=asker.wards[0].guardian_id)


def sees(asker):
    with acting(scope_of(asker)):
        return Student.objects.count()


@pytest.mark.parametrize(
    ("relation", "decides"), [("father", True), ("mother", True), ("grandparent", False), ("relative", False)]
)
def test_without_a_document_parents_decide_and_grandparents_care(county, child, relation, decides):
    (ward,) = county.parent(child, relation=relation).wards
    assert ward.may_decide is decides


def test_an_agreement_lets_a_grandmother_decide_until_its_last_day(county, child, leader):
    asker = county.parent(child, relation="grandparent")
    with as_asker(leader):
        guarding.state(
            by=leader,
            guardianship=tie_of(asker),
            capacity="entrusted",
            may_see=True,
            may_decide=True,
            may_pick_up=True,
            source="委托照护协议 2026年11月1日",
            until_day=date(2027, 7, 1),
        )
    account = Account.objects.get(pk=asker.account_id)
    assert hats_of(account, DAY)[-1].asker.wards[0].may_decide
    assert hats_of(account, date(2027, 7, 1)) == []


def test_a_statement_needs_its_document_and_a_carer_never_decides(county, child, leader):
    asker = county.parent(child)
    with as_asker(leader), pytest.raises(ValidationError) as refused:
        guarding.state(
            by=leader,
            guardianship=tie_of(asker),
            capacity="carer",
            may_see=True,
            may_decide=True,
            may_pick_up=True,
            source=" ",
        )
    assert set(refused.value.error_dict) == {"source", "may_decide"}


def test_a_block_ends_reading_and_writing_at_once_and_only_for_that_adult(county, child, leader):
    father, mother = county.parent(child), county.parent(child, relation="mother", name="马母")
    with as_asker(leader):
        block = guarding.block(
            by=leader, guardianship=tie_of(father), reason="家庭暴力", document="人身安全保护令 1 号"
        )
    assert (sees(father), sees(mother)) == (0, 1)
    with as_asker(father), pytest.raises(PermissionDenied):
        guarding.hold(father, child.pk)
    with as_asker(leader):
        guarding.lift(by=leader, block=block, why="保护令到期")
    assert sees(father) == 1


def test_blocking_twice_is_one_block(county, child, leader):
    asker = county.parent(child)
    words = {"reason": "家庭暴力", "document": "人身安全保护令 1 号"}
    with as_asker(leader):
        first = guarding.block(by=leader, guardianship=tie_of(asker), **words)
        assert guarding.block(by=leader, guardianship=tie_of(asker), **words) == first


def test_a_class_teacher_and_the_leader_of_another_school_block_nobody(county, school, child):
    tie = tie_of(county.parent(child))
    other = county.leader(county.school(county.township("乙镇"), "乙小学"))
    for asker in (county.teacher(county.class_(school, number=2)), other):
        with as_asker(asker), pytest.raises(PermissionDenied):
            guarding.block(by=asker, guardianship=tie, reason="…", document="…")


def test_consent_of_a_parent_counts_for_the_child_and_can_be_withdrawn(county, child):
    grandmother, mother = (
        county.parent(child, relation="grandparent"),
        county.parent(child, relation="mother"),
    )
    with as_asker(grandmother):
        consenting.give(by=grandmother, student=child.pk)
        assert not consenting.given(child.pk)
    with as_asker(mother):
        consenting.give(by=mother, student=child.pk)
        consenting.give(by=mother, student=child.pk)
        assert consenting.given(child.pk)
        assert Consent.objects.count() == 1
        assert consenting.withdraw(by=mother, student=child.pk) == 1
        assert not consenting.given(child.pk)
    with as_asker(grandmother):
        assert consenting.own(grandmother).keys() == {child.pk}


def test_nobody_consents_for_the_child_of_others(county, school, child):
    stranger = county.parent(county.pupil(county.class_(school, number=2), "陈小明"))
    with as_asker(stranger), pytest.raises(PermissionDenied):
        consenting.give(by=stranger, student=child.pk)


def test_a_thousand_blocks_links_reads_and_writes_at_once_leave_no_write_after_a_block(
    committed, settings, django_db_blocker
):
    settings.TONGYU_TODAY = DAY
    with django_db_blocker.unblock():
        county = County()
        school = county.school(county.township(), "甲小学")
        child, leader = county.pupil(county.class_(school), "马小花"), county.leader(school)
        asker = county.parent(child)
        tie = tie_of(asker)
        faults = race(asker, leader, tie, child, rounds=125)
    assert faults == []


def race(asker, leader, tie, child, rounds):
    """Four threads: one blocks and lifts, one reads, two write; each keeps what it saw around every statement.

    A read that began after a block was committed and ended before it was lifted must see nothing, and a write must
    not be there: it is looked for by the blocker itself, while its block stands.
    """
    faults, stopped = [], threading.Event()

    def blocker():
        for turn in range(rounds):
            with as_asker(leader):
                block = guarding.block(by=leader, guardianship=tie, reason="甲", document="乙")
            with as_system():
                before = Consent.objects.filter(withdrawn_at=None).count()
            if sees(asker):
                faults.append(("read", turn))
            with as_system():
                if Consent.objects.filter(withdrawn_at=None).count() != before:
                    faults.append(("write", turn))
            with as_asker(leader):
                guarding.lift(by=leader, block=GuardianBlock.objects.get(pk=block.pk), why="丙")
        stopped.set()

    def writer():
        while not stopped.is_set():
            try:
                with as_asker(asker):
                    consenting.give(by=asker, student=child.pk)
                with as_asker(asker):
                    consenting.withdraw(by=asker, student=child.pk)
            except PermissionDenied:
                pass

    def run(work):
        try:
            work()
        except Exception as error:
            faults.append(error)
            stopped.set()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in (blocker, writer, writer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return faults


def test_without_the_lock_a_write_lands_after_the_block(committed, settings, django_db_blocker):
    """The control: a write that only looked, and did not hold, is there although the block was committed before it."""
    settings.TONGYU_TODAY = DAY
    with django_db_blocker.unblock():
        county = County()
        school = county.school(county.township(), "甲小学")
        child, leader = county.pupil(county.class_(school), "马小花"), county.leader(school)
        asker = county.parent(child)
        blocked = threading.Event()

        def block():
            with as_asker(leader):
                guarding.block(by=leader, guardianship=tie_of(asker), reason="甲", document="乙")
            connections.close_all()
            blocked.set()

        with acting(scope_of(asker)), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s = ANY (directory_own_wards())", [child.pk])
                assert cursor.fetchone()[0]
            thread = threading.Thread(target=block)
            thread.start()
            assert blocked.wait(10), "nothing held the block up: only `hold` does"
            thread.join()
