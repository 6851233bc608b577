"""Disputes on screen: the button at the own figure, the mark for everybody, answers, refusals."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from support.county import as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.oversight import figures
from tongyu.oversight.disputes import actions
from tongyu.oversight.disputes.models import Dispute

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

DAY = date(2026, 11, 23)
LIST = "/oversight/disputes/"


def page(asker, address, status=200):
    answer = signed_in(asker).get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def board(world):
    return f"/duties/home-visit/{world.class_.code}/"


@pytest.fixture
def contested(world):
    """The class says that its rate is wrong."""
    with as_asker(world.teacher):
        figure = figures.at_place(world.teacher, "home-visit", world.class_.code, DAY)
        return actions.open_dispute(
            by=world.teacher,
            figure=figure,
            line="少算一次家访",
            id=uuid7(),
            ticked=[world.standing(world.pupil).pk],
        )


def test_the_button_stands_at_the_own_figure_only(world):
    form = f"/oversight/disputes/rate/home-visit/{world.class_.code}/"
    duty = f"/oversight/disputes/duty/{world.standing(world.pupil).pk}/"
    for asker, there in ((world.teacher, True), (world.leader, True), (world.office, False)):
        assert (form in page(asker, board(world))) is there
        assert (duty in page(asker, f"/duties/standing/{world.standing(world.pupil).pk}/")) is there
        page(asker, form, 200 if there else 403)
    page(world.county.township_staff(world.township), form, 404)


def test_the_form_names_the_class_and_sending_it_twice_makes_one(world):
    form = f"/oversight/disputes/rate/home-visit/{world.class_.code}/"
    html = page(world.teacher, form)
    assert ("马小兰" in html, "完成率 50%" in html) == (True, True)
    client = signed_in(world.teacher)
    sent = {"id": str(uuid7()), "line": "少算一次", "units": [str(world.standing(world.pupil).pk)]}
    first, second = client.post(form, sent), client.post(form, sent)
    assert (first.status_code, first.url) == (302, second.url)
    again = client.post(form, {**sent, "id": str(uuid7())})
    assert (again.status_code, "已有一条待答复的异议" in again.content.decode()) == (422, True)
    empty = client.post(form, {"id": str(uuid7()), "line": ""})
    assert (empty.status_code, "请填写哪里不对" in empty.content.decode()) == (422, True)


def test_the_mark_stands_beside_the_figure_wherever_it_is_shown(world, contested):
    at = f"/oversight/disputes/at/home-visit/{world.class_.code}/"
    assert at in page(world.teacher, board(world))
    for address in ("/duties/", "/duties/home-visit/", "/duties/places/", "/duties/places/?kind=school"):
        assert "有异议 1" in page(world.office, address), address
    assert ("少算一次家访" in page(world.office, at), "少算一次家访" in page(world.teacher, at)) == (
        True,
        True,
    )
    subject = world.county.subject_teacher(world.class_)
    html = page(subject, at)
    assert ("四年级1班" in html, "少算一次家访" in html) == (True, False)
    page(world.county.leader(world.county.school(world.township, "太极镇二小")), at, 404)


def test_the_workbooks_say_what_is_contested(world, contested):
    book = load_workbook(BytesIO(signed_in(world.office).get("/duties/?format=xlsx").content)).active
    rows = {row[0]: row[-1] for row in book.iter_rows(values_only=True)}
    assert (rows["编号"], rows["home-visit"]) == ("有异议", 1)
    answer = signed_in(world.office).get("/duties/places/?kind=school&format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert (rows[0][-1], rows[1][-1]) == ("有异议", 1)


def test_the_office_answers_and_the_body_reads_it(world, contested):
    address = f"{LIST}{contested.pk}/"
    html = page(world.office, address)
    assert ("少算一次家访" in html, "马小兰" in html, "怎么答复" in html) == (True, True, True)
    office = signed_in(world.office)
    wrong = office.post(f"{address}answer/", {"verdict": "corrected", "answer": "已改"})
    assert (wrong.status_code, "还没有更正" in wrong.content.decode()) == (422, True)
    assert office.post(f"{address}answer/", {"verdict": "upheld", "answer": "记录齐全"}).status_code == 302
    assert "记录齐全" in page(world.teacher, address)
    assert "有异议 1" not in page(world.office, "/duties/home-visit/")
    assert "少算一次家访" in page(world.office, f"{LIST}?show=closed")
    assert "少算一次家访" not in page(world.office, LIST)


def test_a_school_is_asked_and_states_its_side(world, contested):
    address = f"{LIST}{contested.pk}/"
    assert "本单位的说明" not in page(world.leader, address)
    assert signed_in(world.office).post(f"{address}ask/", {"body": world.school.code}).status_code == 302
    assert "少算一次家访" in page(world.leader, f"{LIST}?show=answer")
    assert "本单位的说明" in page(world.leader, address)
    sent = signed_in(world.leader).post(f"{address}statement/", {"statement": "确有其事"})
    assert sent.status_code == 302
    assert "确有其事" in page(world.office, address)
    assert signed_in(world.teacher).post(f"{address}statement/", {"statement": "x"}).status_code == 404


def test_the_body_takes_it_back_once(world, contested):
    address = f"{LIST}{contested.pk}/"
    client = signed_in(world.teacher)
    for _twice in range(2):
        assert client.post(f"{address}withdraw/").status_code == 302
    with as_system():
        assert Dispute.objects.get().state == "withdrawn"
    assert "已撤回" in page(world.teacher, address)


def test_lists_are_empty_with_a_word(world):
    assert "没有待办的异议" in page(world.office, LIST)
    assert "还没有异议" in page(world.leader, LIST)


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_costs_the_same_with_one_and_with_three(world, contested, django_assert_num_queries, more):
    for number in range(more):
        asker = world.county.teacher(world.county.class_(world.school, number=number + 2))
        world.county.pupil(world.county.class_(world.school, entry_year=2022, number=number + 1))
        with as_system():
            body = asker.body_code
            Dispute.objects.create(
                org=body, by_account=asker.account_id, by_role="class_teacher", obligation=contested.obligation,
                period_key="2026", place=body, hi=body + 1, line="少算", was={"counts": {}},
                opened_at=contested.opened_at,
            )  # fmt: skip
    client = signed_in(world.office)
    assert len(re.findall(r"disputes/[0-9a-f-]{36}/", client.get(LIST).content.decode())) == 1 + more
    with django_assert_num_queries(8):
        client.get(LIST)
