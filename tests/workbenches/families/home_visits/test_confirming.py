"""A guardian confirms a visit or says that nobody came; never needed for the duty, looked into by the leader."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.families import guarding
from tongyu.directory.models import Guardianship
from tongyu.records import confirming, family
from tongyu.records.models import Confirmation
from tongyu.workbenches.families.home_visits.actions import record_visit, withdraw_visit
from tongyu.workbenches.families.home_visits.models import HomeVisit

pytestmark = pytest.mark.django_db


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
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def child(county, class_):
    return county.pupil(class_, "马小花")


@pytest.fixture
def visit(teacher, child):
    with as_asker(teacher):
        return record_visit(
            by=teacher,
            id=uuid7(),
            student=child.pk,
            occurred_on=date(2026, 11, 20),
            visitors=["class_teacher"],
            met=["mother"],
            line="只有学校能看的话",
        )


def said(asker, visit, took_place, words=""):
    with as_asker(asker):
        return confirming.answer(
            by=asker, record=visit, student=visit.student_id, took_place=took_place, words=words
        )


def confirmed(visit):
    with as_system():
        return HomeVisit.objects.values_list("confirmed", flat=True).get(pk=visit.pk)


def test_the_home_page_asks_for_a_word_until_it_is_given(county, child, visit):
    father = county.parent(child)
    with as_asker(father):
        (task,) = family.home_of(father, DAY).tasks
        assert (task.title, task.student_id) == ("确认家访", child.pk)
    said(father, visit, True)
    with as_asker(father):
        assert family.home_of(father, DAY).tasks == []
        assert [line.text for line in family.home_of(father, DAY).told] == ["班主任来家访"]
    assert confirmed(visit) is True


def test_two_guardians_who_disagree_are_a_state_and_nobody_is_overwritten(county, child, visit):
    father, mother = county.parent(child), county.parent(child, relation="mother", name="马母")
    said(father, visit, True)
    said(mother, visit, False, "那天没有人来")
    assert confirmed(visit) is None
    with as_system():
        assert confirming.said_of(visit).disagree
    said(mother, visit, True)
    assert confirmed(visit) is True
    with as_system():
        assert Confirmation.objects.count() == 3


def test_one_guardian_does_not_see_what_the_other_said(county, child, visit):
    father, mother = county.parent(child), county.parent(child, relation="mother", name="马母")
    said(father, visit, False, "没有来")
    with as_asker(mother):
        assert Confirmation.objects.count() == 0
        assert confirming.own(mother, "home_visit") == {}


def test_the_same_word_twice_is_one(county, child, visit):
    father = county.parent(child)
    assert said(father, visit, True) == said(father, visit, True)


def test_nobody_speaks_about_the_child_of_others_or_while_blocked(county, school, class_, child, visit):
    stranger, father = county.parent(county.pupil(class_, "陈小明")), county.parent(child)
    with pytest.raises(PermissionDenied):
        said(stranger, visit, True)
    leader = county.leader(school)
    with as_system():
        tie = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
    with as_asker(leader):
        guarding.block(by=leader, guardianship=tie, reason="甲", document="乙")
    with pytest.raises(PermissionDenied):
        said(father, visit, True)


def test_the_guardian_reads_when_and_who_and_not_what_the_school_wrote(county, child, visit):
    page = signed_in(county.parent(child)).get(f"/work/families/home_visits/family/{visit.pk}/")
    text = page.content.decode()
    assert "马小花" in text
    assert "班主任" in text
    assert "只有学校能看的话" not in text


def test_a_visit_that_was_taken_back_is_asked_no_more(county, teacher, child, visit):
    father = county.parent(child)
    with as_asker(teacher):
        withdraw_visit(by=teacher, record=visit, reason="记错了", version=1)
    with as_asker(father):
        assert family.home_of(father, DAY).tasks == []


def test_a_no_waits_for_the_leader_who_answers_once(county, school, child, visit):
    father, leader = county.parent(child), county.leader(school)
    said(father, visit, False, "那天我们都在家")
    client = signed_in(leader)
    assert "1 次家访，家长说没有来过" in client.get("/waiting/").content.decode()
    page = client.get("/work/families/home_visits/doubted/").content.decode()
    assert "那天我们都在家" in page
    with as_asker(leader):
        (answer,) = confirming.waiting(leader)
    address = f"/work/families/home_visits/doubted/{answer.pk}/"
    assert client.post(address, {"outcome": ""}).status_code == 422
    assert client.post(address, {"outcome": "老师记错了日期，已更正"}).status_code == 302
    assert client.get("/waiting/").content.decode().strip() == ""
    told = signed_in(father).get(f"/work/families/home_visits/family/{visit.pk}/").content.decode()
    assert "老师记错了日期，已更正" in told
