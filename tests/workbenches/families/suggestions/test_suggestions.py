"""献策: written by a guardian, answered by the school's leader in the term that holds, published with leave."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from tests.support.county import DAY, County, as_asker, as_system
from tongyu.core.context import acting
from tongyu.core.ids import uuid7
from tongyu.directory.hats import scope_of
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.notices.queries import inbox
from tongyu.plan import loader
from tongyu.plan.models import LocalNumber, Plan
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.suggestions import queries
from tongyu.workbenches.families.suggestions.actions import (
    MOST_OPEN,
    answer_suggestion,
    take_back,
    write_suggestion,
)
from tongyu.workbenches.families.suggestions.models import Suggestion


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
    county.school_b = county.school(county.township("刘家峡镇"))
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.head = county.leader(county.school_a)
    county.mother = county.parent(county.pupil(county.class_1, "马某某"), relation="mother", name="马母")
    county.neighbour = county.parent(county.pupil(county.class_1, "王某某"), name="王父")
    return county


def written(place, by=None, **kwargs):
    by = by or place.mother
    fields = {"school": place.school_a.code, "category": "meals", "text": "食堂的汤太咸", "id": uuid7()}
    with as_asker(by):
        return write_suggestion(by=by, **{**fields, **kwargs})


def answered(place, suggestion, by=None, **kwargs):
    by = by or place.head
    fields = {"answer": "已请食堂少放盐。", "version": suggestion.version}
    with as_asker(by):
        return answer_suggestion(by=by, suggestion=suggestion, **{**fields, **kwargs})


def test_the_leader_sees_it_with_its_deadline_and_answers(place):
    suggestion = written(place)
    assert suggestion.due_on == DAY + timedelta(days=15)
    with as_asker(place.head):
        assert queries.count_waiting(place.head) == 1
    done = answered(place, suggestion)
    assert (done.answered_on, done.published_at) == (DAY, None)
    with as_asker(place.head):
        assert queries.count_waiting(place.head) is None
    with as_asker(place.mother):
        assert queries.own(place.mother).get().answer == "已请食堂少放盐。"


def test_the_offices_number_sets_the_deadline_from_its_day(place):
    office = place.office_staff()
    with as_asker(office):
        LocalNumber.objects.create(
            org=place.code, hi=place.body.hi, plan=Plan.objects.get(), key="suggestions.answer-days", value=7,
            valid_from=date(2026, 11, 1), by_account=office.account_id, paper="永协办〔2026〕3号",
            paper_date=date(2026, 11, 1), reason="从严",
        )  # fmt: skip
    assert written(place).due_on == DAY + timedelta(days=7)


def facts(suggestion):
    with as_system():
        return [
            (fact.category, fact.attributes["status"]) for fact in facts_of("suggestion", [suggestion.pk])
        ]


def test_the_fact_says_whether_it_is_answered_and_the_duty_counts_the_answered(place):
    update.recompute_all(DAY)
    suggestion = written(place)
    assert facts(suggestion) == [("meals", "open")]
    answered(place, suggestion)
    assert facts(suggestion) == [("meals", "answered")]
    with as_system("engine"):
        row = Standing.objects.get(
            obligation__key="suggestions", unit_org=place.school_a.code, start_on__lte=DAY, end_on__gt=DAY
        )
    assert (row.count, row.state) == (1, "met")


def test_no_suggestion_is_no_fault(place):
    update.recompute_all(DAY)
    with as_system("engine"):
        rows = Standing.objects.filter(obligation__key="suggestions").values_list("state", flat=True)
        assert set(rows) == {"not_due"}


def test_nobody_but_writer_and_leader_reads_it(place):
    written(place)
    for asker in (place.neighbour, place.teacher(place.class_1), place.leader(place.school_b)):
        with as_asker(asker):
            assert Suggestion.objects.count() == 0, asker.role.key


def test_published_with_leave_and_without_the_name_unless_agreed(place):
    suggestion = written(place, may_publish=True)
    answered(place, suggestion, publish=True)
    far = place.parent(place.pupil(place.class_(place.school_b)))
    for asker, count in ((place.neighbour, 1), (far, 0)):
        with as_asker(asker):
            assert queries.published(asker).count() == count


def test_without_leave_it_is_not_published(place):
    suggestion = written(place)
    with pytest.raises(ValidationError) as caught:
        answered(place, suggestion, publish=True)
    assert "publish" in caught.value.error_dict


def test_sent_twice_it_is_one_and_the_same_answer_twice_too(place):
    key = uuid7()
    assert written(place, id=key) == written(place, id=key)
    suggestion = written(place)
    first = answered(place, suggestion)
    assert answered(place, suggestion).version == first.version
    with pytest.raises(ValidationError):
        answered(place, suggestion, answer="别的话")
    assert answered(place, first, answer="补充一句").answered_on == DAY


def test_only_to_the_school_of_an_own_child_and_with_words(place):
    with pytest.raises(PermissionDenied):
        written(place, school=place.school_b.code)
    for changed, field in (
        ({"text": " "}, "text"),
        ({"category": "x"}, "category"),
        ({"text": "字" * 1001}, "text"),
    ):
        with pytest.raises(ValidationError) as caught:
            written(place, **changed)
        assert field in caught.value.error_dict


def test_a_flood_is_stopped(place):
    for _number in range(MOST_OPEN):
        written(place)
    with pytest.raises(ValidationError, match="等答复"):
        written(place)


def test_taken_back_before_the_answer_only(place):
    open_one, done = written(place), written(place)
    done = answered(place, done)
    with as_asker(place.mother):
        take_back(by=place.mother, suggestion=open_one, version=open_one.version)
        take_back(by=place.mother, suggestion=open_one, version=open_one.version)
        with pytest.raises(ValidationError):
            take_back(by=place.mother, suggestion=done, version=done.version)
    assert facts(open_one) == []
    with as_asker(place.neighbour), pytest.raises(PermissionDenied):
        take_back(by=place.neighbour, suggestion=done, version=done.version)


@pytest.mark.usefixtures("committed")
def test_two_leaders_answer_at_once_and_one_is_told(django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()
        county = built()
        suggestion = written(county)
        barrier, told = Barrier(2), []

        def answer(by, text):
            barrier.wait()
            try:
                with acting(scope_of(by)):
                    answer_suggestion(by=by, suggestion=suggestion, answer=text, version=suggestion.version)
                told.append("")
            except ValidationError as error:
                told.append(error.messages[0])
            finally:
                connections.close_all()

        leaders = (county.head, county.leader(county.school_a))
        threads = [Thread(target=answer, args=(by, f"答{n}")) for n, by in enumerate(leaders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(bool, told)) == [False, True]


def told(asker):
    with as_asker(asker):
        return [line.message.title for line in inbox(asker)]


def test_who_wrote_is_told_that_an_answer_has_come_or_was_mended_and_nobody_else(place):
    father = place.parent(place.pupil(place.class_1, "马小弟"), name="别人")
    first = answered(place, written(place))
    answered(place, first, answer=first.answer, version=first.version)
    assert told(place.mother) == ["学校答复了您的建议"]
    answered(place, first, answer="已换厨师。", version=first.version)
    assert sorted(told(place.mother)) == ["学校更正了给您的答复", "学校答复了您的建议"]
    assert (told(place.neighbour), told(father)) == ([], [])


def test_making_an_answer_public_tells_the_writer_nothing_new(place):
    first = answered(place, written(place, may_publish=True))
    answered(place, first, answer=first.answer, version=first.version, publish=True)
    assert told(place.mother) == ["学校答复了您的建议"]
