"""The pages of committees: vacancies first, electing, renewing, changing members, who sees what."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.committees import actions
from tongyu.workbenches.families.committees.actions import NewMember
from tongyu.workbenches.families.committees.models import Committee, Member

PEOPLE = (NewMember("马家长", "chair"), NewMember("王家长"))


@pytest.fixture
def place(db):
    county = County()
    county.town = county.township("太极镇")
    county.school_a = county.school(county.town)
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.class_2 = county.class_(county.school_a, 2023, 2)
    county.head = county.leader(county.school_a)
    return county


def elect(by, body, **kwargs):
    fields = {"elected_on": date(2026, 9, 20), "until_day": date(2028, 9, 1), "members": PEOPLE, **kwargs}
    with as_asker(by):
        return actions.elect_committee(by=by, body=body.code, **fields)


def form(*members, **kwargs):
    rows = {"m-TOTAL_FORMS": str(len(members)), "m-INITIAL_FORMS": "0"}
    for number, (name, office) in enumerate(members):
        rows |= {f"m-{number}-name": name, f"m-{number}-office": office, f"m-{number}-relation": ""}
    return {"id": str(uuid7()), "elected_on": "2026-09-20", "last_day": "2027-08-31", **rows, **kwargs}


TWO = (("马家长", "chair"), ("王家长", "member"), ("", "member"))


def test_vacancies_stand_first(place):
    elect(place.head, place.class_1)
    elect(place.head, place.school_a, members=PEOPLE[:1])
    page = signed_in(place.head).get(reverse("committees:list"))
    shown = [(row["name"], row["post"].state) for _, rows in page.context["levels"] for row in rows]
    assert shown == [
        ("中心小学", "incomplete"),
        ("四年级", "none"),
        ("四年级2班", "none"),
        ("四年级1班", "complete"),
    ]
    assert (page.context["vacant"], page.context["total"]) == (3, 4)


def test_a_class_teacher_elects_for_the_own_class(place):
    client = signed_in(place.teacher(place.class_1))
    assert client.get(reverse("committees:new")).url == reverse("committees:elect", args=[place.class_1.code])
    answer = client.post(reverse("committees:elect", args=[place.class_1.code]), form(*TWO))
    with as_system():
        committee = Committee.objects.get()
        names = list(Member.objects.order_by("id").values_list("name", flat=True))
    assert answer.url == reverse("committees:detail", args=[committee.pk])
    assert (committee.until_day, names) == (date(2027, 9, 1), ["马家长", "王家长"])
    assert "在任" in client.get(answer.url).text
    assert client.get(reverse("committees:elect", args=[place.class_2.code])).status_code == 404


def test_the_body_that_a_board_asked_for_is_chosen(place):
    client, new = signed_in(place.head), reverse("committees:new")
    asked = {"org": str(place.class_2.code), "category": "class"}
    assert client.get(new, asked).url == reverse("committees:elect", args=[place.class_2.code])
    elect(place.head, place.class_2)
    answer = client.get(new, asked, follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0].endswith("/renew/")) == (200, True)


@pytest.mark.parametrize("asked", ["class_2", "town", "", "十", "9" * 30, "-1", "1.5"])
def test_a_body_out_of_reach_or_no_body_leaves_the_choice_as_it_was(place, asked):
    client = signed_in(place.teacher(place.class_1))
    code = str(getattr(place, asked).code) if hasattr(place, asked) else asked
    answer = client.get(reverse("committees:new"), {"org": code})
    assert answer.url == reverse("committees:elect", args=[place.class_1.code])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (form(*TWO, elected_on="2026-12-01"), "选举日期还没有到。"),
        (form(*TWO, elected_on=""), "请填写选举日期。"),
        (form(*TWO, last_day="2026-09-01"), "任期届满日应晚于选举日期。"),
        (form(*TWO, last_day="9999-12-31"), "任期不应超过六年"),
        (form(("", "chair")), "请至少填写一名成员。"),
        (form(("长" * 61, "chair")), "确保该变量"),
        (form(("马家长", "boss")), "选择一个有效的选项"),
        ({**form(*TWO), "m-TOTAL_FORMS": "x"}, "ManagementForm"),
        ({**form(*TWO), "m-TOTAL_FORMS": "99999"}, ""),
        (form(*TWO, id="1"), ""),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(place, fields, words):
    client = signed_in(place.head)
    page = client.post(reverse("committees:elect", args=[place.class_1.code]), fields)
    assert page.status_code == 422
    assert words in page.text
    with as_system():
        assert Committee.objects.count() == 0


def test_more_rows_keep_what_was_typed(place):
    client = signed_in(place.head)
    page = client.post(reverse("committees:elect", args=[place.class_1.code]), form(*TWO, more="1"))
    assert page.status_code == 200
    assert len(page.context["rows"].forms) == 8
    assert 'value="马家长"' in page.text


def test_a_second_committee_is_a_new_term(place):
    old, client = elect(place.head, place.class_1, elected_on=date(2025, 9, 20)), signed_in(place.head)
    address = reverse("committees:renew", args=[old.pk])
    assert client.get(reverse("committees:elect", args=[place.class_1.code])).url == address
    assert client.post(address, form(*TWO)).status_code == 302
    with as_system():
        assert [c.ends_on for c in Committee.objects.order_by("occurred_on")] == [
            date(2026, 9, 20),
            date(2027, 9, 1),
        ]


def test_members_change_with_a_reason(place):
    committee, client = elect(place.head, place.class_1), signed_in(place.head)
    with as_system():
        chair, other = committee.members.order_by("id")
    address = reverse("committees:members", args=[committee.pk])
    fields = {
        **form(("李家长", "member")),
        "version": "1",
        "on": "2026-11-10",
        f"member-{chair.pk.hex}": "leaves",
        f"member-{other.pk.hex}": "chair",
    }
    assert client.post(address, {**fields, "reason": ""}).context["form"].errors["reason"] == [
        "请填写变动的原因。"
    ]
    assert client.post(address, {**fields, "reason": "改选", "on": "2026-12-10"}).status_code == 422
    assert client.post(address, {**fields, "reason": "改选"}).status_code == 302
    with as_system():
        now = set(Member.objects.filter(until_day__isnull=True).values_list("name", "office"))
    assert now == {("王家长", "chair"), ("李家长", "member")}
    assert "曾任" in client.get(reverse("committees:detail", args=[committee.pk])).text


def test_correcting_and_dissolving(place):
    committee, client = elect(place.head, place.class_1), signed_in(place.head)
    fields = {
        **form(),
        "elected_on": "2026-09-12",
        "version": "1",
        "reason": "记错",
        "charter": "永章〔2026〕1号",
    }
    assert client.post(reverse("committees:correct", args=[committee.pk]), fields).status_code == 302
    end = {"version": "2", "on": "2026-11-01", "reason": "并班"}
    assert client.post(reverse("committees:dissolve", args=[committee.pk]), end).status_code == 302
    with as_system():
        committee.refresh_from_db()
    assert (committee.occurred_on, committee.dissolved_on) == (date(2026, 9, 12), date(2026, 11, 1))


def test_the_committee_of_another_class_is_not_found(place):
    committee = elect(place.head, place.class_1)
    client = signed_in(place.teacher(place.class_2))
    assert client.get(reverse("committees:detail", args=[committee.pk])).status_code == 404
    assert client.post(reverse("committees:members", args=[committee.pk]), {}).status_code == 404
    assert client.get(reverse("committees:school", args=[place.school_a.code])).context["total"] == 1


def test_a_township_counts_and_looks_but_keeps_nothing(place):
    committee = elect(place.head, place.class_1)
    client = signed_in(place.township_staff(place.town))
    (row,) = client.get(reverse("committees:list")).context["rows"]
    assert (row.wanted, row.held, row.missing) == (4, 1, 3)
    assert client.get(reverse("committees:school", args=[place.school_a.code])).status_code == 200
    assert client.get(reverse("committees:detail", args=[committee.pk])).status_code == 200
    assert client.get(reverse("committees:renew", args=[committee.pk])).status_code == 403
    assert client.get(reverse("committees:list"), {"format": "xlsx"}).content.startswith(b"PK")


@pytest.mark.parametrize("asker", ["leader", "township"])
def test_lists_ask_as_often_for_three_as_for_one(place, asker):
    who = place.head if asker == "leader" else place.township_staff(place.town)
    client, address = signed_in(who), reverse("committees:list")
    elect(place.head, place.class_1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    elect(place.head, place.class_2)
    elect(place.head, place.school_a)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)
