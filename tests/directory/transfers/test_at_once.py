"""Two people at the same moment, with real commits: one move, one verdict, no deadlock; and what the audit keeps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections
from django.urls import reverse

from directory.transfers.conftest import build
from support.county import as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Body, Enrolment, ReorganisationKind, Student, Transfer, TransferKind
from tongyu.directory.queries import enrolments_of
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision
from tongyu.directory.transfers.arriving import enrol_arrival
from tongyu.duties import update
from tongyu.duties.models import Standing

DAY = date(2026, 11, 23)


@pytest.fixture
def story(committed, plan):
    """The story, committed."""
    made = build()
    update.recompute_all(DAY, made.county.code)
    return made


def together(*calls):
    """Each call in a thread of its own, begun at the same moment; what each answered or refused."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except ValidationError as refusal:
            return refusal.messages[0]
        except IntegrityError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(run, call) for call in calls]]


def open_times(pupil):
    with as_system():
        return list(Enrolment.objects.filter(student=pupil, left_on=None).values_list("org", flat=True))


def test_two_leaders_confirm_at_once_and_one_of_them_does(story):
    deputy = story.county.leader(story.other_school)
    other = story.county.class_(story.other_school, number=2)
    row = story.propose()
    answers = together(lambda: story.confirm(row), lambda: story.confirm(row, by=deputy, to_class=other))
    refusals = [one for one in answers if isinstance(one, str)]
    assert len(refusals) == 1
    assert "已经办好" in refusals[0]
    assert len(open_times(story.pupil)) == 1
    with as_system():
        assert Student.objects.get(pk=story.pupil.pk).org == open_times(story.pupil)[0]


def test_confirming_and_withdrawing_at_once_leaves_one_of_the_two(story):
    row = story.propose()
    answers = together(lambda: story.confirm(row), lambda: story.withdraw(row))
    assert sum(isinstance(one, str) for one in answers) == 1
    with as_system():
        state = Transfer.objects.get(pk=row.pk).state
    assert (state, open_times(story.pupil)) in [
        ("done", [story.other_class.code]),
        ("withdrawn", [story.class_.code]),
    ]


def test_the_same_click_twice_at_once_is_one_move(story):
    key = uuid7()
    answers = together(
        *[lambda: story.begin(kind=TransferKind.WITHIN, to_class=story.second.code, id=key)] * 2
    )
    assert {one.pk for one in answers} == {key}
    assert open_times(story.pupil) == [story.second.code]


def test_two_different_moves_at_once_are_one(story):
    answers = together(
        story.propose, lambda: story.begin(kind=TransferKind.WITHIN, to_class=story.second.code)
    )
    refusals = [one for one in answers if isinstance(one, str)]
    with as_system():
        assert Transfer.objects.count() + len(refusals) == 2


def test_the_same_arrival_twice_at_once_is_one_pupil(story):
    key = uuid7()

    def arrive():
        with as_asker(story.leader):
            return enrol_arrival(
                by=story.leader, id=key, to_class=story.class_.code, day=DAY, reason="父母回乡",
                values={"name": "祁小山", "student_number": "L000000000000000123", "guardian1_name": "祁大山"},
            )  # fmt: skip

    answers = together(arrive, arrive)
    assert {one.pk for one in answers} == {key}
    with as_system():
        assert Student.objects.filter(name="祁小山").count() == 1


def test_a_visit_and_a_move_at_once_never_wait_for_each_other_and_the_boards_are_right(story, visit):
    row = story.propose()
    answers = together(lambda: story.confirm(row), lambda: visit(story.teacher, story.pupil))
    assert getattr(answers[0], "state", answers[0]) == "done"
    saved = not isinstance(answers[1], str)
    with as_system():
        place = Student.objects.get(pk=story.pupil.pk).org
        stood = Standing.objects.get(subject=story.pupil.pk, obligation__key="home-visit")
    assert (place, stood.org, stood.state == "met") == (story.other_class.code, story.other_class.code, saved)
    assert update.recompute_all(DAY, story.county.code).changed == 0


def test_a_visit_to_a_pupil_who_moves_while_it_is_written_is_told_so(story, monkeypatch):
    row = story.propose()

    def read(by, student):
        found = enrolments_of(by, student)
        together(lambda: story.confirm(row))
        return found

    monkeypatch.setattr("tongyu.workbenches.families.home_visits.actions.enrolments_of", read)
    client = signed_in(story.teacher)
    client.raise_request_exception = False
    sent = {
        "id": str(uuid7()), "student": str(story.pupil.pk), "visitors": ["class_teacher"], "met": ["father"],
        "line": "聊了学习", "occurred_on": "2026-11-10",
    }  # fmt: skip
    answer = client.post(reverse("home_visits:new"), sent)
    assert (answer.status_code, "名册刚有变动" in answer.content.decode()) == (409, True)
    with as_system():
        assert Transfer.objects.get().state == "done"


def test_a_pupil_on_the_way_into_a_school_that_is_merged_away_ends_in_an_open_class(story):
    office = story.county.office_staff()
    row = story.propose()
    words = {
        "school": story.other_school.code,
        "into": story.school.code,
        "day": DAY,
        "paper": "永教发〔2026〕31号",
    }

    def merge():
        with as_asker(office):
            return reorganise(
                by=office, id=uuid7(), decision=Decision(kind=ReorganisationKind.MERGE, **words)
            )

    together(lambda: story.confirm(row), merge)
    [place] = open_times(story.pupil)
    assert Body.objects.get(code=place).closed_on is None
    with as_system():
        assert Student.objects.get(pk=story.pupil.pk).org == place
        assert Transfer.objects.get(pk=row.pk).state in ("done", "stopped")


def test_the_audit_says_who_moved_the_pupil_and_that_it_was_a_transfer(story):
    story.confirm(story.propose())
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT actor, purpose FROM audit_event WHERE subject = 'directory_student' AND act = 'update'"
        )
        assert cursor.fetchall() == [(f"account:{story.other_leader.account_id}", "transfer")]
