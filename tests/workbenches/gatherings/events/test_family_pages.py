"""The pages about families at a meeting: the class teacher's and a guardian's own."""

import json
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import as_asker, as_system, signed_in
from tests.workbenches.gatherings.events.test_families import build, meeting, says, tap
from tongyu.core.clock import CHINA
from tongyu.core.ids import uuid7
from tongyu.records.facts import facts_of
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.actions import Tap
from tongyu.workbenches.gatherings.events.models import Event, FamilyAnswer, FamilyQuestion, Participation

TODAY = date(2026, 11, 23)


@pytest.fixture
def place(db):
    return build()


def of_class(event, county, name="families"):
    return reverse(f"events:{name}", args=[event.pk, county.one.code])


def send(client, event, county, *taps, query=""):
    return client.post(
        of_class(event, county, "taps") + query, json.dumps({"taps": list(taps)}), "application/json"
    )


def one_tap(child, mark="1"):
    return {"id": str(uuid7()), "student": str(child.pk), "mark": mark, "at": "2026-11-23T07:00:00.000Z"}


def test_planning_and_inviting_is_one_form(place):
    client = signed_in(place.t)
    sent = {
        "id": str(uuid7()), "occurred_on": "2026-11-28", "starts": "15:00", "with_parents": "on", "act": "invited",
    }  # fmt: skip
    answer = client.post(reverse("events:enter", args=["parent_meeting"]), sent)
    page = client.get(answer.url).text
    assert "已列入计划，家长在首页能看到邀请。" in page
    assert "3 个孩子中，1 个有家长已加入" in page
    assert "其余 2 家收不到" in page
    home = signed_in(place.father).get(reverse("families:home"), follow=True)
    assert home.status_code == 200
    with as_system():
        assert Event.objects.get().invited_at is not None


def test_planning_a_day_that_is_past_with_an_invitation_saves_nothing(place):
    sent = {
        "id": str(uuid7()), "occurred_on": "2026-11-20", "starts": "15:00", "with_parents": "on", "act": "invited",
    }  # fmt: skip
    page = signed_in(place.t).post(reverse("events:enter", args=["parent_meeting"]), sent)
    assert (page.status_code, "日期已经过去" in page.text) == (422, True)
    with as_system():
        assert not Event.objects.exists()


def test_an_invitation_without_its_hour_is_asked_for_it_and_saves_nothing(place):
    sent = {"id": str(uuid7()), "occurred_on": "2026-11-28", "with_parents": "on", "act": "invited"}
    page = signed_in(place.t).post(reverse("events:enter", args=["parent_meeting"]), sent)
    assert (page.status_code, "请写明几点开始" in page.text) == (422, True)
    with as_system():
        assert not Event.objects.exists()


def test_a_guardian_answers_with_one_tap_and_changes_it(place):
    event, client = meeting(place.t), signed_in(place.father)
    address = reverse("events:family_event", args=[event.pk])
    page = client.get(address).text
    assert all(words in page for words in ("我来", "别的家人来", "来不了", "请准时", "11月28日"))
    for word in ("come", "no"):
        sent = {"says": f"{word}-{place.ma.pk}"}
        answer = client.post(reverse("events:family_answer", args=[event.pk]), sent)
        assert answer.url == address
    with as_system():
        assert FamilyAnswer.objects.get().says == "no"


@pytest.mark.parametrize(
    "sent", [{}, {"says": "come-x"}, {"says": f"come-{uuid7()}"}, {"says": "come\x00-1"}]
)
def test_an_odd_answer_is_refused_and_no_server_error(place, sent):
    event = meeting(place.t)
    answer = signed_in(place.father).post(reverse("events:family_answer", args=[event.pk]), sent, follow=True)
    assert "从自己的孩子里选" in answer.text
    odd = signed_in(place.father).post(
        reverse("events:family_answer", args=[event.pk]), {"says": f"maybe-{place.ma.pk}"}, follow=True
    )
    assert "请选择来还是不来" in odd.text


def test_strangers_find_no_page(place):
    event, client = meeting(place.t), signed_in(place.parent(place.pupil(place.two, "别班")))
    assert client.get(reverse("events:family_event", args=[event.pk])).status_code == 404
    assert client.post(reverse("events:family_answer", args=[event.pk])).status_code == 404
    assert client.post(reverse("events:family_ask", args=[event.pk])).status_code == 404
    teacher = signed_in(place.teacher(place.two))
    for name in ("families", "follow_up", "questions", "paper"):
        assert teacher.get(of_class(event, place, name)).status_code == 404
    assert send(teacher, event, place, one_tap(place.ma)).status_code == 404


def test_the_list_shows_answers_before_the_day_and_marks_on_it(place, settings):
    event, client = meeting(place.t), signed_in(place.t)
    says(place.father, event, place.ma, "come")
    says(place.mother, event, place.ma, "no")
    page = client.get(of_class(event, place)).text
    assert "父亲 我来；母亲 来不了" in page
    assert "两位家长回复不同" in page
    assert 'type="radio"' not in page
    settings.TONGYU_TODAY = date(2026, 11, 28)
    page = client.get(of_class(event, place)).text
    assert page.count('type="radio"') == 9
    assert "data-taps" in page


