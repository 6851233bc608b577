"""A block at the very moment of an answer; the same tap twice; two guardians at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import block
from tongyu.directory.models import Guardianship
from tongyu.workbenches.families.bulletins import actions, queries
from tongyu.workbenches.families.bulletins.models import Act, Answer

ROUNDS = 24


class Case:
    """One child with both parents, and a bulletin to sign."""

    def __init__(self):
        county = County()
        school = county.school(county.township())
        class_ = county.class_(school)
        teacher, self.leader = county.teacher(class_), county.leader(school)
        self.pupils = [county.pupil(class_) for _ in range(ROUNDS)]
        self.fathers = [county.parent(pupil) for pupil in self.pupils]
        self.mother = county.parent(self.pupils[0], relation="mother")
        with as_asker(teacher):
            self.bulletin = actions.send_bulletin(
                by=teacher, id=uuid7(), place=class_.code, title="回执", text="请签字。", need="sign"
            )

    def stop(self, father):
        with as_system():
            tie = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
        with as_asker(self.leader):
            block(by=self.leader, guardianship=tie, reason="保护令", document="1号")
        return time.monotonic()

    def sign(self, by, act=Act.AGREE, id=None):
        try:
            with as_asker(by):
                student = by.wards[0].student_id
                actions.answer(by=by, bulletin=self.bulletin.pk, student=student, act=act, id=id or uuid7())
                return time.monotonic()
        except PermissionDenied:
            return None

    def read(self, by):
        began = time.monotonic()
        with as_asker(by):
            return began, bool(queries.family_items(by))


@pytest.fixture
def case(committed):
    return Case()


def apart(*works):
    ready = Barrier(len(works))

    def run(work):
        try:
            ready.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


def test_nothing_is_signed_and_nothing_read_after_a_block(case):
    late, refused = [], 0
    for number, father in enumerate(case.fathers):

        def stop(father=father, pause=(number % 6) * 0.003):
            time.sleep(pause)
            return case.stop(father)

        blocked, signed, reads = apart(
            stop, lambda father=father: case.sign(father), lambda father=father: [case.read(father)] * 4
        )
        refused += signed is None
        if signed is not None and signed > blocked:
            late.append(f"round {number}: signed after the block")
        late += [f"round {number}: read after the block" for began, saw in reads if saw and began > blocked]
        assert case.sign(father, Act.DECLINE) is None
        assert case.read(father)[1] is False
    assert late == []
    assert 0 < refused < ROUNDS, "both orders must have occurred"


def test_the_same_tap_three_times_is_one_signature(case):
    father, id = case.fathers[0], uuid7()
    apart(*[lambda: case.sign(father, id=id)] * 3)
    with as_asker(father):
        assert Answer.objects.count() == 1


def test_two_parents_at_once_both_stand(case):
    apart(lambda: case.sign(case.fathers[0]), lambda: case.sign(case.mother, Act.DECLINE))
    with as_system():
        rows = Answer.objects.filter(student=case.pupils[0])
        assert sorted(rows.values_list("act_done", flat=True)) == ["agree", "decline"]
