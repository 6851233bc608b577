"""Signing in with WeChat, WeCom and DingTalk: only what its holder has linked opens, and nobody is made."""

import json

import pytest
from django.db import ProgrammingError, connections, transaction
from django.test import Client

from portals.own_account.conftest import DESK, DINGTALK, WECHAT, WECOM, browser, by_password, said
from support.county import as_asker, as_system, signed_in
from tongyu.directory import identities
from tongyu.directory.identities import Linked
from tongyu.directory.models import Account, Identity, Session
from tongyu.notices.models import Address
from tongyu.portals.own_account.entering import DEVICE_SECONDS

pytestmark = pytest.mark.django_db
EVERY = [("weixin", WECHAT), ("weixin", DESK), ("wecom", WECOM), ("wecom", DESK), ("dingtalk", DINGTALK)]
every_vendor = pytest.mark.parametrize(("vendor", "agent"), EVERY)


def links():
    with as_system():
        return Identity.objects.count()


def account_of(client):
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


@every_vendor
def test_a_parent_links_once_and_comes_in_from_then_on(fakes, parent, vendor, agent):
    answer = browser(fakes, vendor, agent, parent).link()
    assert "已绑定" in said(answer)
    assert answer.redirect_chain[-1][0] == "/family/me/"

    other = browser(fakes, vendor, agent)
    assert other.sign_in().status_code == 200
    assert account_of(other.client) == parent.account_id
    assert other.client.session.get_expiry_age() == DEVICE_SECONDS


@every_vendor
def test_an_unknown_person_is_told_how_and_nothing_is_kept(fakes, parent, vendor, agent):
    before = Account.objects.count()
    stranger = browser(fakes, vendor, agent)
    assert "先用手机号登录或加入班级，再在“我”里绑定" in said(stranger.sign_in("bob"))
    assert account_of(stranger.client) is None
    assert (Account.objects.count(), links()) == (before, 0)
    assert not [key for key, _kept in stranger.client.session.items() if "sociallogin" in key]


def test_scanning_on_the_desk_finds_what_was_linked_in_wechat(fakes, parent):
    browser(fakes, "weixin", WECHAT, parent).link()
    desk = browser(fakes, "weixin", DESK)
    desk.sign_in()
    assert account_of(desk.client) == parent.account_id


def test_a_service_account_alone_asks_silently_and_knows_the_openid(fakes, parent, settings):
    settings.TONGYU_SIGN_IN_WAYS = {"weixin": settings.TONGYU_SIGN_IN_WAYS["weixin"]}
    assert "scope=snsapi_base" in browser(fakes, "weixin", WECHAT).leave("/own/start/weixin/")
    browser(fakes, "weixin", WECHAT, parent).link()
    phone = browser(fakes, "weixin", WECHAT)
    phone.sign_in()
    assert account_of(phone.client) == parent.account_id


@every_vendor
def test_a_way_back_counts_once(fakes, parent, vendor, agent):
    browser(fakes, vendor, agent, parent).link()
    phone = browser(fakes, vendor, agent)
    back = fakes.agree(phone.leave(f"/own/start/{vendor}/"), "alice")
    phone.client.get(back)
    assert account_of(phone.client) == parent.account_id
    phone.client.post("/account/logout/")
    assert "没有登录成功" in said(phone.client.get(back, follow=True))
    assert account_of(phone.client) is None


@every_vendor
def test_a_code_that_was_used_already_opens_nothing(fakes, parent, vendor, agent):
    browser(fakes, vendor, agent, parent).link()
    first, second = browser(fakes, vendor, agent), browser(fakes, vendor, agent)
    back = fakes.agree(first.leave(f"/own/start/{vendor}/"), "alice")
    state = fakes.agree(second.leave(f"/own/start/{vendor}/"), "alice").rpartition("state=")[2]
    first.client.get(back)
    answer = second.client.get(back.rpartition("state=")[0] + f"state={state}", follow=True)
    assert "没有登录成功" in said(answer)
    assert account_of(second.client) is None


@every_vendor
def test_a_way_back_that_another_browser_began_opens_nothing(fakes, parent, vendor, agent):
    """Nobody is lured into a stranger's account, or into linking a stranger's identity."""
    browser(fakes, vendor, agent, parent).link()
    attacker, victim = browser(fakes, vendor, agent), browser(fakes, vendor, agent)
    back = fakes.agree(attacker.leave(f"/own/start/{vendor}/"), "alice")
    assert "没有登录成功" in said(victim.client.get(back, follow=True))
    assert account_of(victim.client) is None


