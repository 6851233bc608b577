"""The pages of events: entering, holding, cancelling, signing in, lists and their queries."""

from datetime import date
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.models import Event, How, Participation, Status

DAY = date(2026, 11, 20)


@pytest.fixture
def place(db):
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.class_2 = county.class_(county.school_a, 2023, 2)
    county.school_b = county.school(county.township("岘塬镇"), "岘塬镇中心小学")
    return county


def held(by, **kwargs):
    fields = {"type": "parent_meeting", "occurred_on": DAY, **kwargs}
    with as_asker(by):
        return actions.record_held(by=by, **fields)


def planned(by, **kwargs):
    fields = {"type": "parent_meeting", "occurred_on": DAY, **kwargs}
    with as_asker(by):
        return actions.plan_event(by=by, **fields)


def stored():
    with as_system():
        return list(Event.objects.order_by("id"))


def form(**kwargs):
    return {"id": str(uuid7()), "occurred_on": "2026-11-20", "act": "held", **kwargs}


def test_a_class_teacher_enters_a_meeting_with_one_number(place):
    client = signed_in(place.teacher(place.class_1))
    answer = client.post(
        reverse("events:enter", args=["parent_meeting"]), form(people="31", with_parents="on")
    )
    (event,) = stored()
    assert answer.url == reverse("events:detail", args=[event.pk])
    assert (event.status, event.participants, event.with_parents) == (Status.HELD, 31, True)
    assert (event.org, event.title) == (place.class_1.code, "家长会")


def test_the_form_of_a_teacher_asks_five_things_and_is_small(place):
    page = signed_in(place.teacher(place.class_1)).get(reverse("events:enter", args=["parent_meeting"]))
    shown = page.context["form"].main_fields
    assert [field.name for field in shown] == ["occurred_on", "people", "with_parents", "summary"]
    assert len(page.content) < 33_000


def test_a_planned_event_is_held_in_one_form(place):
    leader = place.leader(place.school_a)
    client = signed_in(leader)
    client.post(reverse("events:enter", args=["guidance"]), form(act="planned", people="50"))
    (event,) = stored()
    assert (event.status, event.expected) == (Status.PLANNED, 50)
    assert "确认已举行" in client.get(reverse("events:detail", args=[event.pk])).text
    client.post(
        reverse("events:hold", args=[event.pk]), {"participants": "48", "hours": "1.5", "summary": "好"}
    )
    (event,) = stored()
    assert (event.status, event.participants, event.summary) == (Status.HELD, 48, "好")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"occurred_on": "2026-13-40"}, "occurred_on", "输入一个有效的日期。"),
        ({"occurred_on": ""}, "occurred_on", "请填写日期。"),
        ({"occurred_on": "2026-12-01"}, "occurred_on", "这一天还没有到。请先保存为计划，举行之后再确认。"),
        ({"people": "许多"}, "people", "输入整数。"),
        ({"people": "-3"}, "people", "确保该值大于或等于0。"),
        ({"starts": "10:00", "ends": "09:00"}, "ends", "结束时间应晚于开始时间。"),
        ({"hours": "NaN"}, "hours", "输入一个数字。"),
        ({"scopes": ["1"]}, "scopes", "选择一个有效的选项。 1 不在可用的选项中。"),
        ({"co_organisers": ["x"]}, "co_organisers", "选择一个有效的选项。 x 不在可用的选项中。"),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, field, words):
    client = signed_in(place.leader(place.school_a))
    page = client.post(reverse("events:enter", args=["sport"]), form(**fields))
    assert (page.status_code, page.context["form"].errors[field]) == (422, [words])
    assert stored() == []


def test_nul_and_long_words_are_no_server_error(place):
    client = signed_in(place.leader(place.school_a))
    page = client.post(
        reverse("events:enter", args=["sport"]), form(summary="a\x00b", title="长" * 200, id="x")
    )
    assert page.status_code == 422
    assert set(page.context["form"].errors) >= {"title", "id", "summary"}


def test_a_form_sent_twice_is_one_event(place):
    client = signed_in(place.leader(place.school_a))
    fields = form(summary="一")
    first, second = (client.post(reverse("events:enter", args=["sport"]), fields) for _ in range(2))
    assert first.url == second.url
    assert len(stored()) == 1


def test_an_unknown_type_is_not_found(place):
    client = signed_in(place.leader(place.school_a))
    assert client.get(reverse("events:enter", args=["dancing"])).status_code == 404


def test_the_picker_finds_types_by_other_words(place):
    client = signed_in(place.leader(place.school_a))
    page = client.get(reverse("events:new"), {"q": "疏散"}).text
    assert "安全演练" in page
    assert "家长会" not in page


def test_the_event_of_another_school_is_not_found(place):
    event = held(place.leader(place.school_a), title="秋季恳谈会")
    client = signed_in(place.leader(place.school_b))
    assert client.get(reverse("events:detail", args=[event.pk])).status_code == 404
    assert client.post(reverse("events:cancel", args=[event.pk]), {"reason": "x"}).status_code == 404
    assert event.title not in client.get(reverse("events:list")).text


