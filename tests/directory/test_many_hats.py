"""One person, many hats: rights, menu, rows and audit follow the hat worn, in every tab; a stale tab does nothing."""

import re
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from support.county import County, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.workbenches.families.home_visits.models import HomeVisit

DAY = date(2026, 11, 23)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
META = re.compile(r'name="csrf-token" content="([^"]+)"')


@pytest.fixture
def county(committed):
    return County()


@pytest.fixture
def hats(county):
    """One person: class teacher of a class of school A, and township official of another township."""
    school = county.school(county.township("甲镇"), "甲小学")
    class_ = county.class_(school)
    child = county.pupil(class_, "马某某")
    teacher = county.teacher(class_)
    with as_system():
        staff = Staff.objects.get(pk=teacher.staff_id)
    official = county.township_staff(county.township("乙镇"), staff=staff)
    return teacher, official, child


def tabs(asker):
    """A browser whose forms are checked as in life, signed in under that hat."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(pk=asker.account_id))
    session = client.session
    session["hat"] = str(asker.appointment_id)
    session.save()
    return client


def token(client, address):
    """The token of the forms of a page."""
    page = client.get(address)
    found = TOKEN.search(page.content.decode())
    assert found, (page.status_code, page.headers, page.content.decode()[:3000])
    return found[1]


def wear(client, asker, page="/tasks/"):
    """One tap on the hat's button."""
    return client.post(
        "/hat/", {"hat": str(asker.appointment_id), "csrfmiddlewaretoken": token(client, page)}
    )


def visit(child, **more):
    return {
        "id": str(uuid7()), "student": str(child.pk), "visitors": ["class_teacher"], "met": ["father"],
        "line": "聊了学习", "occurred_on": "2026-11-20",
    } | more  # fmt: skip


def visits():
    with as_system():
        return HomeVisit.objects.count()


def test_one_tap_changes_rights_menu_and_rows(hats):
    teacher, official, _child = hats
    client = tabs(teacher)
    assert client.get("/").headers["Location"] == "/class/"
    page = client.get("/class/").content.decode()
    assert page.count('name="hat"') == 4  # two hats, in the header and in the menu
    assert "甲小学" in page
    assert client.get(reverse("directory_pages:students")).status_code == 200
    assert wear(client, official).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/township/"
    assert client.get(reverse("directory_pages:students")).status_code == 403
    page = client.get("/township/").content.decode()
    assert ("乡镇工作人员" in page, reverse("directory_pages:students") in page, "马某某" in page) == (
        True,
        False,
        False,
    )
    assert client.get(reverse("home_visits:new")).status_code == 403


def test_a_page_of_another_hat_in_another_tab_does_nothing_and_shows_a_way_on(hats):
    teacher, official, child = hats
    client = tabs(teacher)
    address = reverse("home_visits:new")
    drawn = token(client, f"{address}?student={child.pk}")
    wear(client, official)
    answer = client.post(
        address, visit(child, csrfmiddlewaretoken=drawn), headers={"referer": f"http://testserver{address}"}
    )
    page = answer.content.decode()
    assert (answer.status_code, visits()) == (409, 0)
    assert ("您已切换身份" in page, "换回" in page, teacher.body_name in page) == (True, True, True)
    back = {
        "hat": str(teacher.appointment_id),
        "next": f"http://testserver{address}",
        "csrfmiddlewaretoken": TOKEN.search(page)[1],
    }
    assert client.post("/hat/", back).headers["Location"] == f"http://testserver{address}"
    assert client.post(address, visit(child, csrfmiddlewaretoken=drawn)).status_code == 302
    assert visits() == 1


def test_the_way_back_leads_nowhere_else(hats):
    teacher, official, _child = hats
    client = tabs(teacher)
    sent = {
        "hat": str(official.appointment_id),
        "next": "https://elsewhere.example/",
        "csrfmiddlewaretoken": token(client, "/tasks/"),
    }
    assert client.post("/hat/", sent).headers["Location"] == "/"


def test_htmx_acts_carry_the_mark_too(hats):
    teacher, official, child = hats
    client = tabs(teacher)
    drawn = META.search(client.get(f"{reverse('home_visits:new')}?student={child.pk}").content.decode())[1]
    wear(client, official)
    htmx = {"HX-Request": "true", "X-CSRFToken": drawn}
    answer = client.post(reverse("home_visits:new"), visit(child), headers=htmx)
    assert (answer.status_code, answer.headers["X-Hat-Changed"], visits()) == (409, "1", 0)


def test_without_a_mark_or_with_a_foreign_one_nothing_is_done(hats):
    teacher, official, child = hats
    client, address = tabs(teacher), reverse("home_visits:new")
    drawn = token(client, f"{address}?student={child.pk}")
    for mark in ("", ".", f".{official.appointment_id.hex}", ".x", f".{uuid7().hex}"):
        sent = visit(child, csrfmiddlewaretoken=drawn.partition(".")[0] + mark)
        assert client.post(address, sent).status_code in (403, 409)
        assert visits() == 0
    assert client.post(address, visit(child, csrfmiddlewaretoken="x" + drawn[1:])).status_code in (302, 403)
    assert (
        client.post(
            address, visit(child, csrfmiddlewaretoken="a" * 64 + f".{teacher.appointment_id.hex}")
        ).status_code
        == 403
    )


def test_what_was_refused_and_what_was_done_is_told_by_hat(hats):
    teacher, official, child = hats
    client, address = tabs(teacher), reverse("home_visits:new")
    drawn = token(client, f"{address}?student={child.pk}")
    client.post(address, visit(child, csrfmiddlewaretoken=drawn))
    wear(client, official)
    client.post(address, visit(child, csrfmiddlewaretoken=drawn))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT act, actor, hat FROM audit_event WHERE subject IN ('home_visits_homevisit', 'home_visits:new') "
            "ORDER BY id"
        )
        who = f"account:{teacher.account_id}"
        assert cursor.fetchall() == [
            ("insert", who, f"class_teacher@{teacher.body_code}"),
            ("refused", who, f"township_staff@{official.body_code}"),
        ]
        cursor.execute("SELECT DISTINCT hat FROM audit_event WHERE actor ^@ 'system:'")
        assert cursor.fetchall() == [("",)]


def test_a_role_that_ends_today_is_gone_at_once_and_its_open_page_does_nothing(hats):
    teacher, official, child = hats
    client, address = tabs(teacher), reverse("home_visits:new")
    drawn = token(client, f"{address}?student={child.pk}")
    with as_system():
        Appointment.objects.filter(pk=teacher.appointment_id).update(until_day=DAY)
    assert client.get("/").headers["Location"] == "/township/"
    assert client.get("/class/").status_code == 403
    answer = client.post(address, visit(child, csrfmiddlewaretoken=drawn))
    assert (answer.status_code, "已经不再有效" in answer.content.decode(), visits()) == (409, True, 0)
    with as_system():
        Appointment.objects.filter(pk=official.appointment_id).update(until_day=DAY)
    assert client.get("/").status_code == 200
    assert client.get("/township/").status_code == 403
    assert client.post(address, visit(child, csrfmiddlewaretoken=drawn)).status_code == 403


def test_somebody_with_one_hat_sees_no_switch(county):
    class_ = county.class_(county.school(county.township()))
    assert 'name="hat"' not in signed_in(county.teacher(class_)).get("/class/").content.decode()