def test_a_tap_is_stored_and_named_in_the_answer(place):
    event, client = meeting(place.t), signed_in(place.t)
    sent, stranger = one_tap(place.ma), one_tap(place.pupil(place.two, "别班"))
    assert send(client, event, place, sent, stranger).json() == {
        "taps": {sent["id"]: "stored", stranger["id"]: "refused"}
    }
    assert send(client, event, place, sent).json() == {"taps": {sent["id"]: "known"}}
    assert send(client, event, place, one_tap(place.he, "0"), query="?how=paper").status_code == 200
    with as_system():
        assert {row.how for row in Participation.objects.all()} == {"list", "paper"}


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "{}", '{"taps": 1}', '{"taps": [1]}', '{"taps": [{}]}', '{"taps": [{"id": "x"}]}', "\x00",
        '{"taps": [{"id": 1, "student": 2, "mark": "1"}]}', "[" * 50_000,
        json.dumps({"taps": [{"id": str(uuid7()), "student": str(uuid7()), "mark": "2"}]}),
        json.dumps({"taps": [{"id": str(uuid7()), "student": str(uuid7()), "mark": []}]}),
    ],
)  # fmt: skip
def test_odd_taps_are_refused_and_no_server_error(place, body):
    event = meeting(place.t)
    answer = signed_in(place.t).post(of_class(event, place, "taps"), body, "application/json")
    assert (answer.status_code, "fault" in answer.json()) == (400, True)


def test_taps_sent_as_a_form_are_refused(place):
    event = meeting(place.t)
    answer = signed_in(place.t).post(of_class(event, place, "taps"), {"taps": "[]"})
    assert (answer.status_code, "fault" in answer.json()) == (400, True)


def test_odd_moments_of_a_tap_do_not_matter(place):
    event, client = meeting(place.t), signed_in(place.t)
    for at in (None, 7, "gestern", "2026-13-45T00:00:00Z", "1970-01-01T00:00:00Z"):
        sent = {**one_tap(place.ma), "at": at}
        assert send(client, event, place, sent).json()["taps"] == {sent["id"]: "stored"}


def test_too_many_taps_and_a_cancelled_meeting_say_so(place):
    event, client = meeting(place.t), signed_in(place.t)
    many = [one_tap(place.ma) for _ in range(201)]
    assert send(client, event, place, *many).status_code == 409
    with as_asker(place.t):
        actions.cancel_event(by=place.t, event=event, reason="大雪")
    answer = send(client, event, place, one_tap(place.ma))
    assert (answer.status_code, "取消" in answer.json()["fault"]) == (409, True)


def test_without_script_the_form_saves_only_what_was_touched(place):
    event, client = meeting(place.t, occurred_on=TODAY, starts_at=None), signed_in(place.t)
    address = of_class(event, place)
    shown = client.get(address).context["shown"]
    assert shown == "---"
    tap(place.t, event, place, Tap(uuid7(), place.he.pk, True))
    sent = {"shown": shown, f"f{place.ma.pk.hex}": "1", f"f{place.he.pk.hex}": "", f"f{place.li.pk.hex}": "0"}
    assert client.post(address, sent).status_code == 302
    with as_system():
        there = dict(Participation.objects.values_list("student", "attended"))
    assert there == {place.ma.pk: True, place.he.pk: True, place.li.pk: False}
    assert client.post(address, {"shown": "--", "rest": "0"}).status_code == 422


def test_the_follow_up_list_is_ticked_with_one_tap_a_family(place):
    event, client = meeting(place.t, occurred_on=TODAY, starts_at=None), signed_in(place.t)
    for child in (place.ma, place.he, place.li):
        tap(place.t, event, place, Tap(uuid7(), child.pk, False))
    address = of_class(event, place, "follow_up")
    assert "还没告知 3 家" in client.get(address).text
    client.post(address, {"told": f"phone-f{place.ma.pk.hex}"})
    assert "还没告知 2 家" in client.get(address).text
    client.post(address, {"rest": "paper"})
    page = client.get(address).text
    assert ("还没告知" in page, page.count("纸质通知")) == (False, 2)
    assert client.post(address, {"told": "owl-x"}).status_code == 422


def test_the_summary_is_two_taps_and_reaches_the_invited_families(place):
    event, client = meeting(place.t, occurred_on=TODAY, starts_at=None), signed_in(place.t)
    sent = {"topics": ["安全", "手机管理"], "summary": "谢谢各位。", "share": "on"}
    assert client.post(reverse("events:hold", args=[event.pk]), sent).status_code == 302
    page = signed_in(place.father).get(reverse("events:family_event", args=[event.pk])).text
    assert "讲了：安全、手机管理。谢谢各位。" in page


