"""What was learned follows the person into another account, and a school's courses follow the school."""

import pytest

from tests.support.county import DAY, as_asker, as_system
from tests.workbenches.families.parent_school.test_learning import KEYS, built, study, study_all
from tongyu.core.ids import uuid7
from tongyu.directory.families.accounts import by_phone, with_phone
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, AccountPhone, ReorganisationKind
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Decision
from tongyu.plan import loader
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.parent_school.actions.courses import import_course, publish
from tongyu.workbenches.families.parent_school.actions.parts import record_part
from tongyu.workbenches.families.parent_school.models import Completion, Course, Part
from tongyu.workbenches.families.parent_school.queries.learning import offered, progress_of


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def place(db, plan):
    return built()


def joined(place, old):
    """The teacher of the second class proves the phone that the guardian has learned under: one account from now on."""
    teacher = place.teacher(place.class_2)
    with as_system():
        phone = AccountPhone.objects.get(account_id=old.account_id).phone
        assert by_phone(phone).pk == old.account_id
        account = with_phone(phone, Account.objects.get(pk=teacher.account_id))
        account.refresh_from_db()
    return next(hat.asker for hat in hats_of(account, DAY) if hat.asker.wards)


def progress(asker, course):
    with as_asker(asker):
        return progress_of(asker, [course])[course.org, course.key]


def test_half_learned_lessons_go_on_in_the_account_that_stays(place):
    study_all(place.mother, place.course, KEYS[:4])
    kept = joined(place, place.mother)
    assert progress(kept, place.course).done == set(KEYS[:4])
    assert [study(kept, place.course, key) for key in (KEYS[0], *KEYS[4:])] == [False, False, True]
    assert progress(kept, place.course).finished == DAY


def test_a_finished_course_stays_finished_and_counts_once(place):
    study_all(place.mother, place.course)
    kept = joined(place, place.mother)
    assert progress(kept, place.course).finished == DAY
    assert study(kept, place.course, KEYS[0]) is True
    with as_system():
        (done,) = Completion.objects.all()
        assert done.by_account == kept.account_id
        assert len(facts_of("lesson_completion", [done.pk])) == 1


def test_two_halves_in_two_accounts_are_finished_by_one_more_tap(place):
    study_all(place.mother, place.course, KEYS[:3])
    second = place.pupil(place.class_2, "马二")
    father = place.parent(second)
    study_all(father, place.course, KEYS[3:])
    with as_system():
        phone = AccountPhone.objects.get(account_id=place.mother.account_id).phone
        account = with_phone(phone, Account.objects.get(pk=father.account_id))
    kept = next(hat.asker for hat in hats_of(account, DAY) if hat.asker.wards)
    mine = progress(kept, place.course)
    with as_asker(kept):
        lessons = list(offered(kept).get().lessons.all())
    assert (mine.finished, mine.done, mine.next_of(lessons).key) == (None, set(KEYS), "help")
    assert study(kept, place.course, "help") is True


def course_of(leader):
    text = "# 我们的课\n\n## 一\n\n好好说话\n\n## 二\n\n少看手机\n"
    with as_asker(leader):
        return publish(by=leader, course=import_course(by=leader, data=text.encode(), filename="a.md"))


@pytest.mark.parametrize("kind", ["merge", "township"])
def test_a_schools_course_and_what_was_learned_of_it_go_along(place, kind):
    course = course_of(place.head)
    study(place.mother, course, "part-1")
    office, away = place.office_staff(), place.township("盐锅峡镇")
    other = place.school(away, "乙小学")
    how = {"into": other.code} if kind == "merge" else {"township": away.code}
    with as_asker(place.head):
        record_part(by=place.head, part="team", line="三位老师")
    with as_asker(office):
        decision = Decision(ReorganisationKind(kind), place.school_a.code, DAY, "永教发〔2026〕1号", **how)
        reorganise(by=office, id=uuid7(), decision=decision)
    with as_system():
        account = Account.objects.get(pk=place.mother.account_id)
    mother = hats_of(account, DAY)[-1].asker
    with as_asker(mother):
        (mine,) = offered(mother).exclude(shipped=True)
    assert progress(mother, mine).done == {"part-1"}
    assert study(mother, mine, "part-2") is True
    with as_system():
        assert mine.org == Course.objects.get(pk=course.pk).org != place.school_a.code
        assert Part.objects.filter(org=mine.org, line="三位老师").count() == (kind == "township")
