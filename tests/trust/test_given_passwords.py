"""A password that somebody else knows opens one page: the one on which it becomes one's own."""

import pytest
from django.test import Client

from support.county import County
from tongyu.directory.models import Account
from tongyu.directory.passwords import given_account

pytestmark = pytest.mark.django_db
CHANGE = "/account/password/change/"


@pytest.fixture
def newcomer():
    """A class teacher whose account has just been opened, signed in; and the given password."""
    county = County()
    asker = county.teacher(county.class_(county.school(county.township())))
    account, password = given_account("xin.laoshi")
    Account.objects.filter(pk=asker.account_id).update(
        password=account.password, password_given=True, username="lao.laoshi"
    )
    client = Client()
    assert client.login(username="lao.laoshi", password=password)
    return client, password


def test_every_page_leads_to_the_change_of_password(newcomer):
    client, _password = newcomer
    for page in ("/class/", "/duties/", "/plan/", "/work/families/home_visits/"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, CHANGE)
    assert client.post("/hat/", {"hat": ""}).headers["Location"] == CHANGE


def test_a_part_of_a_page_sends_the_whole_browser_there(newcomer):
    client, _password = newcomer
    answer = client.get("/duties/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, CHANGE)


def test_an_own_password_opens_the_rest_and_the_given_one_nothing_more(newcomer):
    client, password = newcomer
    assert "现在的密码是别人给您的" in client.get(CHANGE).content.decode()
    sent = {"oldpassword": password, "password1": "liujiaxia-2026x", "password2": "liujiaxia-2026x"}
    answer = client.post(CHANGE, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/class/").status_code == 200
    assert not Client().login(username="lao.laoshi", password=password)


def test_signing_out_is_always_possible(newcomer):
    client, _password = newcomer
    assert client.post("/account/logout/").status_code == 302