@pytest.mark.parametrize(
    "query", ["", "?code=code-0", "?state=x", "?code=a&state=b", "?error=access_denied", "?authCode=%00"]
)
@every_vendor
def test_a_way_back_without_state_is_refused_in_words(fakes, db, vendor, agent, query):
    answer = browser(fakes, vendor, agent).client.get(f"/account/{vendor}/back/{query}", follow=True)
    assert "没有登录成功" in said(answer)
    assert not fakes.asked


def test_the_state_of_one_vendor_is_none_of_anothers(fakes, db):
    phone = browser(fakes, "wecom", DESK)
    back = fakes.agree(phone.leave("/own/start/wecom/"), "alice")
    answer = phone.client.get(back.replace("/wecom/", "/weixin/"), follow=True)
    assert "没有登录成功" in said(answer)


def test_who_refuses_at_the_vendor_is_back_at_the_sign_in(fakes, db):
    phone = browser(fakes, "weixin", DESK)
    state = fakes.agree(phone.leave("/own/start/weixin/"), "alice").rpartition("state=")[2]
    answer = phone.client.get(f"/account/weixin/back/?state={state}", follow=True)
    assert "没有登录成功" in said(answer)


def test_the_application_token_of_wecom_is_fetched_once_and_again_when_it_ends(fakes, parent):
    browser(fakes, "wecom", WECOM, parent).link()
    browser(fakes, "wecom", WECOM).sign_in()
    assert fakes.asked["gettoken"] == 1
    fakes.expire_tokens()
    phone = browser(fakes, "wecom", WECOM)
    phone.sign_in()
    assert account_of(phone.client) == parent.account_id
    assert fakes.asked["gettoken"] == 2


@pytest.mark.parametrize(("vendor", "agent", "words"), [
    ("weixin", WECHAT, ("wx-service", "wrong")), ("wecom", WECOM, ("corp", "1000002", "wrong")),
    ("dingtalk", DINGTALK, ("ding", "wrong")),
])  # fmt: skip
def test_a_wrong_secret_is_told_to_the_log_without_the_secret(
    fakes, db, settings, caplog, vendor, agent, words
):
    settings.TONGYU_SIGN_IN_WAYS = {vendor: words}
    assert "没有登录成功" in said(browser(fakes, vendor, agent).sign_in())
    assert f"sign-in with {vendor} failed" in caplog.text
    assert "wrong" not in caplog.text


ODD = [
    (200, b""), (200, b"<html>"), (200, []), (200, "x"), (200, {}), (200, {"errcode": -1, "errmsg": "system error"}),
    (200, {"errcode": "x"}), (200, {"access_token": "t"}),
    (200, {"access_token": "t", "openid": None, "expires_in": "soon"}),
    (200, {"accessToken": "t"}), (200, {"userid": 7, "access_token": "t", "expires_in": 7200}), (302, b""), (404, b""),
    (500, b"oops"), (200, {"access_token": "t", "expires_in": 7200, "openid": "o" * 400, "userid": "u" * 400}),
]  # fmt: skip


@pytest.mark.parametrize("say", ODD, ids=lambda say: json.dumps(say, default=str)[:40])
@pytest.mark.parametrize(("vendor", "agent"), EVERY[::2])
def test_an_odd_answer_of_a_vendor_is_no_error_page(fakes, db, vendor, agent, say):
    phone = browser(fakes, vendor, agent)
    back = fakes.agree(phone.leave(f"/own/start/{vendor}/"), "alice")
    fakes.say = say
    assert "没有登录成功" in said(phone.client.get(back, follow=True))


@every_vendor
def test_a_vendor_that_cannot_be_reached_is_no_error_page(fakes, db, settings, caplog, vendor, agent):
    phone = browser(fakes, vendor, agent)
    back = fakes.agree(phone.leave(f"/own/start/{vendor}/"), "alice")
    settings.TONGYU_SIGN_IN_RELAY = "http://127.0.0.1:9"
    assert "没有登录成功" in said(phone.client.get(back, follow=True))
    assert not [secret for secret in ("s1", "s2", "s3", "s4", "code-0") if secret in caplog.text]


def test_the_stand_in_of_a_snapshot_page_is_nobody(fakes, parent):
    fakes.virtual = True
    assert "没有绑定成功" in said(browser(fakes, "weixin", WECHAT, parent).link())
    assert links() == 0


