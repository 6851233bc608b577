"""方案: the paper with each obligation beside its words, and one obligation with its numbers."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client

from support.county import County, signed_in
from tongyu.plan import wording
from tongyu.portals.plan_reader.passages import Passage, cut, span, within
from tongyu.portals.plan_reader.queries import Reading

both = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def client(loaded) -> Client:
    return signed_in(County().office_staff())


def text(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"\u2060|<sup>.*?</sup>|<[^>]+>", "", html))


@both
def test_the_page_reads_like_the_paper(client, edition):
    html = client.get("/plan/").content.decode()
    shown = text(html)
    assert "永政办发〔2024〕5号" in html
    places = [
        shown.index(re.sub(r"\s", "", clause.text)) for clause in edition.document.clauses if clause.text
    ]
    assert places == sorted(places)
    assert [shown.count(words) for words in ("共印105份", "2024年1月30日印发", "84项必须、11项鼓励")] == [
        1,
        1,
        1,
    ]


@both
def test_each_obligation_stands_beside_its_words_with_its_bearer(client, edition):
    html = client.get("/plan/").content.decode()
    assert len(re.findall(r'<li id="[a-z-]+"><a href="/plan/', html)) == 95
    marked = re.sub(r"\u2060|<sup>.*?</sup>", "", html).replace("</mark><mark>", "")
    assert "<mark>班主任每学年对每名学生至少开展1次家访</mark>" in marked
    for _clause, one in edition.obligations:
        assert html.count(f'<a href="#{one.id}">') == 1, one.id


@both
def test_page_weight_and_queries_stay_small(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        html = client.get("/plan/").content
    assert len(html) <= 90_000


@both
def test_each_interpretation_stands_beside_its_words(client, edition):
    html = client.get("/plan/").content.decode()
    shown = text(html)
    assert html.count('<p class="reading">') == len(edition.readings) == 97
    assert html.count("起始解释</i>") == 97
    assert "原文97处不够明确，旁边写着怎样理解，其中97处是起始解释，待办公室确定。" in shown
    assert '<mark class="read">至少组织2次以上</mark>' in html
    duty = text(html[html.index('<li id="guidance">') : html.index('<li id="daily-performance">')])
    assert "“至少组织2次以上”：“以上”包括本数：做满2次即为完成，多做的照常登记。起始解释" in duty
    clause = text(html[html.index('id="三(七)"') : html.index('<li id="care-census">')])
    assert "“特殊家庭”：指单亲家庭、留守儿童、残疾儿童、孤儿和家庭经济困难的学生" in clause


@both
def test_an_obligation_shows_how_its_words_are_read_and_who_says_so(client):
    shown = text(client.get("/plan/net-governance/").content.decode())
    assert "原文怎样理解不是成员网信部门虽不是领导小组成员" in shown
    assert "起始解释，待办公室确定自2024年1月30日起" in shown
    shown = text(client.get("/plan/care-census/").content.decode())
    assert "词义：“特殊家庭”指单亲家庭" in shown
    assert "原文怎样理解" not in client.get("/plan/home-visit/").content.decode()


def test_an_interpretation_of_the_office_names_its_paper():
    paper = {"kind": "local", "paper": "永协办〔2026〕3号", "date": "2026-09-01", "who": "县协同育人办公室"}
    one = Reading("词义", "及时", "当月告知。", wording.ground(paper), False, date(2026, 9, 1))
    html = render_to_string("plan_reader/_reading.html", {"one": one})
    assert html.startswith('<p class="reading"><b>“及时”：</b>当月告知。')
    assert "<i>永协办〔2026〕3号（县协同育人办公室，2026-09-01）</i>" in html
    assert "起始解释" not in html


@both
def test_an_obligation_shows_words_rule_and_number_with_source(client):
    html = client.get("/plan/home-visit/").content.decode()
    shown = text(html)
    assert "<mark>班主任每学年对每名学生至少开展1次家访</mark>" in html
    assert (
        "班主任家访：最少几次方案三(六)：“班主任每学年对每名学生至少开展1次家访”自2024年1月30日起1次" in shown
    )
    assert "在册满几天才计入（学年）起始值，待办公室确定自2024年1月30日起30天" in shown


@both
@pytest.mark.parametrize("key", ["lei-feng", "evaluation-means", "agenda", "special-placement", "charter"])
def test_every_form_of_rule_can_be_opened(client, key):
    assert client.get(f"/plan/{key}/").status_code == 200


def test_a_local_number_names_its_paper():
    given = {"kind": "local", "paper": "永协办〔2026〕3号", "date": "2026-09-01", "who": "县协同育人办公室"}
    assert wording.source(given) == "永协办〔2026〕3号（县协同育人办公室，2026-09-01）"


@both
def test_an_unknown_obligation_is_not_found_and_strangers_are_refused(client):
    assert client.get("/plan/nothing/").status_code == 404
    assert Client().get("/plan/").status_code in (302, 403)


def test_words_are_found_white_space_aside():
    assert span("家庭 教育主体", "教育  主体") == (3, 7)
    assert span("家庭", "学校") == (0, 0)


def test_words_within_words_are_found_where_those_stand():
    assert within("及时甲，及时乙", "及时乙", "及时") == (4, 6)
    assert within("及时甲", "学校", "及时") == (0, 0)


def test_overlapping_words_are_cut_where_they_begin_and_end():
    assert cut("甲乙丙丁", {"a": (1, 3), "b": (2, 4)}) == [
        Passage("甲"),
        Passage("乙", ("a",)),
        Passage("丙", ("a", "b"), ("a",)),
        Passage("丁", ("b",), ("b",)),
    ]
