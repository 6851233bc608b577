"""Learning: the guardian's own, in any order and however often; the finished course fulfils 学习家庭教育促进法."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from tests.support.county import DAY, County, as_asker, as_system, rules_on
from tongyu.core.context import acting
from tongyu.directory.hats import scope_of
from tongyu.directory.models import Guardian, Guardianship
from tongyu.duties import update
from tongyu.duties.models import Standing, Tally
from tongyu.plan import loader
from tongyu.records import shipped
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.parent_school.actions.learning import learn
from tongyu.workbenches.families.parent_school.models import Completion, CompletionOf, Course, LessonDone
from tongyu.workbenches.families.parent_school.queries import courses as staff
from tongyu.workbenches.families.parent_school.queries.learning import finished_on, offered, progress_of

KEYS = ("who", "what", "how", "away", "limits", "help")


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def place(db, plan):
    return built()


def built():
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.class_2 = county.class_(county.school_a, 2023, 2)
    county.head = county.leader(county.school_a)
    county.teacher_1 = county.teacher(county.class_1)
    county.child = county.pupil(county.class_1, "马某某")
    county.mother = county.parent(county.child, relation="mother")
    shipped.load_for(county.code)
    county.course = Course.objects.get_queryset()
    with as_system():
        county.course = Course.objects.get()
    return county


def study(by, course, lesson, round=1):
    with as_asker(by):
        return learn(by=by, course=course, lesson=lesson, round=round)


def study_all(by, course, keys=KEYS, round=1):
    return [study(by, course, key, round) for key in keys]


def completions():
    with as_system():
        return list(Completion.objects.all())


days = st.dates(date(2026, 9, 1), date(2027, 8, 31))


@given(st.lists(st.tuples(st.sampled_from(KEYS), days), max_size=20), st.randoms(use_true_random=False))
def test_any_order_and_any_replay_of_lessons_gives_the_same(done, dice):
    shuffled = [*done, *done[: len(done) // 2]]
    dice.shuffle(shuffled)
    assert finished_on(KEYS, shuffled) == finished_on(KEYS, done)
    first = {key: min(day for one, day in done if one == key) for key, _day in done}
    whole = set(first) == set(KEYS)
    assert finished_on(KEYS, done) == (max(first.values()) if whole else None)


@pytest.mark.parametrize("order", [KEYS, KEYS[::-1], (*KEYS, *KEYS), ("help", *KEYS, "who")])
def test_the_course_is_finished_once_in_any_order(place, order):
    told = study_all(place.mother, place.course, order)
    assert told[-1] is True
    (record,) = completions()
    assert (record.occurred_on, record.course_key, record.org) == (
        DAY,
        "family-education-law",
        place.class_1.code,
    )
    with as_asker(place.mother):
        assert LessonDone.objects.count() == 6
        own = progress_of(place.mother, [place.course])[place.course.org, place.course.key]
        lessons = list(place.course.lessons.all())
        assert (own.finished, own.count(lessons), own.next_of(lessons)) == (DAY, 6, None)


def test_five_of_six_finish_nothing(place):
    assert study_all(place.mother, place.course, KEYS[:5]) == [False] * 5
    assert completions() == []
    with as_asker(place.mother):
        own = progress_of(place.mother, [place.course])[place.course.org, place.course.key]
        assert own.next_of(list(place.course.lessons.all())).key == "help"


def test_a_lesson_that_is_not_there_and_a_round_not_begun_are_refused(place):
    for lesson, round in (("none", 1), ("who", 2), ("who", 0)):
        with pytest.raises(ValidationError):
            study(place.mother, place.course, lesson, round)


def test_staff_do_not_learn(place):
    with pytest.raises(PermissionDenied):
        study(place.head, place.course, "who")


def test_a_second_round_begins_after_the_first_and_a_replay_of_the_first_changes_nothing(place):
    study_all(place.mother, place.course)
    study(place.mother, place.course, "who", 2)
    study(place.mother, place.course, "help", 1)
    with as_asker(place.mother):
        own = progress_of(place.mother, [place.course])[place.course.org, place.course.key]
    assert (own.round, own.done, len(completions())) == (2, {"who"}, 1)


def test_nobody_else_reads_a_row_of_it(place):
    study_all(place.mother, place.course)
    father = place.parent(place.child, relation="father")
    for other in (place.head, place.teacher_1, place.office_staff(), father):
        with as_asker(other):
            rows = [model.objects.count() for model in (LessonDone, Completion, CompletionOf)]
            rows.append(len(facts_of("lesson_completion", [one.pk for one in completions()])))
        assert rows == [0, 0, 0, 0], other.role.key


def standings(state):
    with as_system("engine"):
        return Standing.objects.filter(obligation__key="law-lesson", state=state).count()


def test_the_finished_course_meets_the_duty_at_once_and_recomputing_gives_the_same(place):
    father = place.parent(place.child, relation="father")
    update.recompute_all(DAY)
    assert (standings("not_due"), standings("met")) == (0, 0), "who owes nothing is counted, not listed"
    study_all(place.mother, place.course)
    assert (standings("not_due"), standings("met")) == (0, 1)
    before = list(Tally.objects.filter(obligation__key="law-lesson").values("place", "met", "not_due"))
    update.recompute_all(DAY)
    assert (
        list(Tally.objects.filter(obligation__key="law-lesson").values("place", "met", "not_due")) == before
    )
    assert before == [{"place": place.class_1.code, "met": 1, "not_due": 1}]
    assert father.wards


def test_a_parent_of_two_in_two_classes_learns_once(place):
    other = place.pupil(place.class_2, "马小二")
    both = place.parent(place.child, other, name="马两家")
    update.recompute_all(DAY)
    study_all(both, place.course)
    rows = Tally.objects.filter(obligation__key="law-lesson").order_by("place")
    assert list(rows.values_list("place", "met")) == [(place.class_1.code, 1), (place.class_2.code, 1)]


def test_a_child_that_comes_later_brings_along_what_its_guardian_has_learned(place):
    study_all(place.mother, place.course)
    younger = place.pupil(place.class_2, "马小妹")
    with as_system():
        guardian = Guardian.objects.get(pk=place.mother.wards[0].guardian_id)
        Guardianship.objects.create(
            student=younger, org=younger.org, guardian=guardian, relation="mother", from_day=DAY
        )
    update.recompute_all(DAY)
    assert standings("met") == 2


def test_no_person_reads_which_guardian_stands_how(place):
    study_all(place.mother, place.course)
    update.recompute_all(DAY)
    for asker in (place.head, place.teacher_1, place.office_staff()):
        with as_asker(asker):
            assert Standing.objects.filter(unit_kind="guardian").count() == 0
            assert Standing.objects.exclude(unit_kind="guardian").exists()


def test_the_school_sees_numbers_by_class_and_no_small_ones(place):
    for number in range(6):
        parent = place.parent(place.pupil(place.class_1, f"孩子{number}"), name=f"家长{number}")
        if number < 5:
            study_all(parent, place.course)
    with as_asker(place.head):
        (one,) = staff.class_counts(place.head, place.course, DAY)
        assert (one.guardians, one.finished, one.few) == (7, 5, False)
    study_all(place.parent(place.pupil(place.class_2, "独"), name="独家长"), place.course)
    with as_asker(place.head):
        assert [one.few for one in staff.class_counts(place.head, place.course, DAY)] == [False, True]


def test_a_course_of_another_school_is_not_offered(place):
    elsewhere = place.class_(place.school(place.township("刘家峡镇")))
    far = place.parent(place.pupil(elsewhere))
    with as_system():
        Course.objects.create(
            org=place.school_a.code, lo=place.school_a.code, hi=place.school_a.hi, key="own", title="本校", digest="x",
            state="published", published_at="2026-11-01T00:00Z",
        )  # fmt: skip
    for asker, count in ((place.mother, 2), (far, 1)):
        with as_asker(asker):
            assert offered(asker).count() == count


def test_loading_again_changes_nothing_and_leaves_what_the_office_took_down(place):
    assert shipped.load_for(place.code) == 0
    with as_system():
        Course.objects.update(state="withdrawn")
    assert shipped.load_for(place.code) == 0


def test_the_law_counts_only_under_its_own_key(place):
    (rule,) = [one for one in rules_on(DAY, place.code) if one.id == "law-lesson"]
    assert rule.counts[0].where == {"course": (place.course.key,)}


def test_a_year_later_the_duty_asks_anew(place):
    study_all(place.mother, place.course)
    with as_system():
        Completion.objects.update(occurred_on=date(2026, 6, 1))
    update.recompute_all(DAY)
    assert standings("met") == 0


@pytest.mark.usefixtures("committed")
def test_two_windows_that_finish_together_finish_once(django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()
        county = built()
        study_all(county.mother, county.course, KEYS[:4])
        barrier, faults = Barrier(2), []

        def finish(key):
            try:
                barrier.wait()
                with acting(scope_of(county.mother)):
                    learn(by=county.mother, course=county.course, lesson=key)
            except Exception as error:
                faults.append(error)
            finally:
                connections.close_all()

        threads = [Thread(target=finish, args=(key,)) for key in KEYS[4:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (faults, len(completions())) == ([], 1)
