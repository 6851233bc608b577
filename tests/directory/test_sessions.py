"""A session knows its account and the account's hats; one query finds all three."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from support.county import DAY, County, signed_in
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, Session
from tongyu.directory.sessions import SessionStore, asked_by, digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    county = County()
    return county.teacher(county.class_(county.school(county.township())))


@pytest.fixture
def key(teacher):
    """The key of the teacher's session."""
    return signed_in(teacher).cookies["sessionid"].value


def who(key):
    """The account that a request with that session comes from, as Django's own check says."""
    request = RequestFactory().get("/")
    request.session = SessionStore(key)
    with asked_by(request.session):
        return get_user(request), request.session


def test_one_query_finds_session_account_and_hats(teacher, key, django_assert_num_queries):
    with django_assert_num_queries(1):
        account, session = who(key)
        hats = session.hats()
    assert account.pk == teacher.account_id
    assert account.last_login == Account.objects.get(pk=account.pk).last_login
    assert hats == hats_of(account, DAY)
    assert [hat.asker for hat in hats] == [teacher]


def test_the_row_stands_under_its_account(teacher, key):
    assert Session.objects.get(pk=digest(key)).account_id == teacher.account_id


def test_a_session_without_an_account_is_nobodys(key):
    store = SessionStore()
    store["language"] = "en"
    store.save()
    account, session = who(store.session_key)
    assert (account, session["language"]) == (AnonymousUser(), "en")


def test_an_expired_session_is_nobodys(key):
    Session.objects.filter(pk=digest(key)).update(expire_date=timezone.now() - timedelta(seconds=1))
    account, session = who(key)
    assert (account, session.hats(), session.session_key) == (AnonymousUser(), [], None)


@pytest.mark.parametrize(
    "sent", ["", "x" * 32, "' OR true --", "\u5bb6\u8bbf", "\x00" + "a" * 12, "\ud800" * 9]
)
def test_an_unknown_key_is_nobodys(teacher, key, sent):
    assert who(sent)[0] == AnonymousUser()


def test_a_session_of_a_disabled_account_is_nobodys(teacher, key):
    Account.objects.filter(pk=teacher.account_id).update(is_active=False)
    assert who(key)[0] == AnonymousUser()


def test_a_changed_password_ends_the_session(teacher, key):
    account = Account.objects.get(pk=teacher.account_id)
    account.set_password("another one entirely")
    account.save()
    assert who(key)[0] == AnonymousUser()
    assert not Session.objects.filter(pk=digest(key)).exists()


def test_reading_a_session_leaves_no_person_behind(teacher, key):
    with connection.cursor() as cursor:
        who(key)
        cursor.execute("SELECT current_setting('app.person', true)")
        assert cursor.fetchone()[0] in (None, "")


def test_signing_out_deletes_the_row(teacher):
    client = signed_in(teacher)
    client.post("/account/logout/")
    assert not Session.objects.filter(account_id=teacher.account_id).exists()


def test_expired_sessions_are_cleared_away(teacher, key):
    kept = signed_in(teacher).cookies["sessionid"].value
    Session.objects.filter(pk=digest(key)).update(expire_date=timezone.now() - timedelta(days=1))
    SessionStore.clear_expired()
    assert list(Session.objects.values_list("pk", flat=True)) == [digest(kept)]
