"""A guardian comes in by the pages: slip, text message, home page; and every way in which that goes wrong."""

import logging
import re

import pytest
from django.test import Client

from support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.core import jobs
from tongyu.directory.families import inviting
from tongyu.directory.models import AccountPhone, Consent, JoinRequest

pytestmark = pytest.mark.usefixtures("committed")
PHONE, OTHER = "16000000001", "16000000002"


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}


@pytest.fixture
def county(committed):
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township(), "甲小学"))


@pytest.fixture
def child(county, class_):
    child = county.pupil(class_, "马小花")
    county.guardian(child, phone=f"+86{PHONE}")
    return child


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def code(teacher, class_, child):
    with as_asker(teacher):
        return inviting.renew(by=teacher, school_class=class_.code).code


@pytest.fixture
def texted(caplog):
    """The code of the last text message."""

    def last():
        with caplog.at_level(logging.WARNING):
            jobs.run_waiting()
        return re.findall(r"code=(\d{6})", caplog.text)[-1]

    return last


def words(code, /, **changed):
    said = {"code": code, "child_name": "马小花", "relation": "father", "name": "马家长", "phone": PHONE}
    return said | changed


def text(answer):
    return answer.content.decode()


def test_from_the_slip_to_the_home_page_in_two_steps(code, child, texted):
    client = Client()
    assert inviting.shown(code).replace("-", "") in text(client.get(f"/family/join/{code}/"))
    sent = client.post("/family/join/", words(code) | {"send": "1"})
    assert f"验证码已发到 {PHONE}" in text(sent)
    joined = client.post("/family/join/", words(code) | {"one_time": texted()}, follow=True)
    assert joined.redirect_chain[-1][0] == "/family/consent/"
    client.post("/family/consent/", {"child": str(child.pk)})
    assert "马小花" in text(client.get("/family/"))
    with as_system():
        assert Consent.objects.get().decides
    assert client.session.get_expiry_age() > 80 * 24 * 3600


def test_who_puts_consent_off_comes_to_the_home_page_all_the_same(county, child):
    client = signed_in(county.parent(child))
    assert client.get("/family/").headers["Location"] == "/family/consent/"
    assert "请先勾选孩子" in text(client.post("/family/consent/", {}))
    assert client.post("/family/consent/", {"later": "1"}).headers["Location"] == "/family/"
    assert client.get("/family/").status_code == 200
    with as_system():
        assert not Consent.objects.exists()


def test_consent_is_withdrawn_from_the_own_page(county, child):
    client = signed_in(county.parent(child))
    client.post("/family/consent/", {"child": str(child.pk)})
    client.post("/family/consent/withdraw/", {"child": str(child.pk)})
    with as_system():
        assert Consent.objects.get().withdrawn_at is not None
    assert client.post("/family/consent/withdraw/", {"child": "no id"}).status_code == 302


def test_what_does_not_match_waits_for_the_teacher_and_shows_nothing(code, texted, teacher):
    client = Client()
    client.post("/family/join/", words(code, phone=OTHER) | {"send": "1"})
    end = client.post("/family/join/", words(code, phone=OTHER) | {"one_time": texted()}, follow=True)
    assert "已请班主任核对" in text(end)
    page = text(client.get("/", follow=True))
    assert "请等班主任核对" in page
    assert "甲小学" not in page
    assert client.get("/family/").status_code == 403
    assert "1 位家长等您核对" in text(signed_in(teacher).get("/waiting/"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"code": "AAAA-2222"}, "没有这个邀请码"),
        ({"code": ""}, "请填写"),
        ({"child_name": " "}, "请填写"),
        ({"relation": ""}, "请选择"),
        ({"relation": "cousin"}, "选择"),
        ({"phone": "0930-8832000"}, "座机收不到验证码"),
        ({"phone": "138001380"}, "11 位"),
        ({"child_name": "马" * 61}, "60"),
    ],
)
def test_a_fault_is_told_at_its_field_and_no_message_is_sent(code, caplog, changed, says):
    answer = Client().post("/family/join/", words(code, **changed) | {"send": "1"})
    assert answer.status_code == 422
    assert says in text(answer)
    assert not [one for one in caplog.messages if "code=" in one]


def test_a_wrong_code_does_not_sign_in_and_can_be_asked_for_again(code, texted):
    client = Client()
    client.post("/family/join/", words(code) | {"send": "1"})
    wrong = "000000" if texted() != "000000" else "111111"
    answer = client.post("/family/join/", words(code) | {"one_time": wrong})
    assert "验证码不对" in text(answer)
    soon = client.post("/family/join/", words(code) | {"send": "1"})
    assert "请等一分钟" in text(soon)


def test_the_code_of_one_browser_opens_no_other(code, texted):
    Client().post("/family/join/", words(code) | {"send": "1"})
    stranger = Client()
    stranger.get("/family/join/")
    answer = stranger.post("/family/join/", words(code) | {"one_time": texted()})
    assert "验证码不对" in text(answer)


def test_signing_in_answers_known_and_unknown_phones_alike(county, child, texted):
    county.parent(child)
    with as_system():
        known = AccountPhone.objects.get().phone.removeprefix("+86")
    pages = []
    for phone in (known, "16099999999"):
        client = Client()
        pages.append(text(client.post("/family/sign-in/", {"phone": phone, "send": "1"})).replace(phone, ""))
    strip = re.compile(r'(value|content)="\w{64}(\.\w+)?"')
    assert strip.sub("", pages[0]) == strip.sub("", pages[1])


def test_a_guardian_signs_in_again_by_phone(county, child, texted):
    county.parent(child)
    with as_system():
        phone = AccountPhone.objects.get().phone.removeprefix("+86")
    client = Client()
    client.post("/family/sign-in/", {"phone": phone, "send": "1"})
    answer = client.post("/family/sign-in/", {"phone": phone, "one_time": texted()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/family/consent/"


def test_a_teacher_with_a_child_switches_hats_and_is_not_let_in_by_a_text_message(
    county, class_, child, code, teacher, texted
):
    client = signed_in(teacher)
    client.post("/family/join/", words(code) | {"send": "1"})
    client.post("/family/join/", words(code) | {"one_time": texted()})
    page = text(client.get("/family/", follow=True))
    assert "班主任" in page
    assert "家长" in page
    other = Client()
    with as_system():
        AccountPhone.objects.get()
    other.post("/family/sign-in/", {"phone": PHONE, "send": "1"})


def test_large_type_stays_for_the_device(county, child):
    client = signed_in(county.parent(child))
    client.post("/family/large/")
    assert "large-type" in text(client.get("/family/me/"))


def test_a_double_click_on_joining_is_one_request(code, texted):
    client = Client()
    client.post("/family/join/", words(code, phone=OTHER) | {"send": "1"})
    said = words(code, phone=OTHER) | {"one_time": texted()}
    client.post("/family/join/", said)
    client.post("/family/join/", said)
    with as_system():
        assert JoinRequest.objects.count() == 1
