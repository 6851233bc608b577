"""Who gives which role where, told through actions and pages."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.records.facts import facts_of
from tongyu.records.models import Revision
from tongyu.workbenches.coordination.appointments.actions import (
    appoint,
    end_appointment,
    open_account,
    reissue_password,
    withdraw_appointment,
)
from tongyu.workbenches.coordination.appointments.queries import legal_posts, visible

pytestmark = pytest.mark.django_db
ROOM = "/work/coordination/appointments/"
TODAY = date(2026, 11, 23)


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def leader(county, school):
    return county.leader(school)


def given(by, role, body, **content):
    with as_asker(by):
        return appoint(by=by, role=role, body=body.code, **{"from_day": TODAY, **content})


def officer(by, school, **content):
    return given(
        by, "legal_vice_principal", school, holder_name="孔警官", holder_employer="太极派出所", **content
    )


def test_a_leader_appoints_a_class_teacher(county, leader, school, class_):
    person = county.staff(school, "马老师")
    row = given(leader, "class_teacher", class_, staff=person.pk)
    assert (row.org, row.staff_id, row.account_id) == (class_.code, person.pk, person.account_id)
    with as_asker(leader):
        fact = facts_of("appointment", [row.pk])[0]
    assert (fact.category, fact.occurred_on, fact.ended_on) == ("class_teacher", TODAY, None)
    assert (fact.scope_lo, fact.scope_hi, fact.subject_kind) == (class_.code, class_.code + 1, "staff")
    assert fact.subject_id == person.pk


def test_one_class_teacher_at_a_time(county, leader, school, class_):
    county.teacher(class_)
    person = county.staff(school)
    with as_asker(leader), pytest.raises(ValidationError) as caught:
        appoint(by=leader, role="class_teacher", body=class_.code, staff=person.pk, from_day=TODAY)
    assert list(caught.value.message_dict) == ["from_day"]
    assert "已有班主任" in str(caught.value)


def test_a_new_class_teacher_may_end_the_former(county, leader, school, class_):
    former = county.teacher(class_)
    row = given(leader, "class_teacher", class_, staff=county.staff(school).pk, replaces=True)
    with as_system():
        old = Appointment.objects.get(pk=former.appointment_id)
        assert (old.until_day, row.until_day) == (TODAY, None)
        assert Revision.objects.get(record_id=old.pk).before == {"until_day": None}


def test_the_same_form_twice_is_one_appointment(county, leader, school, class_):
    sent = {"id": uuid7(), "staff": county.staff(school).pk}
    assert (
        given(leader, "class_teacher", class_, **sent).pk == given(leader, "class_teacher", class_, **sent).pk
    )
    with pytest.raises(ValidationError):
        given(leader, "class_teacher", class_, **{**sent, "staff": county.staff(school).pk})


def test_a_leader_gives_nothing_elsewhere_and_no_office_roles(county, leader, school, class_):
    other = county.school(county.township("关山乡"))
    stranger = county.staff(other)
    person = county.staff(school)
    with pytest.raises(ValidationError):
        given(leader, "class_teacher", county.class_(other), staff=person.pk)
    with pytest.raises(ValidationError):
        given(leader, "class_teacher", class_, staff=stranger.pk)
    with pytest.raises(ValidationError):
        given(leader, "class_teacher", school, staff=person.pk)
    with pytest.raises(PermissionDenied):
        given(leader, "office_staff", county.office, staff=person.pk)


def test_the_office_appoints_school_leaders(county, school):
    office = county.office_staff()
    row = given(office, "school_leader", school, staff=county.staff(school).pk)
    assert row.role == "school_leader"


def test_a_role_ends_with_a_reason(county, leader, school, class_):
    row = given(leader, "subject_teacher", class_, staff=county.staff(school).pk, from_day=date(2026, 9, 1))
    with as_asker(leader):
        with pytest.raises(ValidationError):
            end_appointment(by=leader, appointment=row, until_day=date(2026, 9, 1), reason="x")
        with pytest.raises(ValidationError):
            end_appointment(by=leader, appointment=row, until_day=TODAY, reason="")
        end_appointment(by=leader, appointment=row, until_day=TODAY, reason="调离")
        assert facts_of("appointment", [row.pk])[0].ended_on == TODAY
        with pytest.raises(ValidationError):
            end_appointment(by=leader, appointment=row, until_day=TODAY, reason="再来")


def test_a_withdrawn_appointment_counts_for_nothing(county, leader, school, class_):
    row = given(leader, "class_teacher", class_, staff=county.staff(school).pk)
    with as_asker(leader):
        withdraw_appointment(by=leader, appointment=row, reason="登记错班级")
        assert facts_of("appointment", [row.pk]) == []
        assert visible(leader).get(pk=row.pk).withdrawn_at is not None
        with pytest.raises(ValidationError):
            withdraw_appointment(by=leader, appointment=row, reason="再撤")


def test_justice_appoints_legal_vice_principals_anywhere_and_nothing_else(county, school, class_):
    justice = county.department_staff("justice")
    county.teacher(class_)
    bare = county.school(county.township("关山乡"), "关山小学")
    row = officer(justice, school)
    with as_asker(justice):
        posts = legal_posts(justice, TODAY)
        assert [(post.school.code, [one.pk for one in post.holders]) for post in posts] == [
            (bare.code, []),
            (school.code, [row.pk]),
        ]
        assert Staff.objects.filter(org=school.code).count() == 0
        assert Appointment.objects.filter(org=class_.code).count() == 0
    with pytest.raises(PermissionDenied):
        given(justice, "class_teacher", class_, staff=uuid7())


def test_other_departments_neither_see_nor_give_legal_roles(county, school):
    police = county.department_staff("police")
    with pytest.raises(PermissionDenied):
        officer(police, school)
    client = signed_in(police)
    assert client.get(f"{ROOM}legal/").status_code == 403
    assert client.get(f"{ROOM}new/").status_code == 403


def test_justice_sees_schools_without_first_and_ends_a_post(county, school):
    justice = county.department_staff("justice")
    row, client = officer(justice, school), signed_in(county.department_staff("justice"))
    text = client.get(f"{ROOM}legal/").content.decode()
    assert "1 所学校，1 所已有" in text
    assert "孔警官" in text
    url = f"{ROOM}{row.pk}/end/"
    assert client.post(url, {"until_day": "2026-11-30", "reason": ""}).status_code == 422
    assert client.post(url, {"until_day": "2026-11-30", "reason": "轮岗"}).status_code == 302
    assert "轮岗" in client.get(f"{ROOM}{row.pk}/").content.decode()


def test_justice_cannot_open_other_appointments(county, school, class_):
    teacher = county.teacher(class_)
    client = signed_in(county.department_staff("justice"))
    assert client.get(f"{ROOM}{teacher.appointment_id}/").status_code == 404
    assert client.post(f"{ROOM}{teacher.appointment_id}/withdraw/", {"reason": "x"}).status_code == 404


def test_vacancies_stand_first(county, leader, school, class_):
    client = signed_in(leader)
    text = client.get(ROOM).content.decode()
    assert "没有班主任" in text
    assert "没有法治副校长或法治辅导员" in text
    county.teacher(class_)
    officer(leader, school)
    text = client.get(ROOM).content.decode()
    assert "没有班主任" not in text
    assert "没有法治副校长" not in text


def test_the_form_says_what_is_wrong(county, leader, school, class_):
    county.teacher(class_)
    client = signed_in(leader)
    url = f"{ROOM}new/class_teacher/"
    sent = {"id": str(uuid7()), "body": str(class_.code), "staff": str(county.staff(school).pk)}
    assert "请填写任职起" in client.post(url, sent).content.decode()
    response = client.post(url, {**sent, "from_day": "2026-11-23"})
    assert response.status_code == 422
    assert "已有班主任" in response.content.decode()
    assert client.post(url, {**sent, "from_day": "2026-11-23", "replaces": "on"}).status_code == 302
    assert client.post(url, {**sent, "body": "7", "staff": "x", "from_day": "昨天"}).status_code == 422
    assert client.get(f"{ROOM}new/office_staff/").status_code == 404


def test_an_account_is_opened_and_its_password_shown_once(county, leader, school, class_):
    with as_system():
        person = Staff.objects.create(org=school.code, name="新老师", invented=True)
    given(leader, "class_teacher", class_, staff=person.pk)
    client, url = signed_in(leader), f"{ROOM}staff/{person.pk}/account/"
    assert client.post(url, {"username": "X"}).status_code == 422
    text = client.post(url, {"username": "xin.laoshi"}).content.decode()
    account = Account.objects.get(username="xin.laoshi")
    password = text.split('初始密码</dt><dd class="big">')[1].split("<")[0]
    assert account.check_password(password)
    assert password not in client.get(f"{ROOM}staff/").content.decode()
    assert Client().login(username="xin.laoshi", password=password)
    with as_system():
        assert Appointment.objects.get(staff=person).account_id == account.pk
    assert client.post(url, {"username": "xin.laoshi2"}).status_code == 422


def test_a_leader_opens_no_account_elsewhere(county, leader):
    stranger = county.staff(county.school(county.township("关山乡")))
    assert signed_in(leader).get(f"{ROOM}staff/{stranger.pk}/account/").status_code == 404
    with as_asker(leader), pytest.raises(PermissionDenied):
        open_account(by=leader, staff=stranger.pk, username="fremd")


def test_a_lost_password_is_set_anew_and_every_session_of_before_ends(county, leader, class_):
    teacher = county.teacher(class_)
    phone, url = signed_in(teacher), f"{ROOM}staff/{teacher.staff_id}/password/"
    assert phone.get("/class/").status_code == 200
    client = signed_in(leader)
    assert client.get(url).status_code == 200
    text = client.post(url).content.decode()
    password = text.split('初始密码</dt><dd class="big">')[1].split("<")[0]
    account = Account.objects.get(pk=teacher.account_id)
    assert account.check_password(password)
    assert account.password_given
    assert phone.get("/class/").status_code == 302


def test_a_school_sets_no_password_of_an_account_that_reaches_further(county, leader, class_):
    teacher = county.teacher(class_)
    with as_system():
        person = Staff.objects.get(pk=teacher.staff_id)
    county.office_staff(staff=person)
    answer = signed_in(leader).post(f"{ROOM}staff/{teacher.staff_id}/password/")
    assert answer.status_code == 422
    assert "这个账号还有别的单位的职务" in answer.content.decode()
    assert not Account.objects.get(pk=teacher.account_id).password_given


def test_a_leader_sets_no_password_elsewhere(county, leader):
    school = county.school(county.township("关山乡"))
    stranger = county.teacher(county.class_(school))
    assert signed_in(leader).post(f"{ROOM}staff/{stranger.staff_id}/password/").status_code == 404
    with as_asker(leader), pytest.raises(PermissionDenied):
        reissue_password(by=leader, staff=stranger.staff_id)


def test_teachers_do_not_come_in(county, class_):
    client = signed_in(county.teacher(class_))
    assert [client.get(ROOM + end).status_code for end in ("", "new/", "staff/", "legal/")] == [403] * 4


@pytest.mark.parametrize("page", ["", "staff/"])
def test_one_row_and_three_cost_the_same_queries(county, leader, school, class_, page):
    client = signed_in(leader)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ROOM + page).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in (2, 3):
        county.teacher(county.class_(school, number=number))
    assert queries() == one <= 18
