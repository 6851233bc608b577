"""The vendors, a small county, and browsers."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from django.test import Client

from portals.own_account.vendors import WAYS, Vendors, vendors
from support.county import DAY, County, signed_in
from tongyu.core.tokens import Tokens

WECHAT = "Mozilla/5.0 (Linux; Android 13) Mobile Safari/537.36 MicroMessenger/8.0.50 Language/zh_CN"
WECOM = "Mozilla/5.0 (Linux; Android 13) Mobile wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh"
DINGTALK = "Mozilla/5.0 (Linux; Android 13) Mobile AliApp(DingTalk/7.6.0)"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0"


@dataclass(frozen=True)
class Browser:
    """One device of a person, before one vendor."""

    client: Client
    vendor: str
    vendors: Vendors

    def leave(self, url):
        """Post, and the address to which the page goes on."""
        answer = self.client.post(url)
        assert answer.status_code == 200, answer.status_code
        (address,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
        return unescape(address)

    def sign_in(self, person="alice"):
        """The whole way there and back."""
        address = self.leave(f"/own/start/{self.vendor}/")
        return self.client.get(self.vendors.agree(address, person), follow=True)

    def link(self, person="alice"):
        """The same from the own account's page."""
        address = self.leave(f"/own/link/{self.vendor}/")
        return self.client.get(self.vendors.agree(address, person), follow=True)


@pytest.fixture
def fakes(settings, monkeypatch):
    settings.TONGYU_TODAY = DAY
    settings.TONGYU_SIGN_IN_WAYS = dict(WAYS)
    monkeypatch.setattr("tongyu.portals.own_account.wecom.tokens", Tokens())
    with vendors() as made:
        settings.TONGYU_SIGN_IN_RELAY = made.url
        yield made


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township(), "甲小学"))


@pytest.fixture
def parent(county, class_):
    return county.parent(county.pupil(class_, "马小花"))


def browser(fakes, vendor, agent, asker=None):
    """A browser of that kind; signed in without a password when there is an asker."""
    client = signed_in(asker) if asker else Client()
    client.defaults["HTTP_USER_AGENT"] = agent
    return Browser(client, vendor, fakes)


def by_password(fakes, vendor, agent, asker):
    """A browser that is signed in by password."""
    from tongyu.directory.models import Account

    made = browser(fakes, vendor, agent)
    name = Account.objects.get(pk=asker.account_id).username
    answer = made.client.post("/account/login/", {"login": name, "password": "tongyu-test-1"})
    assert answer.status_code == 302
    return made


def said(answer):
    """The messages of a page."""
    return " ".join(re.findall(r'role="(?:status|alert)">.*?<div>(.*?)</div>', answer.content.decode(), re.S))