def test_a_summary_that_is_not_shared_stays_in_the_school(place):
    event, client = meeting(place.t, occurred_on=TODAY, starts_at=None), signed_in(place.t)
    client.post(reverse("events:hold", args=[event.pk]), {"summary": "内部的话"})
    assert "内部的话" not in signed_in(place.father).get(reverse("events:family_event", args=[event.pk])).text


def test_a_question_goes_to_the_teacher_and_its_answer_to_the_class_without_the_name(place):
    event = meeting(place.t)
    own = reverse("events:family_event", args=[event.pk])
    asked = {"id": str(uuid7()), "student": str(place.ma.pk), "text": "作业要多久？"}
    signed_in(place.father).post(reverse("events:family_ask", args=[event.pk]), asked)
    with as_system():
        question = FamilyQuestion.objects.get()
    teacher = signed_in(place.t)
    page = teacher.get(of_class(event, place, "questions")).text
    assert ("作业要多久？" in page, "马一的家长 马父" in page, "待答复" in page) == (True, True, True)
    reply = reverse("events:reply", args=[question.pk])
    assert teacher.post(reply, {"answer": ""}).status_code == 422
    assert teacher.post(reply, {"answer": "一小时", "share": "on"}).status_code == 302
    other = signed_in(place.parent(place.he, name="何父")).get(own).text
    assert ("作业要多久？" in other, "一小时" in other, "马父" in other, "马一" in other) == (
        True,
        True,
        False,
        False,
    )
    assert signed_in(place.teacher(place.two)).get(reply).status_code == 404


def test_a_guardian_scans_the_code_and_signs_in_the_own_children(place):
    event = meeting(place.t, occurred_on=TODAY, starts_at=None)
    address = reverse("events:sign_in")
    client, token = signed_in(place.father), actions.sign_in_token(event)
    page = client.get(address, {"code": token}).text
    assert ("为孩子签到：" in page, "马一" in page) == (True, True)
    assert client.post(address, {"code": token}).url == reverse("events:family_event", args=[event.pk])
    assert (
        "没有邀请"
        in signed_in(place.parent(place.pupil(place.two, "别班"))).get(address, {"code": token}).text
    )


def queries(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_ask_as_often_for_three_families_as_for_thirty(place):
    event = meeting(place.t, occurred_on=TODAY, starts_at=datetime(2026, 11, 23, 0, 1, tzinfo=CHINA))
    teacher, father = signed_in(place.t), signed_in(place.father)
    staff = [of_class(event, place, name) for name in ("families", "follow_up", "questions", "paper")]
    staff.append(reverse("events:detail", args=[event.pk]))
    own = [reverse("events:family_list"), reverse("events:family_event", args=[event.pk])]
    few = [queries(teacher, address) for address in staff] + [queries(father, address) for address in own]
    for number in range(27):
        place.guardian(place.pupil(place.one, f"孩子{number}"))
        meeting(place.t) if number < 5 else None
    many = [queries(teacher, address) for address in staff] + [queries(father, address) for address in own]
    assert many == few
    assert max(many) <= 20


def test_a_guardians_pages_are_small(place):
    event = meeting(place.t)
    client = signed_in(place.father)
    for address in (reverse("events:family_list"), reverse("events:family_event", args=[event.pk])):
        assert len(client.get(address).content) < 15_000


def test_a_guardian_confirms_a_meeting_or_says_that_it_was_not_held(place):
    event, leader = meeting(place.t, occurred_on=TODAY, starts_at=None), signed_in(place.leader(place.a))
    confirm, own = (reverse(f"events:family_{name}", args=[event.pk]) for name in ("confirm", "event"))
    father, mother = signed_in(place.father), signed_in(place.mother)
    assert father.post(confirm, {"took_place": "yes"}).status_code == 403
    with as_asker(place.t):
        actions.hold_event(by=place.t, event=event)
    assert "谢谢，已记下。" in father.post(confirm, {"took_place": "yes"}, follow=True).text
    with as_system():
        assert Event.objects.get().confirmed is True
        assert facts_of("event", [event.pk])[0].confirmed is True
    assert leader.get(reverse("events:doubted")).context["rows"] == []
    mother.post(confirm, {"took_place": "no", "words": "那天没有开会"})
    with as_system():
        assert Event.objects.get().confirmed is None
    page = leader.get(reverse("events:doubted"))
    assert ("那天没有开会" in page.text, "马母" in page.text) == (True, False)
    (answer, _event, _place) = page.context["rows"][0]
    address = reverse("events:looked_into", args=[answer.pk])
    assert leader.post(address, {"outcome": ""}).status_code == 422
    assert leader.post(address, {"outcome": "改到周三了"}).status_code == 302
    assert "改到周三了" in mother.get(own).text
    assert "改到周三了" not in father.get(own).text
    odd = father.post(confirm, {"took_place": "x"}, follow=True)
    assert odd.status_code == 200
