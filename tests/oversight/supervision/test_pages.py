"""Supervision on screen: choose, look at it, send; the body sees what to do; the list tells what became of it."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from support.county import as_asker, signed_in
from tongyu.core.ids import uuid7
from tongyu.oversight.supervision import actions, jobs
from tongyu.plan.models import Obligation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

LATER = date(2027, 5, 17)
LIST, CHOOSE, SEND = (
    "/oversight/supervision/",
    "/oversight/supervision/choose/",
    "/oversight/supervision/send/",
)


def page(asker, address, status=200):
    answer = signed_in(asker).get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.fixture
def late(world, settings):
    """May: of three pupils one was visited."""
    settings.TONGYU_TODAY = LATER
    world.county.pupil(world.class_, "祁远山")
    world.compute(LATER)
    return world


@pytest.fixture
def sent(late):
    """A notice about the home visits."""
    return send(late)[0]


def pick(world):
    return f"{Obligation.objects.get(key='home-visit').pk}-{world.school.code}"


def send(world):
    duty = Obligation.objects.get(key="home-visit").pk
    with as_asker(world.office):
        return actions.send_notices(
            by=world.office, picks=[(duty, world.school.code)], school_days=10, id=uuid7()
        )


def test_the_office_chooses_looks_and_sends(late):
    duty = Obligation.objects.get(key="home-visit")
    assert f"{CHOOSE}?duty={duty.pk}" in page(late.office, "/duties/home-visit/")
    html = page(late.office, f"{CHOOSE}?duty={duty.pk}")
    assert re.findall(r'name="pick" value="([\d-]+)"', html) == [pick(late)]
    html = page(late.office, f"{SEND}?pick={pick(late)}")
    assert ("太极镇中心小学四年级1班" in html, "10 个上课日（5月31日）" in html) == (True, True)
    client = signed_in(late.office)
    form = {"id": str(uuid7()), "pick": [pick(late)], "school_days": "10"}
    for _twice in range(2):
        answer = client.post(SEND, form, follow=True)
        assert "已向1个单位发出督办" in answer.content.decode()
    again = client.post(SEND, {**form, "id": str(uuid7())})
    assert (again.status_code, "都已在督办中" in again.content.decode()) == (422, True)
    assert "督办中 1" in page(late.office, f"{CHOOSE}?duty={duty.pk}")


def test_a_whole_page_of_the_list_can_be_chosen_at_once(late):
    duty = Obligation.objects.get(key="home-visit").pk
    html = page(late.office, f"{SEND}?duty={duty}&all=1")
    assert re.findall(r'type="hidden" name="pick" value="([\d-]+)"', html) == [pick(late)]
    answer = signed_in(late.office).post(
        f"{SEND}?duty={duty}&all=1",
        {"id": str(uuid7()), "pick": [pick(late)], "school_days": "10"},
        follow=True,
    )
    assert "已向1个单位发出督办" in answer.content.decode()


def test_nothing_ticked_leads_back_with_a_word(late):
    answer = signed_in(late.office).get(SEND, follow=True)
    assert "请先勾选要督办的责任" in answer.content.decode()


def test_nobody_but_the_office_chooses_or_sends(late):
    for asker in (late.leader, late.teacher, late.county.department_staff("education")):
        page(asker, CHOOSE, 403)
        assert signed_in(asker).post(SEND, {"pick": pick(late)}).status_code == 403
        assert "督办滞后的" not in page(asker, "/duties/home-visit/")


def test_the_teacher_sees_the_names_and_the_way_to_record_each(late, sent):
    html = page(late.teacher, f"{LIST}{sent.pk}/")
    assert ("马小兰" in html, "祁远山" in html, "孔令文" in html) == (True, True, False)
    assert len(re.findall(r'href="/work/families/home_visits/new/\?student=', html)) == 2
    assert ("textarea" in html, "再做 1 项就不再滞后" in html) == (False, True)
    for asker in (
        late.leader,
        late.county.department_staff("education"),
        late.county.township_staff(late.township),
    ):
        page(asker, f"{LIST}{sent.pk}/", 404)
        assert "还没有督办" in page(asker, LIST)


def test_records_answer_and_the_item_is_done_by_itself(late, sent):
    late.visit(late.pupil, date(2027, 5, 17))
    html = page(late.teacher, f"{LIST}{sent.pk}/")
    assert ("已办结" in html, "送达后新登记的记录 1" in html, "都已办结" in html) == (True, True, True)
    assert "已办结" in page(late.office, LIST)


def test_the_school_sees_it_from_its_step_on_and_the_department_sees_no_names(late, sent, settings):
    for day in (date(2027, 6, 1), date(2027, 6, 8)):
        settings.TONGYU_TODAY = day
        late.compute(day)
        jobs.move(late.county.code, day)
    assert "转责任单位" in page(late.leader, f"{LIST}{sent.pk}/")
    assert "逾期" in page(late.leader, LIST)
    assert "马小兰" in page(late.county.department_staff("education"), f"{LIST}{sent.pk}/")
    page(late.county.department_staff("justice"), f"{LIST}{sent.pk}/", 404)


def test_the_home_pages_show_the_digest_of_the_day(late, sent):
    assert "今天要处理的事" not in page(late.teacher, "/class/")
    jobs.move(late.county.code, LATER)
    html = page(late.teacher, "/class/")
    assert ("今天要处理的事" in html, f"{LIST}{sent.pk}/" in html) == (True, True)
    assert f"{LIST}{sent.pk}/" not in page(late.leader, "/school/")


def test_the_list_is_narrowed_and_taken_away_as_a_workbook(late, sent):
    duty = Obligation.objects.get(key="home-visit").pk
    for query, there in ((f"duty={duty}", True), (f"body={late.school.code}", True), ("state=late", False)):
        assert (f"{LIST}{sent.pk}/" in page(late.office, f"{LIST}?{query}")) is there, query
    answer = signed_in(late.office).get(f"{LIST}?format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][1:3] == ("太极镇中心小学四年级1班", "班主任家访")


@pytest.mark.parametrize("more", [0, 2])
def test_list_and_choice_cost_the_same_with_one_and_with_three(late, django_assert_num_queries, more):
    for number in range(more):
        class_ = late.county.class_(late.school, entry_year=2022, number=number + 1)
        for name in ("甲某", "乙某", "丙某"):
            late.county.pupil(class_, name)
    late.compute(LATER)
    send(late)
    client = signed_in(late.office)
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)
    with django_assert_num_queries(9):
        client.get(CHOOSE)