def test_a_user_id_that_the_corporation_chose_is_not_taken_for_an_openid(fakes, parent, county, class_):
    """`Alice` is a member's user id, `alice` the openid of somebody else."""
    browser(fakes, "wecom", WECOM, parent).link("Alice")
    stranger, member = browser(fakes, "wecom", WECOM), browser(fakes, "wecom", WECOM)
    stranger.sign_in("alice")
    assert account_of(stranger.client) is None
    member.sign_in("ALICE")
    assert account_of(member.client) == parent.account_id


@every_vendor
def test_one_identity_opens_one_account(fakes, parent, county, class_, vendor, agent):
    other = county.parent(county.pupil(class_, "陈小明"))
    browser(fakes, vendor, agent, parent).link()
    assert "已经绑定了另一个账号" in said(browser(fakes, vendor, agent, other).link())
    assert "已绑定" in said(browser(fakes, vendor, agent, parent).link())
    assert "您已绑定另一个" in said(browser(fakes, vendor, agent, parent).link("carol"))
    assert links() == 1

    own = browser(fakes, vendor, agent, parent)
    assert "已解除绑定" in said(own.client.post(f"/own/unlink/{vendor}/", follow=True))
    phone = browser(fakes, vendor, agent)
    phone.sign_in()
    assert account_of(phone.client) is None
    assert "已绑定" in said(browser(fakes, vendor, agent, other).link())


def test_somebody_at_work_links_only_when_signed_in_by_password(fakes, county, class_):
    teacher = county.teacher(class_)
    answer = browser(fakes, "wecom", WECOM, teacher).client.post("/own/link/wecom/", follow=True)
    assert "请先用用户名和密码登录" in said(answer)
    with as_asker(teacher):
        account = Account.objects.get(pk=teacher.account_id)
        became = identities.link(by=account, vendor="wecom", uid="x", with_password=False)
    assert (became, links()) == (Linked.UNPROVEN, 0)

    answer = by_password(fakes, "wecom", WECOM, teacher).link()
    assert "已绑定" in said(answer)
    assert answer.redirect_chain[-1][0] == "/own/"
    phone = browser(fakes, "wecom", WECOM)
    phone.sign_in()
    assert account_of(phone.client) == teacher.account_id
    assert phone.client.session.get_expire_at_browser_close()
    assert "请先用用户名和密码登录" in said(phone.client.post("/own/link/weixin/", follow=True))


def test_a_parents_link_does_not_open_the_account_once_it_has_work_here(fakes, parent, county, class_):
    browser(fakes, "weixin", WECHAT, parent).link()
    with as_system():
        staff = county.staff(county.school(county.township(), "乙小学"))
        staff.account_id = parent.account_id
        staff.save()
    county.teacher(class_, staff=staff)
    phone = browser(fakes, "weixin", WECHAT)
    answer = phone.sign_in()
    assert "您在这里还有工作身份" in said(answer)
    assert answer.redirect_chain[-1][0] == "/account/login/"
    assert account_of(phone.client) is None


def test_a_disabled_account_is_opened_by_nothing(fakes, parent):
    browser(fakes, "weixin", WECHAT, parent).link()
    Account.objects.filter(pk=parent.account_id).update(is_active=False)
    phone = browser(fakes, "weixin", WECHAT)
    phone.sign_in()
    assert account_of(phone.client) is None


def test_an_identity_is_seen_by_its_account_alone(fakes, parent, county, class_):
    browser(fakes, "weixin", WECHAT, parent).link()
    with as_asker(parent):
        assert Identity.objects.count() == 1
    for other in (county.teacher(class_), county.office_staff(), county.parent(county.pupil(class_))):
        with as_asker(other):
            assert Identity.objects.count() == 0


