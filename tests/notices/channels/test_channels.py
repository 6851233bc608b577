"""Each channel against a local server that behaves as its vendor documents."""

import json
import logging
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from notices.channels.vendors import FakeDingTalk, FakeMail, FakeSms, FakeWeCom, serving
from tongyu.config import environment
from tongyu.notices import channels
from tongyu.notices.channels.base import Kind, Parcel
from tongyu.notices.channels.dingtalk import tokens as dingtalk_tokens
from tongyu.notices.channels.sms import plain_number
from tongyu.notices.channels.sms.signing import signed_headers
from tongyu.notices.channels.wecom import tokens as wecom_tokens
from tongyu.notices.topics import OUTSIDE, topics

URL = "https://tongyu.example.org/notices/1/"


@pytest.fixture(autouse=True)
def forget_tokens():
    wecom_tokens._kept.clear()
    dingtalk_tokens._kept.clear()


@pytest.fixture
def wecom(settings):
    with serving(FakeWeCom()) as vendor:
        corp = {"url": vendor.url, "corp": "corp", "secret": "secret", "agent": "1000002"}
        settings.TONGYU_CHANNELS = {"wecom": corp, "school": corp}
        yield vendor


@pytest.fixture
def dingtalk(settings):
    with serving(FakeDingTalk()) as vendor:
        app = {"url": vendor.url, "app": "app", "secret": "secret", "agent": "77"}
        settings.TONGYU_CHANNELS = {"dingtalk": app}
        yield vendor


@pytest.fixture
def sms(settings):
    with serving(FakeSms()) as vendor:
        settings.TONGYU_CHANNELS = {
            "sms": {
                "gateway": "aliyun",
                "url": vendor.url,
                "key": "key",
                "secret": "secret",
                "sign": "永靖教育",
                "templates": "code=SMS_1, notice=SMS_2",
            }
        }
        yield vendor


def parcel(address: str, **more: object) -> Parcel:
    fields = {
        "title": "家长会通知",
        "text": "请登录查看。（11月23日 12:00）",
        "url": URL,
        "template": "notice",
    }
    return Parcel(id=uuid4(), address=address, **{**fields, **more})  # type: ignore[arg-type]


def hand_over(key: str, *parcels: Parcel) -> list[tuple[Kind, str]]:
    outcomes = channels.channel(key).deliver(parcels)
    return [(outcomes[one.id].kind, outcomes[one.id].code) for one in parcels]


def test_without_settings_every_channel_is_off(settings):
    settings.TONGYU_CHANNELS = {}
    assert [key for key in OUTSIDE if channels.channel(key).ready()] == []
    assert channels.ready(topics.get("one_time_code")) == []


def test_wecom_sends_a_card_with_one_token_for_many(wecom):
    outcomes = hand_over("wecom", *[parcel("lilaoshi", title=f"通知{n}") for n in range(20)])
    assert outcomes == [(Kind.SENT, "")] * 20
    assert len(wecom.received) == 20
    assert wecom.paths().count("/cgi-bin/gettoken") == 1
    body = next(body for path, _query, body in wecom.asked if path.endswith("send"))
    assert (body["agentid"], body["msgtype"], body["textcard"]["url"]) == (1000002, "textcard", URL)


@pytest.mark.parametrize("code", [40014, 42001])
def test_wecom_fetches_a_new_token_when_its_own_has_expired(wecom, code):
    hand_over("wecom", parcel("lilaoshi"))
    wecom.expire(code)
    assert hand_over("wecom", parcel("lilaoshi")) == [(Kind.SENT, "")]
    assert wecom.tokens == ["token0", "token1"]


def test_wecom_with_a_wrong_secret_waits_for_the_administrator(wecom, settings):
    settings.TONGYU_CHANNELS = {"wecom": {**settings.TONGYU_CHANNELS["wecom"], "secret": "wrong"}}
    assert hand_over("wecom", parcel("lilaoshi")) == [(Kind.LATER, "40001")]


@pytest.mark.parametrize("code", [45009, 45033, -1])
def test_wecom_is_left_alone_when_it_is_asked_too_often(wecom, code):
    wecom.faults = [{"errcode": code, "errmsg": "api freq out of limit"}]
    assert hand_over("wecom", parcel("lilaoshi")) == [(Kind.LATER, str(code))]


def test_wecom_says_who_is_not_there(wecom):
    one, two = parcel("lilaoshi"), parcel("nobody")
    assert hand_over("wecom", one, two) == [(Kind.SENT, ""), (Kind.REFUSED, "81013")]


