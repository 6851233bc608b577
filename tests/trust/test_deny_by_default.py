"""A view without a rule is not served (check C05); strangers are sent to the sign-in."""

import pytest
from django.http import HttpResponse
from django.urls import include, path

from support.county import County, signed_in
from tongyu.config.urls import urlpatterns as real

pytestmark = pytest.mark.django_db


def forgotten(request):
    """A view whose author forgot the rule."""
    return HttpResponse("secret")


urlpatterns = [path("forgotten/", forgotten, name="forgotten"), path("", include(real))]


@pytest.fixture
def planted(settings):
    """The real site with one forgotten view."""
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize("role", ["office", "teacher"])
def test_c05_a_view_without_a_rule_is_refused_to_everybody(planted, role):
    county = County()
    asker = (
        county.office_staff()
        if role == "office"
        else county.teacher(county.class_(county.school(county.township())))
    )
    answer = signed_in(asker).get("/forgotten/")
    assert (answer.status_code, b"secret" in answer.content) == (403, False)


def test_c05_a_stranger_gets_nothing_either(planted, client):
    assert client.get("/forgotten/").status_code == 403


def test_a_stranger_is_sent_to_the_sign_in_and_back(client):
    assert client.get("/calendar/").headers["Location"] == "/account/login/?next=/calendar/"


def test_the_way_back_keeps_what_the_address_asked(client):
    answer = client.get("/work/gatherings/events/sign-in/?code=a:b&next=//evil.example")
    assert answer.headers["Location"].startswith("/account/login/?next=/")
    assert answer.headers["Location"].count("?") + answer.headers["Location"].count("&") == 1