def test_an_invited_school_looks_but_may_not_cancel(place):
    event = planned(place.department_staff("justice"), type="legal_lecture", scopes=[place.school_a.code])
    client = signed_in(place.leader(place.school_a))
    page = client.get(reverse("events:detail", args=[event.pk]))
    assert (page.status_code, "确认已举行" in page.text) == (200, False)
    for name in ("hold", "cancel"):
        assert client.post(reverse(f"events:{name}", args=[event.pk]), {"reason": "x"}).status_code == 403
    assert client.get(reverse("events:correct", args=[event.pk])).status_code == 403
    assert client.get(reverse("events:code", args=[event.pk])).status_code == 403


def test_cancelling_needs_a_reason(place):
    leader = place.leader(place.school_a)
    event, client = planned(leader), signed_in(leader)
    assert "请写明取消的原因" in client.post(reverse("events:cancel", args=[event.pk]), follow=True).text
    client.post(reverse("events:cancel", args=[event.pk]), {"reason": "停电"})
    assert (stored()[0].status, stored()[0].cancel_reason) == (Status.CANCELLED, "停电")


def test_correcting_keeps_what_the_form_did_not_change(place):
    leader = place.leader(place.school_a)
    event = held(leader, participants=30, summary="一", scopes=[place.class_1.code])
    client, address = signed_in(leader), reverse("events:correct", args=[event.pk])
    initial = client.get(address).context["form"].initial
    assert initial["scopes"] == [place.class_1.code]
    fields = {
        "id": str(event.pk),
        "version": "1",
        "reason": "数错了",
        "occurred_on": "2026-11-20",
        "scopes": [str(place.class_1.code)],
        "people": "32",
        "summary": "一",
        "title": "家长会",
    }
    assert client.post(address, {**fields, "reason": ""}).context["form"].errors["reason"] == [
        "请填写更正的原因。"
    ]
    assert client.post(address, fields).status_code == 302
    assert stored()[0].participants == 32
    assert "有人改过" in client.post(address, fields).text


@pytest.mark.parametrize("name", ["list", "month"])
def test_lists_ask_as_often_for_three_as_for_one(place, name):
    leader = place.leader(place.school_a)
    client, address = signed_in(leader), reverse(f"events:{name}")
    held(leader)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        held(
            leader,
            co_organisers=[place.departments["women"].code],
            scopes=[place.class_1.code, place.class_2.code],
        )
    with CaptureQueriesContext(connection) as three:
        page = client.get(address)
    assert page.text.count("家长会") >= 3
    assert len(three) == len(one)


def test_the_list_as_a_workbook(place):
    leader = place.leader(place.school_a)
    held(leader)
    answer = signed_in(leader).get(reverse("events:list"), {"format": "xlsx"})
    assert answer.content.startswith(b"PK")
    assert "活动.xlsx" in unquote(answer["Content-Disposition"])


@pytest.mark.parametrize("of", ["2026-13", "x", "2026", "", "٢٠٢٦-11"])
def test_an_odd_month_is_this_month_or_a_month(place, of):
    page = signed_in(place.leader(place.school_a)).get(reverse("events:month"), {"of": of})
    assert page.status_code == 200


def test_attendance_is_three_valued(place):
    teacher = place.teacher(place.class_1)
    pupils = [place.pupil(place.class_1, name) for name in ("甲", "乙", "丙")]
    guardian = place.guardian(pupils[0], "甲父")
    event, client = held(teacher, with_parents=True), signed_in(teacher)
    parents = reverse("events:attendance", args=[event.pk, place.class_1.code])
    address = f"{parents}?who=pupils"
    keys = {person.name: person.key for person in client.get(address).context["people"]}
    (parent,) = client.get(parents).context["people"]
    client.post(address, {keys["甲"]: "1", keys["乙"]: "0"})
    assert marks() == {("甲", None): True, ("乙", None): False}
    client.post(address, {keys["甲"]: "1", keys["乙"]: "0", keys["丙"]: "", "rest": "1"})
    assert marks() == {("甲", None): True, ("乙", None): False, ("丙", None): True}
    client.post(address, {keys["乙"]: ""})
    assert marks()[("乙", None)] is None
    client.post(parents, {parent.key: "1"})
    assert marks()[("甲", guardian.pk)] is True


def test_a_page_that_stood_open_does_not_wipe_what_another_recorded(place):
    teacher, leader = place.teacher(place.class_1), place.leader(place.school_a)
    for name in ("甲", "乙"):
        place.pupil(place.class_1, name)
    event, client = held(teacher), signed_in(teacher)
    address = reverse("events:attendance", args=[event.pk, place.class_1.code])
    stale = client.get(address).context
    keys = {person.name: person.key for person in stale["people"]}
    signed_in(leader).post(address, {keys["甲"]: "1", keys["乙"]: "", "shown": stale["shown"], "hours": "2"})
    client.post(address, {keys["甲"]: "", keys["乙"]: "0", "shown": stale["shown"]})
    assert marks() == {("甲", None): True, ("乙", None): False}
    client.post(address, {keys["甲"]: "1", keys["乙"]: "1", "shown": client.get(address).context["shown"]})
    with as_system():
        assert Participation.objects.get(student__name="甲").hours == 2
    assert client.post(address, {keys["甲"]: "0", "shown": "1"}).status_code == 422
    client.post(address, {keys["甲"]: "", keys["乙"]: "1", "shown": "11"})
    assert marks() == {("甲", None): None, ("乙", None): True}


