"""Rights end when the role ends, in sessions that are already open (check C06)."""

from datetime import timedelta

import pytest

from support.county import DAY, County, as_system, signed_in
from tongyu.directory.models import Account, Appointment, Staff
from tongyu.directory.roles import OfficeStaff

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    county = County()
    return county.teacher(county.class_(county.school(county.township())))


def test_c06_an_open_session_loses_the_role_on_the_day_it_ends(teacher):
    client = signed_in(teacher)
    assert client.get("/").headers["Location"] == "/class/"

    with as_system():
        Appointment.objects.filter(pk=teacher.appointment_id).update(until_day=DAY)
    assert client.get("/").status_code == 200  # the page that says: no role at present
    assert client.get("/class/").status_code == 403


def test_c06_a_role_that_begins_tomorrow_opens_nothing_today(teacher):
    client = signed_in(teacher)
    with as_system():
        Appointment.objects.filter(pk=teacher.appointment_id).update(from_day=DAY + timedelta(days=1))
    assert client.get("/class/").status_code == 403


def test_a_role_counts_only_at_the_kind_of_body_it_is_held_at():
    county = County()
    with pytest.raises(StopIteration):  # no hat follows from it
        county.appoint(OfficeStaff, county.school(county.township()))


def test_c06_who_left_the_service_keeps_no_role(teacher):
    client = signed_in(teacher)
    with as_system():
        Staff.objects.filter(pk=teacher.staff_id).update(left_on=DAY)
    assert client.get("/class/").status_code == 403


def test_what_a_page_of_people_shows_is_kept_by_no_browser_and_no_proxy(teacher):
    client = signed_in(teacher)
    assert client.get("/class/").headers["Cache-Control"] == "private, no-store"
    assert "no-store" in client.get("/work/families/home_visits/?format=xlsx").headers["Cache-Control"]


def test_c06_a_disabled_account_is_signed_out(teacher):
    client = signed_in(teacher)
    Account.objects.filter(pk=teacher.account_id).update(is_active=False)
    assert client.get("/").headers["Location"] == "/account/login/"
