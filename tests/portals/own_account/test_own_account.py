"""The own account's page: where one is signed in, and ending that; the table of sessions holds no keys."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portals.own_account.conftest import DESK, WECHAT, browser, by_password, said
from support.county import as_system, signed_in
from tongyu.core.context import acting, system_scope
from tongyu.directory import devices
from tongyu.directory.families import one_time
from tongyu.directory.families.accounts import with_phone
from tongyu.directory.models import Account, Session
from tongyu.directory.sessions import digest

pytestmark = pytest.mark.django_db


def keys(client):
    return client.cookies["sessionid"].value


def agent_client(asker, agent):
    """A device of that kind on which the asker has signed in."""
    client = signed_in(asker)
    session = client.session
    devices.remember(session, agent)
    session.save()
    return client


@pytest.mark.parametrize(("agent", "kind"), [
    (WECHAT, "wechat"), (DESK, "desk"), ("Mozilla/5.0 (Linux; Android 13) Mobile Safari", "phone"), ("", ""),
    ("curl/8", ""),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0", "wechat"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) wxwork/4.1 MicroMessenger/7", "wecom"), ("\x00" * 9000, ""),
])  # fmt: skip
def test_of_a_browser_only_its_kind_is_kept(agent, kind):
    assert devices.kind_of(agent) == kind


def test_a_parent_sees_where_the_account_is_signed_in_and_ends_one(fakes, parent):
    phone, desk = agent_client(parent, WECHAT), agent_client(parent, DESK)
    page = phone.get("/family/me/").content.decode()
    assert "微信 · 这台" in page
    assert "电脑" in page
    (device,) = [one for one in listed(parent, phone) if not one.own]
    assert "已在那里退出登录" in said(phone.post("/own/devices/end/", {"device": device.key}, follow=True))
    assert desk.get("/family/me/").status_code == 302
    assert phone.get("/family/me/").status_code == 200


def listed(asker, client):
    return devices.devices_of(Account.objects.get(pk=asker.account_id), keys(client))


def test_all_others_are_ended_with_one_tap(fakes, parent):
    phone, *others = (agent_client(parent, WECHAT) for _each in range(4))
    phone.post("/own/devices/end/", {"others": "1"})
    assert [one.own for one in listed(parent, phone)] == [True]
    assert {client.get("/family/me/").status_code for client in others} == {302}


@pytest.mark.parametrize("sent", ["", "x" * 12, "%", "%" * 12, "_" * 12, "\x00" * 12, "a" * 64, None])
def test_a_device_that_is_nobodys_ends_nothing(fakes, parent, sent):
    phone = agent_client(parent, WECHAT)
    agent_client(parent, DESK)
    answer = phone.post("/own/devices/end/", {} if sent is None else {"device": sent})
    assert answer.status_code == 302
    assert len(listed(parent, phone)) == 2


def test_nobody_ends_anothers_device(fakes, parent, county, class_):
    other = county.parent(county.pupil(class_, "陈小明"))
    mine, theirs = agent_client(parent, WECHAT), agent_client(other, WECHAT)
    (device,) = listed(other, theirs)
    mine.post("/own/devices/end/", {"device": device.key})
    assert theirs.get("/family/me/").status_code == 200


def test_an_expired_device_is_not_shown(fakes, parent):
    phone, desk = agent_client(parent, WECHAT), agent_client(parent, DESK)
    Session.objects.filter(pk=digest(keys(desk))).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert [one.own for one in listed(parent, phone)] == [True]


def test_people_at_work_have_the_same_on_their_own_page(fakes, county, class_):
    teacher = county.teacher(class_)
    page = by_password(fakes, "wecom", DESK, teacher).client.get("/own/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "电脑 · 这台" in text
    assert "/own/link/wecom/" in text
    assert (
        "用密码登录后才能绑定" in browser(fakes, "wecom", DESK, teacher).client.get("/own/").content.decode()
    )


def test_inside_wechat_only_wechat_is_offered_for_linking(fakes, parent):
    page = agent_client(parent, WECHAT).get("/family/me/", headers={"user-agent": WECHAT}).content.decode()
    assert "/own/link/weixin/" in page
    assert "/own/link/dingtalk/" not in page
    assert "在钉钉里打开本页才能绑定" in page


def test_a_parents_own_page_is_me(fakes, parent):
    assert signed_in(parent).get("/own/").headers["Location"] == "/family/me/"


def test_the_page_asks_the_same_number_of_queries_for_one_device_and_for_many(
    fakes, parent, django_assert_num_queries
):
    phone = agent_client(parent, WECHAT)
    phone.get("/family/me/")
    with django_assert_num_queries(8):
        phone.get("/family/me/")
    for _each in range(5):
        agent_client(parent, DESK)
    with django_assert_num_queries(8):
        phone.get("/family/me/")


def test_who_reads_the_table_of_sessions_can_sign_in_as_nobody(fakes, parent):
    phone = signed_in(parent)
    stored = list(Session.objects.filter(account_id=parent.account_id).values_list("pk", "session_data"))
    assert [pk for pk, _data in stored] == [digest(keys(phone))]
    assert keys(phone) not in repr(stored)
    thief = Client()
    thief.cookies["sessionid"] = stored[0][0]
    assert thief.get("/family/me/").status_code == 302
    thief.cookies["sessionid"] = stored[0][0][:32]
    assert thief.get("/family/me/").status_code == 302


def test_the_migration_signs_nobody_out(fakes, parent):
    """Its statement, on a row of the release before."""
    from importlib import import_module

    phone = signed_in(parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_session SET session_key = %s WHERE session_key = %s",
            [keys(phone), digest(keys(phone))],
        )
        cursor.execute(import_module("tongyu.directory.migrations.0017_session_digests").HASHED)
    assert phone.get("/family/me/").status_code == 200


def test_a_text_message_and_a_class_code_do_not_open_the_account_of_somebody_at_work(
    fakes, county, class_, monkeypatch, settings
):
    """A teacher who joined as a parent: the phone belongs to the account at work."""
    from tongyu.directory.families import inviting
    from tongyu.portals.families import sending

    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}
    teacher, child = county.teacher(class_), county.pupil(class_, "马小花")
    with as_system():
        with_phone("+8616000000009", Account.objects.get(pk=teacher.account_id))
    with acting(system_scope("test")):
        code = inviting.renew(by=teacher, school_class=class_.code)
    monkeypatch.setattr(sending, "text_code", lambda phone, code: None)
    stranger = Client()
    words = {
        "code": code.code, "child_name": child.name, "relation": "father", "name": "马家长", "phone": "16000000009",
    }  # fmt: skip
    stranger.post("/family/join/", words)
    sent = one_time.issue("+8616000000009", keys(stranger), "join")
    answer = stranger.post("/family/join/", {**words, "one_time": sent})
    assert "请用用户名和密码登录" in answer.content.decode()
    assert "_auth_user_id" not in stranger.session