def test_wecom_drops_the_same_call_when_the_answer_was_lost(wecom):
    wecom.faults = ["lose the answer"]
    one = parcel("lilaoshi")
    assert hand_over("wecom", one)[0][0] is Kind.UNSURE
    assert hand_over("wecom", one) == [(Kind.SENT, "")]
    assert len(wecom.received) == 1


def test_parents_get_school_notices_inside_wechat(wecom):
    assert hand_over("school", parcel("parent_1"), parcel("parent_9")) == [
        (Kind.SENT, ""),
        (Kind.REFUSED, "invalid_parent_userid"),
    ]
    assert wecom.received == [("parent_1", f"家长会通知\n请登录查看。（11月23日 12:00）\n{URL}")]


def test_a_school_notice_is_repeatable_too(wecom):
    wecom.faults = ["lose the answer"]
    one = parcel("parent_1")
    hand_over("school", one)
    hand_over("school", one)
    assert len(wecom.received) == 1


def test_dingtalk_takes_many_in_one_call_and_drops_a_repetition(dingtalk):
    both = [parcel("u1"), parcel("u2")]
    assert hand_over("dingtalk", *both) == [(Kind.SENT, "")] * 2
    assert hand_over("dingtalk", *both) == [(Kind.SENT, "")] * 2
    assert (len(dingtalk.received), len(dingtalk.asked)) == (2, 3)


def test_dingtalk_fetches_a_new_token_when_its_own_is_refused(dingtalk):
    hand_over("dingtalk", parcel("u1"))
    dingtalk.valid.clear()
    assert hand_over("dingtalk", parcel("u2")) == [(Kind.SENT, "")]
    assert dingtalk.given == 2


def test_dingtalk_says_one_by_one_who_is_not_there(dingtalk):
    assert hand_over("dingtalk", parcel("x1"), parcel("x2")) == [(Kind.REFUSED, "33012")] * 2


@pytest.mark.parametrize("code", [143104, -1])
def test_dingtalk_is_left_alone_when_it_is_asked_too_often(dingtalk, code):
    dingtalk.faults = [{"errcode": code, "errmsg": "QPM"}]
    assert hand_over("dingtalk", parcel("u1")) == [(Kind.LATER, str(code))]


def test_dingtalk_with_a_wrong_secret_waits_for_the_administrator(dingtalk, settings):
    settings.TONGYU_CHANNELS = {"dingtalk": {**settings.TONGYU_CHANNELS["dingtalk"], "secret": "wrong"}}
    assert hand_over("dingtalk", parcel("u1")) == [(Kind.LATER, "40089")]


