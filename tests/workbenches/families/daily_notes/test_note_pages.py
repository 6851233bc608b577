"""Daily notes as each role meets them in the browser."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting
from tongyu.workbenches.families.daily_notes.actions import correct_note, write_notes
from tongyu.workbenches.families.daily_notes.models import DailyNote, PhraseBook

pytestmark = pytest.mark.django_db
ROOM = "/work/families/daily_notes/"
CLASS = f"{ROOM}class/"
LINE = "主动打扫教室卫生角"


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def children(county, class_):
    return [county.pupil(class_, name) for name in ("马小明", "王大山", "李小花")]


def note(by, *children, line=LINE, category="praise", whom="chosen"):
    with as_asker(by):
        return write_notes(
            by=by, id=uuid7(), students=[child.pk for child in children], category=category, line=line,
            whom=whom, occurred_on=date(2026, 11, 23),
        )  # fmt: skip


def answers(*children, **changes):
    return {
        "id": str(uuid7()), "phrase": f"praise:{LINE}", "line": "", "category": "praise", "whom": "chosen",
        "occurred_on": "2026-11-23", "students": [str(child.pk) for child in children], **changes,
    }  # fmt: skip


def page(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def stored():
    with as_system():
        return list(DailyNote.objects.all())


def test_the_class_page_says_for_whom_there_is_none_yet(teacher, children):
    note(teacher, children[0])
    text = page(signed_in(teacher), CLASS)
    waiting, written = text.split("本月写过的")
    assert "王大山" in waiting
    assert "李小花" in waiting
    assert "马小明" not in waiting
    assert "马小明" in written
    assert len(text.encode()) < 30_000


def test_no_page_counts_the_notes_of_a_child(county, school, teacher, children):
    for _time in range(3):
        note(teacher, children[0])
    once = page(signed_in(teacher), CLASS)
    note(teacher, children[0])
    again = page(signed_in(teacher), CLASS)
    fresh = re.compile(r'csrf[^>]*|value="[0-9a-f-]{36}"')
    assert fresh.sub("", once) == fresh.sub("", again)


def test_a_chosen_line_is_saved_as_it_stands(teacher, children):
    answer = signed_in(teacher).post(CLASS, answers(*children[:2]), follow=True)
    assert "已写给 2 个孩子的家长" in answer.content.decode()
    assert {(row.line, row.category) for row in stored()} == {(LINE, "praise")}


def test_a_line_of_ones_own_comes_before_the_chosen_one(teacher, children):
    sent = answers(children[0], line="今天第一个到校", category="praise", remember="on")
    signed_in(teacher).post(CLASS, sent)
    assert [row.line for row in stored()] == ["今天第一个到校"]
    with as_asker(teacher):
        assert PhraseBook.objects.get().lines("praise") == ["今天第一个到校"]
    with as_system():
        assert not PhraseBook.objects.exists(), "nobody else's, not even the system's"
    assert "今天第一个到校" in page(signed_in(teacher), CLASS)


def test_without_a_line_or_a_child_the_form_says_so_and_keeps_the_taps(teacher, children):
    answer = signed_in(teacher).post(CLASS, answers(children[0], phrase=""))
    text = answer.content.decode()
    assert (answer.status_code, "请选一句常用语，或自己写一句" in text) == (422, True)
    assert re.search(rf'value="{children[0].pk}" checked', text)
    answer = signed_in(teacher).post(CLASS, answers())
    assert (answer.status_code, "请点选孩子" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "odd", [{"id": "x"}, {"occurred_on": "昨天"}, {"students": ["x"]}, {"whom": "all"}, {"phrase": ":::"}]
)
def test_odd_forms_are_answered_with_a_message(teacher, children, odd):
    answer = signed_in(teacher).post(CLASS, answers(children[0], **odd))
    assert answer.status_code == 422
    assert stored() == []


def test_a_double_click_is_stored_once(teacher, children):
    client, sent = signed_in(teacher), answers(*children)
    assert [client.post(CLASS, sent).status_code for _ in range(2)] == [302, 302]
    assert len(stored()) == 3


def test_what_was_just_saved_is_taken_back_in_one_go(county, teacher, children):
    mother = county.parent(children[0], relation="mother")
    client = signed_in(teacher)
    batch = client.post(CLASS, answers(*children)).url.partition("saved=")[2]
    assert "写错了" in page(client, CLASS, saved=batch)
    address = reverse("daily_notes:batch", args=[batch])
    assert "共 3 条" in page(client, address)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "选错了"}).status_code == 302
    assert all(row.withdrawn_at for row in stored())
    assert LINE not in page(signed_in(mother), f"{ROOM}family/")
    assert client.get(address).status_code == 404


def test_a_leader_sees_classes_and_no_child_on_the_class_page(county, school, teacher, children):
    note(teacher, children[0])
    text = page(signed_in(county.leader(school)), CLASS)
    assert "1 / 3" in text
    assert "马小明" not in text


def test_offices_see_that_it_was_written_and_not_what(county, school, teacher, children):
    row = note(teacher, children[0])[0]
    for asker in (county.office_staff(), county.township_staff(school.parent)):
        client = signed_in(asker)
        assert "内容只有当时的学校" in page(client, f"{ROOM}{row.pk}/")
        assert LINE not in page(client, f"{ROOM}{row.pk}/")
        assert LINE not in page(client, ROOM)
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(ROOM, {"format": "xlsx"}).content))
        assert LINE not in str(book.get_sheet_by_index(0).to_python())
        assert client.get(CLASS).status_code == 403


def test_a_correction_changes_what_parents_read(county, teacher, children):
    mother = county.parent(children[0], relation="mother")
    row = note(teacher, children[0])[0]
    address = reverse("daily_notes:correct", args=[row.pk])
    assert LINE in page(signed_in(teacher), address)
    sent = {
        "line": "请留意睡眠",
        "category": "reminder",
        "occurred_on": "2026-11-20",
        "reason": "写错",
        "version": 1,
    }
    assert signed_in(teacher).post(address, sent).status_code == 302
    assert "请留意睡眠" in page(signed_in(mother), f"{ROOM}family/")
    assert LINE in page(signed_in(teacher), f"{ROOM}{row.pk}/"), "what stood there is in the history"


def test_parents_read_each_child_apart_and_no_other(county, school, teacher, children):
    sister = county.pupil(county.class_(school, number=2), "马小红")
    mother = county.parent(children[0], sister, relation="mother")
    note(teacher, children[0])
    note(teacher, children[1], line="王家的话")
    text = page(signed_in(mother), f"{ROOM}family/").partition('id="main"')[2]
    assert text.index("马小明") < text.index(LINE) < text.index("马小红")
    assert "王家的话" not in text
    assert len(text.encode()) < 10_000


def test_the_week_stands_on_the_parents_home_page(county, teacher, children):
    mother = county.parent(children[0], relation="mother")
    note(teacher, children[0])
    note(teacher, children[0], line="午休精神不好", category="reminder")
    with as_asker(mother):
        consenting.give(by=mother, student=children[0].pk)
    text = page(signed_in(mother), "/family/")
    assert LINE in text
    assert "午休精神不好" in text
    assert "表扬" in text


def test_the_phrases_of_a_teacher_and_of_the_county(county, teacher, children):
    client, address = signed_in(teacher), f"{ROOM}phrases/"
    sent = {"praise": "字写得好\n\n字写得好\n", "learning": "", "reminder": "", "version": "0"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 422, "the version has moved on"
    assert "字写得好" in page(client, CLASS)
    office = signed_in(county.office_staff())
    assert LINE in page(office, address)
    assert office.post(address, {**sent, "praise": "懂礼貌"}).status_code == 302
    text = page(client, CLASS)
    assert "懂礼貌" in text
    assert "字写得好" in text
    assert LINE not in text


def test_many_notes_cost_no_more_queries(county, class_, teacher, children):
    client, counts = signed_in(teacher), []
    note(teacher, children[0])
    for _round in range(3):
        with CaptureQueriesContext(connection) as counting:
            client.get(CLASS)
            client.get(ROOM)
        counts.append(len(counting))
        note(teacher, *(county.pupil(class_, f"学生{_round}{number}") for number in range(5)))
    assert counts[1] == counts[2] <= 30, counts


def test_the_way_from_the_duty_has_the_child_tapped(teacher, children):
    text = page(signed_in(teacher), CLASS, student=str(children[1].pk))
    assert re.findall(r'value="([0-9a-f-]{36})" checked', text) == [str(children[1].pk)]
    assert page(signed_in(teacher), CLASS, student="x").count(" checked") == 2


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_from_nowhere_is_a_clear_message_and_no_fault(teacher, children, day):
    answer = signed_in(teacher).post(CLASS, answers(children[0], occurred_on=day))
    assert answer.status_code == 422
    assert stored() == []


def test_a_family_sees_that_a_note_was_corrected_after_it_had_read_it(county, teacher, children):
    mother = county.parent(children[0], relation="mother")
    (written,) = note(teacher, children[0])
    assert "老师更正过" not in page(signed_in(mother), f"{ROOM}family/")
    with as_asker(teacher):
        correct_note(
            by=teacher, note=written, reason="写错了", version=1, category="praise", line="别的话",
            occurred_on=date(2026, 11, 23),
        )  # fmt: skip
    assert "老师更正过" in page(signed_in(mother), f"{ROOM}family/")
