"""The pages of a roll-over: what each tells whom, what they refuse, and that they ask a bounded number of questions."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.county import County, as_asker, as_system, signed_in
from support.rollover import NEW_YEAR, begin, new_year, turn, work
from tongyu.core.models import JobProgress
from tongyu.directory.kinds import SchoolKind
from tongyu.directory.models import Body, RollOver, RollOverLine
from tongyu.directory.rollover import actions
from tongyu.directory.rollover.exceptions import Said, set_exception

pytestmark = pytest.mark.django_db
HOME = "/rollover/2027/"


@pytest.fixture
def county(db, settings):
    made = County()
    new_year(made)
    settings.TONGYU_TODAY = NEW_YEAR
    return made


@pytest.fixture
def school(county):
    return county.school(county.township("太极镇"), "太极镇中心小学")


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def pupil(county, school):
    for year in (2021, 2024):
        county.class_(school, year)
    return county.pupil(county.class_(school, 2023), "马小花", name_key="ma3 xiao3 hua1 马小花")


def text(answer):
    return answer.content.decode()


def school_page(school):
    return f"{HOME}schools/{school.code}/"


def test_the_menu_leads_the_office_to_the_county_and_a_leader_to_the_school(county, school, office):
    assert signed_in(office).get("/rollover/").headers["Location"] == HOME
    leader = county.leader(school)
    assert signed_in(leader).get("/rollover/").headers["Location"] == school_page(school)
    assert "还没有开始准备" in text(signed_in(leader).get(school_page(school)))


def test_the_office_begins_once_however_often_it_clicks(county, school, office):
    client = signed_in(office)
    assert "开始准备" in text(client.get(HOME))
    for _click in range(2):
        assert client.post(f"{HOME}open/").status_code == 302
    assert RollOver.objects.count() == 1
    assert "已核对 0 所，共 1 所学校" in text(client.get(HOME))
    assert client.post("/rollover/2031/open/").status_code == 302
    assert RollOver.objects.count() == 1


def test_a_leader_finds_a_pupil_by_name_or_pinyin_and_says_what_becomes_of_the_child(
    county, school, office, pupil
):
    begin(office)
    leader = signed_in(county.leader(school))
    for q in ("马小", "ma3", "MA"):
        assert "马小花" in text(leader.get(school_page(school), {"q": q}))
    assert "没有找到这名学生" in text(leader.get(school_page(school), {"q": "李"}))
    form = f"{school_page(school)}pupils/{pupil.pk}/"
    refused = leader.post(form, {"outcome": "transferred", "reason": "随迁"})
    assert (refused.status_code, "请填写转到哪所学校。" in text(refused)) == (422, True)
    for _click in range(2):
        answer = leader.post(form, {"outcome": "transferred", "to_school": "兰州某小学", "reason": "随迁"})
        assert answer.headers["Location"] == school_page(school)
    with as_system():
        assert [line.outcome for line in RollOverLine.objects.all()] == ["transferred"]
    assert "兰州某小学" in text(leader.get(school_page(school)))
    leader.post(f"{school_page(school)}ready/", {"ready": "1"})
    page = text(leader.post(form, {"outcome": "left", "reason": "随迁"}))
    assert "继续修改" in page
    assert "已核对完毕" in text(leader.get(school_page(school)))


def test_classes_are_arranged_and_odd_numbers_refused(county, school, office, pupil):
    begin(office)
    leader = signed_in(county.leader(school))
    form = f"{school_page(school)}classes/"
    page = text(leader.get(form))
    assert "四年级1班 → 五年级1班" in page
    ways = {name: "kept" for name in _fields(page) if name.startswith("way_")}
    assert leader.post(form, {"new_1": "99", **ways}).status_code == 422
    assert leader.post(form, {"new_1": "3", **ways}).status_code == 302
    assert text(leader.get(school_page(school))).count("新开") == 3


def _fields(page):
    return [part.partition('"')[0] for part in page.split('name="')[1:]]


def test_preview_run_and_undo_over_http(county, school, office, pupil):
    begin(office)
    client = signed_in(office)
    assert client.post(f"{HOME}run/", follow=True).status_code == 200
    assert JobProgress.objects.count() == 0, "nothing runs without a preview"
    page = text(client.post(f"{HOME}preview/", follow=True))
    assert "每名在册学生都有且只有一个去向，可以执行。" in page
    for _click in range(2):
        client.post(f"{HOME}run/")
    with as_system():
        assert JobProgress.objects.filter(kind=actions.RUN).count() == 1
    step = client.get(f"{HOME}progress/")
    assert (step.status_code, "HX-Refresh" in step.headers) == (200, False)
    row = work(office, RollOver.objects.get(), actions.work_roll_over)
    assert "HX-Refresh" in client.get(f"{HOME}progress/").headers
    result = text(client.get(HOME))
    assert "自 2027年9月1日 起生效" in result
    assert "五年级1班" in result, "a class without a class teacher is named"
    assert "可以撤销" in result
    assert "恢复到执行之前的样子" in text(client.get(f"{HOME}undo/"))
    client.post(f"{HOME}undo/")
    assert work(office, row, actions.work_undo).state == "undone"
    assert "重新准备" in text(client.get(HOME))


def test_what_rests_on_it_is_listed_where_undoing_is_asked_for(county, school, office, pupil):
    row = turn(office)
    new = next(code for code in row.summary["leaderless"] if code % 100 == 1 and code // 100 % 100 == 27)
    with as_system():
        county.pupil(Body.objects.get(code=new), "新生", entered_on=NEW_YEAR)
    page = text(signed_in(office).get(f"{HOME}undo/"))
    assert "新班里已编入学生" in page
    assert "太极镇中心小学一年级1班（1）" in page
    answer = signed_in(office).post(f"{HOME}undo/", follow=True)
    assert "不能撤销" in text(answer)


def test_before_the_day_it_can_be_prepared_and_not_run(county, school, office, pupil, settings):
    settings.TONGYU_TODAY = date(2027, 7, 15)
    begin(office)
    client = signed_in(office)
    page = text(client.post(f"{HOME}preview/", follow=True))
    assert "2027年9月1日 起可以执行" in page
    assert "执行升级结转" not in page


def test_pages_ask_the_same_number_of_questions_for_one_school_and_for_four(county, school, office, pupil):
    row = begin(office)
    leader = county.leader(school)
    with as_asker(leader):
        set_exception(by=leader, roll_over=row, student=pupil.pk, said=Said("left", "随迁"))
    addresses = (HOME, f"{HOME}preview/", school_page(school))
    first = [_queries(office, address) for address in addresses]
    for name in ("乙", "丙", "丁"):
        other = county.school(county.township(name), f"{name}镇九年制", kind=SchoolKind.NINE_YEAR)
        for year in (2018, 2020, 2026):
            body = county.class_(other, year)
            for _pupil in range(3):
                county.pupil(body)
    assert [_queries(office, address) for address in addresses] == first
    assert max(first) <= 30


def _queries(asker, address):
    client = signed_in(asker)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