@pytest.mark.parametrize("table", ["socialaccount", "socialtoken", "socialapp"])
def test_the_application_cannot_store_a_vendors_token_even_if_it_wanted(db, table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():  # noqa: SIM117
        with connections["default"].cursor() as cursor:
            cursor.execute(f"INSERT INTO socialaccount_{table} DEFAULT VALUES")


def test_no_token_of_a_vendor_is_kept(fakes, parent):
    own = browser(fakes, "weixin", WECHAT, parent)
    own.link()
    phone = browser(fakes, "weixin", WECHAT)
    phone.sign_in()
    kept = [json.dumps(dict(one.client.session.items()), default=str) for one in (own, phone)]
    assert not [
        text for text in kept if "person-token" in text or "person-refresh" in text or "union" in text
    ]


@pytest.mark.parametrize(("agent", "shown"), [
    (WECHAT, ["weixin"]), (WECOM, ["wecom"]), (DINGTALK, ["dingtalk"]), (DESK, ["weixin", "wecom", "dingtalk"]),
])  # fmt: skip
@pytest.mark.parametrize("page", ["/account/login/", "/family/sign-in/"])
def test_the_sign_in_pages_show_what_fits_the_browser(fakes, db, agent, shown, page):
    text = browser(fakes, "", agent).client.get(page).content.decode()
    assert [vendor for vendor in ("weixin", "wecom", "dingtalk") if f"/own/start/{vendor}/" in text] == shown


def test_everything_is_off_until_it_is_set(fakes, parent, settings):
    settings.TONGYU_SIGN_IN_WAYS = {}
    for page in ("/account/login/", "/family/sign-in/"):
        assert "/own/start/" not in Client().get(page).content.decode()
    own = signed_in(parent)
    assert "登录方式" not in own.get("/family/me/").content.decode()
    for vendor in ("weixin", "wecom", "dingtalk", "nobody", "weixin_web"):
        assert Client().post(f"/own/start/{vendor}/").status_code == 404
        assert own.post(f"/own/link/{vendor}/").status_code == 404
    for vendor in ("weixin", "wecom", "dingtalk"):
        assert Client().get(f"/account/{vendor}/back/?code=a&state=b").status_code == 404


def test_leaving_is_a_post_with_a_token_and_takes_no_words_from_the_address(fakes, parent):
    assert Client().get("/own/start/wecom/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/own/start/wecom/").status_code == 403
    address = browser(fakes, "wecom", WECOM).leave(
        "/own/start/wecom/?scope=snsapi_privateinfo&process=connect&next=//evil"
    )
    assert "privateinfo" not in address
    assert "evil" not in address
    assert Session.objects.filter(account=None).exists()


def test_a_parent_who_is_signed_in_is_not_signed_out_by_a_sign_in_begun_before(fakes, parent):
    phone = browser(fakes, "wecom", WECOM)
    back = fakes.agree(phone.leave("/own/start/wecom/"), "bob")
    phone.client.force_login(Account.objects.get(pk=parent.account_id))
    phone.client.get(back, follow=True)
    assert account_of(phone.client) == parent.account_id


def kept_addresses(asker):
    with as_system():
        return {row.channel: row.address_text for row in Address.objects.filter(account_id=asker.account_id)}


def test_a_member_who_links_wecom_is_found_there_by_notices_until_the_link_ends(fakes, county, class_):
    teacher = county.teacher(class_)
    at_desk = by_password(fakes, "wecom", WECOM, teacher)
    at_desk.link("Alice")
    assert kept_addresses(teacher) == {"wecom": "alice"}
    at_desk.link("Alice")
    assert kept_addresses(teacher) == {"wecom": "alice"}
    at_desk.client.post("/own/unlink/wecom/")
    assert kept_addresses(teacher) == {}


def test_who_is_no_member_of_the_corporation_has_no_address_there(fakes, parent, settings):
    browser(fakes, "wecom", WECOM, parent).link("bob")
    assert kept_addresses(parent) == {}


def test_a_member_of_another_corporation_than_the_one_that_writes_has_none(fakes, parent, settings):
    settings.TONGYU_CHANNELS = {"wecom": {"corp": "another", "agent": "1", "secret": "s"}}
    browser(fakes, "wecom", WECOM, parent).link("Alice")
    assert kept_addresses(parent) == {}


@pytest.mark.parametrize(("person", "kept"), [("alice", {"dingtalk": "staff-alice"}), ("carol", {})])
def test_dingtalk_names_the_user_of_the_organisation_once(fakes, parent, settings, person, kept):
    app = {"url": f"{fakes.url}/oapi.dingtalk.com", "app": "a", "secret": "s", "agent": "1"}
    settings.TONGYU_CHANNELS = {"dingtalk": app}
    phone = browser(fakes, "dingtalk", DINGTALK, parent)
    phone.link(person)
    assert kept_addresses(parent) == kept
    phone.client.post("/own/unlink/dingtalk/")
    assert kept_addresses(parent) == {}


def test_signing_in_keeps_no_address(fakes, parent):
    browser(fakes, "wecom", WECOM, parent).link("Alice")
    with as_system():
        Address.objects.all().delete()
    browser(fakes, "wecom", WECOM).sign_in("Alice")
    assert kept_addresses(parent) == {}
