"""The pages of talks: offering a day, a guardian's choice of times, the teacher's list."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import as_system, signed_in
from tests.workbenches.gatherings.talks.test_booking import book, build, offered, slots, standing
from tongyu.core.ids import uuid7
from tongyu.workbenches.gatherings.talks.models import Booking, TalkClass, TalkDay, TalkSlot


@pytest.fixture
def place(db):
    return build()


def form(county, **changed):
    return {
        "id": str(uuid7()), "day": "2026-11-28", "starts": "14:00", "ends": "15:00", "minutes": "10", "pause": "0",
        "staff": [str(county.t1.staff_id), str(county.t2.staff_id)],
        "classes": [str(county.one.code), str(county.two.code)], "closes": "eve", **changed,
    }  # fmt: skip


def pick(client, day, *pairs):
    """Press the button for these (child, slot); the page made the ids."""
    sent = {f"id-{child.pk}": str(uuid7()) for child, _slot in pairs}
    sent["pick"] = ",".join(f"{child.pk}.{slot.pk}" for child, slot in pairs)
    return client.post(reverse("talks:family_book", args=[day.pk]), sent, follow=True)


def test_a_leader_offers_a_day_and_each_teacher_receives_the_own_classes(place):
    answer = signed_in(place.chief).post(reverse("talks:new"), form(place))
    with as_system():
        day = TalkDay.objects.get()
        assert answer.url == reverse("talks:day", args=[day.pk])
        assert (day.title, day.closes_at.isoformat()) == ("家长面谈", "2026-11-27T12:00:00+00:00")
        assert set(TalkClass.objects.values_list("desk__name", "lo")) == {
            ("李老师", place.one.code), ("王老师", place.two.code),
        }  # fmt: skip
        assert TalkSlot.objects.count() == 12


def test_a_class_teacher_offers_the_own_class_or_some_children_of_it(place):
    client = signed_in(place.t1)
    page = client.get(reverse("talks:new"))
    assert "staff" not in page.context["form"].fields
    sent = form(place, students=[str(place.big.pk)], closes="start")
    assert client.post(reverse("talks:new"), sent).status_code == 302
    with as_system():
        assert list(TalkClass.objects.values_list("student", flat=True)) == [place.big.pk]
    refused = client.post(reverse("talks:new"), form(place, students=[str(place.small.pk)]))
    assert (refused.status_code, "students" in refused.context["form"].errors) == (422, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2026-11-20"}, "day"),
        ({"day": "x"}, "day"),
        ({"ends": "13:00"}, "ends"),
        ({"ends": "14:05"}, "ends"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "999999999999"}, "minutes"),
        ({"staff": []}, "staff"),
        ({"staff": ["x"]}, "staff"),
        ({"classes": ["9" * 40]}, "classes"),
        ({"closes": "never"}, "closes"),
        ({"rest_from": "14:30", "rest_until": "14:10"}, "rest_until"),
        ({"title": "a\x00"}, "title"),
        ({"id": "x"}, "id"),
    ],
)
def test_bad_input_is_told_at_the_field_and_saves_nothing(place, changed, field):
    page = signed_in(place.chief).post(reverse("talks:new"), form(place, **changed))
    assert (page.status_code, field in page.context["form"].errors) == (422, True)
    with as_system():
        assert not TalkDay.objects.exists()


def test_a_guardian_chooses_changes_and_cancels(place):
    day, client = offered(place), signed_in(place.father)
    one = slots(day, place.t1)
    page = client.get(reverse("talks:family_day", args=[day.pk])).text
    assert ("两个孩子连着谈" in page, "马哥 · 李老师" in page, "马妹 · 王老师" in page) == (True, True, True)
    assert "约好了。" in pick(client, day, (place.big, one[0])).text
    assert "约好了。" in pick(client, day, (place.big, one[1])).text
    assert standing() == {("马哥", "14:10")}
    with as_system():
        row = Booking.objects.get(ended_at=None)
    assert "已取消" in client.post(reverse("talks:family_cancel", args=[row.pk]), follow=True).text
    assert standing() == set()


def test_siblings_are_one_tap(place):
    day, client = offered(place), signed_in(place.father)
    talks = client.get(reverse("talks:family_day", args=[day.pk])).context["pairs"][0].talks
    (first, second) = (slot for _offer, slot in talks)
    assert "两个孩子都约好了。" in pick(client, day, (place.big, first), (place.small, second)).text
    assert standing() == {("马哥", "14:00"), ("马妹", "14:10")}
    page = client.get(reverse("talks:family_list")).text
    assert ("14:00 · 李老师 · 马哥" in page, "14:10 · 王老师 · 马妹" in page) == (True, True)


@pytest.mark.parametrize(
    "sent", [{}, {"pick": "x"}, {"pick": "a.b,c.d"}, {"pick": "\x00.\x00"}, {"pick": "," * 400}]
)
def test_an_odd_choice_is_a_message(place, sent):
    day = offered(place)
    page = signed_in(place.father).post(reverse("talks:family_book", args=[day.pk]), sent, follow=True)
    assert (page.status_code, "请重新选择时间" in page.text) == (200, True)


def test_what_is_not_ones_own_is_not_found(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    (row,) = book(place.father, (place.big, first))
    stranger = signed_in(place.parent(place.pupil(place.class_(place.a, 2022, 1), "别班")))
    for address in (reverse("talks:family_day", args=[day.pk]), reverse("talks:day", args=[day.pk])):
        assert stranger.get(address).status_code in (403, 404)
    other = signed_in(place.other)
    assert other.post(reverse("talks:family_cancel", args=[row.pk])).status_code == 404
    page = other.get(reverse("talks:family_day", args=[day.pk])).text
    assert ("马哥" in page, "马父" in page) == (False, False)
    teacher = signed_in(place.t2)
    for name in ("block", "unblock", "end"):
        assert teacher.post(reverse(f"talks:{name}", args=[first.pk])).status_code == 404
    assert teacher.get(reverse("talks:book_for", args=[first.pk])).status_code == 404
    assert "马哥" not in teacher.get(reverse("talks:day", args=[day.pk])).text
    assert other.post(reverse("talks:family_book", args=[day.pk]), {
        f"id-{place.big.pk}": str(uuid7()), "pick": f"{place.big.pk}.{first.pk}",
    }).status_code == 403  # fmt: skip


def test_the_teacher_keeps_the_list(place):
    day, client = offered(place), signed_in(place.t1)
    one = slots(day, place.t1)
    book(place.father, (place.big, one[0]), wish="数学成绩")
    address = reverse("talks:day", args=[day.pk])
    page = client.get(address).text
    assert all(words in page for words in ("马哥", "马父（父亲）", "想谈：数学成绩", "data-print"))
    assert "想谈" not in signed_in(place.chief).get(address).text
    client.post(reverse("talks:block", args=[one[1].pk]))
    assert "不接待" in client.get(address).text
    assert "写一句话" in client.post(reverse("talks:end", args=[one[0].pk]), follow=True).text
    client.post(reverse("talks:end", args=[one[0].pk]), {"reason": "临时开会"})
    page = signed_in(place.father).get(reverse("talks:family_day", args=[day.pk])).text
    assert "李老师 取消了 14:00 的面谈：临时开会。请另选时间。" in page


def test_the_teacher_books_for_a_family(place):
    day, client = offered(place), signed_in(place.t1)
    aunt = place.guardian(place.big, "马姑", "relative")
    address = reverse("talks:book_for", args=[slots(day, place.t1)[0].pk])
    assert "马哥 · 马姑（其他亲属）" in client.get(address).text
    sent = {"id": str(uuid7()), "who": f"{place.big.pk}.{aunt.pk}"}
    assert client.post(address, sent).url == reverse("talks:day", args=[day.pk])
    assert client.post(address, {"id": str(uuid7()), "who": "x"}).status_code == 422
    assert standing() == {("马哥", "14:00")}


def test_a_day_called_off_says_why(place):
    day = offered(place)
    book(place.father, (place.big, slots(day, place.t1)[0]))
    client = signed_in(place.chief)
    assert "请写明取消的原因" in client.post(reverse("talks:cancel", args=[day.pk]), follow=True).text
    client.post(reverse("talks:cancel", args=[day.pk]), {"reason": "大雪停课"})
    assert "大雪停课" in signed_in(place.father).get(reverse("talks:family_day", args=[day.pk])).text


def queries(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_ask_as_often_for_one_booking_as_for_many(place):
    day = offered(place, until=time(18))
    one = slots(day, place.t1)
    book(place.father, (place.big, one[0]))
    pages = [
        (signed_in(place.father), reverse("talks:family_day", args=[day.pk])),
        (signed_in(place.father), reverse("talks:family_list")),
        (signed_in(place.t1), reverse("talks:day", args=[day.pk])),
        (signed_in(place.t1), reverse("talks:list")),
        (signed_in(place.chief), reverse("talks:day", args=[day.pk])),
    ]
    few = [queries(*page) for page in pages]
    for number in range(1, 12):
        child = place.pupil(place.one, f"孩子{number}")
        book(place.parent(child), (child, one[number]))
    assert [queries(*page) for page in pages] == few
    assert max(few) <= 20


def test_a_guardians_pages_are_small(place):
    day = offered(place, until=time(18))
    client = signed_in(place.father)
    for address in (reverse("talks:family_list"), reverse("talks:family_day", args=[day.pk])):
        assert len(client.get(address).content) < 25_000