def test_the_signature_is_that_of_the_vendors_example():
    headers = signed_headers(
        "https://ecs.cn-shanghai.aliyuncs.com/",
        {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"},
        action="RunInstances",
        version="2014-05-26",
        key="YourAccessKeyId",
        secret="YourAccessKeySecret",
        nonce="3156853299f313e23d1673dc12e1703d",
        moment=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_an_sms_carries_its_template_and_no_word_of_the_message(sms):
    code = parcel("+86 139-0000-0001", template="code", words={"code": "482913"})
    assert hand_over("sms", code, parcel("13900000002")) == [(Kind.SENT, "")] * 2
    assert sorted(sms.received) == [
        ("13900000001", "SMS_1", '{"code": "482913"}'),
        ("13900000002", "SMS_2", "{}"),
    ]
    assert "家长会" not in json.dumps(sms.asked, ensure_ascii=False)
    assert "tongyu.example" not in json.dumps(sms.asked)


def test_a_telephone_that_had_one_just_now_waits(sms):
    assert hand_over("sms", parcel("13900000001")) == [(Kind.SENT, "")]
    assert hand_over("sms", parcel("13900000001")) == [(Kind.LATER, "isv.BUSINESS_LIMIT_CONTROL")]


def test_a_wrong_number_is_refused_and_a_wrong_key_is_not_its_fault(sms, settings):
    assert hand_over("sms", parcel("123")) == [(Kind.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL")]
    settings.TONGYU_CHANNELS["sms"]["secret"] = "wrong"
    assert hand_over("sms", parcel("13900000001")) == [(Kind.LATER, "SignatureDoesNotMatch")]


def test_a_repeated_sms_is_known_by_its_nonce_and_not_sent_again(sms):
    sms.faults = ["lose the answer"]
    one = parcel("13900000001")
    assert hand_over("sms", one)[0][0] is Kind.UNSURE
    assert hand_over("sms", one) == [(Kind.UNSURE, "SignatureNonceUsed")]
    assert len(sms.received) == 1


def test_a_template_that_was_not_approved_waits(sms):
    assert hand_over("sms", parcel("13900000001", template="other")) == [(Kind.LATER, "no template")]


@pytest.mark.parametrize(("status", "kind"), [(503, Kind.LATER), (429, Kind.LATER), (500, Kind.UNSURE)])
def test_a_gateway_in_trouble(sms, status, kind):
    sms.faults = [status]
    assert hand_over("sms", parcel("13900000001"))[0][0] is kind


@pytest.mark.parametrize("key", ["sms", "wecom", "dingtalk"])
def test_nobody_at_the_address_is_certainly_not_sent(settings, key):
    nobody = {"url": "http://127.0.0.1:9", "corp": "c", "secret": "s", "agent": "1", "app": "a"}
    more = {"gateway": "aliyun", "key": "k", "sign": "x", "templates": "notice=SMS_2"}
    settings.TONGYU_CHANNELS = {key: nobody | more}
    assert hand_over(key, parcel("13900000001")) == [(Kind.FAILED, "unreachable")]


def test_a_redirect_is_not_followed(sms):
    """Outbound addresses come from the settings only."""
    sms.faults = [302]
    assert hand_over("sms", parcel("13900000001"))[0][0] is Kind.UNSURE
    assert len(sms.asked) == 1


@pytest.mark.parametrize(
    ("debug", "demo", "on"), [(True, "", True), (False, "yes", True), (False, "", False)]
)
def test_the_console_speaks_in_development_and_the_invented_county_only(settings, caplog, debug, demo, on):
    settings.DEBUG = debug
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": demo}}
    assert channels.channel("sms").ready() is on
    if on:
        with caplog.at_level(logging.WARNING):
            hand_over("sms", parcel("13900000001", template="code", words={"code": "482913"}))
        assert "SMS to 13900000001: [code] code=482913" in caplog.text


@pytest.fixture
def mail(settings):
    FakeMail.letters, FakeMail.hang_up_after_data = [], False
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), FakeMail) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.TONGYU_CHANNELS = {"mail": {"host": "127.0.0.1", "sender": "同育 <tongyu@example.org>"}}
        yield FakeMail
        server.shutdown()


def test_a_letter_bears_the_lines_own_id(mail):
    one = parcel("teacher@example.org")
    assert hand_over("mail", one, parcel("nobody@example.org")) == [(Kind.SENT, ""), (Kind.REFUSED, "550")]
    ((to, text),) = mail.letters
    assert (to, f"Message-ID: <{one.id.hex}@example.org>" in text) == ("teacher@example.org", True)


def test_a_letter_without_an_answer_stays_unsure(mail):
    mail.hang_up_after_data = True
    assert hand_over("mail", parcel("teacher@example.org"))[0][0] is Kind.UNSURE
    assert channels.channel("mail").window == timedelta(0)


def test_a_mail_server_that_is_down_is_tried_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.TONGYU_CHANNELS = {"mail": {"host": "127.0.0.1", "sender": "tongyu@example.org"}}
    assert hand_over("mail", parcel("teacher@example.org"))[0][0] is Kind.FAILED


def test_a_number_is_plain():
    assert [plain_number(text) for text in ("+86 139 0000 0001", "139-0000-0001", "8613900000001")] == [
        "13900000001"
    ] * 3


def test_marks_are_of_the_attempt():
    one = Parcel(UUID(int=1), "x", "t", attempt=3)
    assert one.mark == "0" * 31 + "1" + "03"


def test_settings_make_the_channels(monkeypatch):
    for name, value in {
        "TONGYU_SMTP_URL": "smtps://me:p%40ss@mail.example.org",
        "TONGYU_MAIL_FROM": "tongyu@example.org",
        "TONGYU_DEMO_STUDENTS": "0",
    }.items():
        monkeypatch.setenv(name, value)
    assert environment.channels()["mail"] == {"host": "mail.example.org", "sender": "tongyu@example.org"}
    assert environment.mail_server()["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert environment.mail_server()["EMAIL_PORT"] == 465
    assert environment.channels()["sms"]["gateway"] == ""
    monkeypatch.setenv("TONGYU_SMTP_URL", "mail.example.org")
    with pytest.raises(environment.SettingError):
        environment.mail_server()