def test_the_list_of_a_big_class_is_small(place):
    teacher = place.teacher(place.class_1)
    for number in range(50):
        place.guardian(place.pupil(place.class_1, f"学生{number}"), f"家长{number}")
    event, client = held(teacher, with_parents=True), signed_in(teacher)
    page = client.get(reverse("events:attendance", args=[event.pk, place.class_1.code]))
    assert len(page.context["people"]) == 50
    assert len(page.content) < 33_000


def test_a_department_must_say_for_whom(place):
    client = signed_in(place.department_staff("justice"))
    page = client.post(reverse("events:enter", args=["legal_lecture"]), form())
    assert page.context["form"].errors["scopes"] == ["请选择参加范围。"]


def test_what_was_written_beside_a_plan_is_kept(place):
    client = signed_in(place.leader(place.school_a))
    client.post(reverse("events:enter", args=["guidance"]), form(act="planned", summary="请带水杯"))
    assert stored()[0].summary == "请带水杯"


def marks():
    with as_system():
        return {(row.student.name, row.guardian_id): row.attended for row in Participation.objects.all()}


def test_the_list_of_another_class_is_not_found(place):
    teacher = place.teacher(place.class_1)
    event = held(place.leader(place.school_a))
    client = signed_in(teacher)
    assert client.get(reverse("events:attendance", args=[event.pk, place.class_2.code])).status_code == 404
    assert client.get(reverse("events:attendance", args=[event.pk, place.class_1.code])).status_code == 200


def test_a_department_sees_no_names_at_its_own_event(place):
    staff = place.department_staff("justice")
    event = held(staff, type="legal_lecture", scopes=[place.school_a.code])
    place.pupil(place.class_1, "甲")
    teacher = place.teacher(place.class_1)
    with as_asker(teacher):
        actions.sign_in_list(
            by=teacher, event=event, class_code=place.class_1.code, marks={}, rest_present=True
        )
    with as_asker(staff):
        assert Participation.objects.count() == 0
    assert signed_in(staff).get(reverse("events:detail", args=[event.pk])).context["counts"]["present"] == 0


@pytest.mark.parametrize("hours", ["abc", "-1", "1e9", "NaN"])
def test_odd_hours_change_nothing(place, hours):
    teacher = place.teacher(place.class_1)
    place.pupil(place.class_1)
    event, client = held(teacher), signed_in(teacher)
    address = reverse("events:attendance", args=[event.pk, place.class_1.code])
    assert client.post(address, {"rest": "1", "hours": hours}).status_code == 422
    assert marks() == {}


def test_a_teacher_signs_in_by_the_code_once(place):
    event = planned(place.leader(place.school_a))
    teacher = place.teacher(place.class_1)
    token, client = actions.sign_in_token(event), signed_in(teacher)
    assert event.title in client.get(reverse("events:sign_in"), {"code": token}).text
    for _ in range(2):
        client.post(reverse("events:sign_in"), {"code": token})
    with as_system():
        (row,) = Participation.objects.all()
    assert (row.staff_id, row.how, row.attended, row.org) == (
        teacher.staff_id,
        How.QR,
        True,
        place.class_1.code,
    )


def test_a_stale_forged_or_foreign_code_is_refused(place, monkeypatch):
    event = planned(place.leader(place.school_a))
    token = actions.sign_in_token(event)
    client = signed_in(place.teacher(place.class_1))
    assert "签到码无效" in client.get(reverse("events:sign_in"), {"code": token + "x"}).text
    foreign = signed_in(place.leader(place.school_b))
    assert "没有邀请" in foreign.post(reverse("events:sign_in"), {"code": token}).text
    monkeypatch.setattr("time.time", lambda: __import__("datetime").datetime(2099, 1, 1).timestamp())
    with pytest.raises(Exception, match="过期"), as_asker(teacher := place.teacher(place.class_2)):
        actions.sign_in_by_token(by=teacher, token=token)


def test_the_code_is_drawn(place):
    leader = place.leader(place.school_a)
    page = signed_in(leader).get(reverse("events:code", args=[planned(leader, with_parents=True).pk])).text
    assert "<svg" in page
    assert "style=" not in page
    assert "家长要先受到邀请才能扫码签到" in page


def test_the_shared_page_withdraws_an_event(place):
    leader = place.leader(place.school_a)
    event = held(leader)
    address = reverse("records:withdraw", args=["event", event.pk])
    answer = signed_in(leader).post(f"{address}?version=1", {"reason": "重复"})
    assert answer.status_code == 302
    assert stored()[0].withdrawn_at is not None
