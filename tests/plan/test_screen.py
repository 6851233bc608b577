"""方案: the paper with each obligation beside its words, and one obligation with its numbers."""

import re

import pytest
from django.test import Client

from support.county import County, signed_in
from tongyu.plan import wording
from tongyu.portals.plan_reader.passages import Passage, cut, span

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


def test_overlapping_words_are_cut_where_they_begin_and_end():
    assert cut("甲乙丙丁", {"a": "乙丙", "b": "丙丁"}) == [
        Passage("甲"),
        Passage("乙", ("a",)),
        Passage("丙", ("a", "b"), ("a",)),
        Passage("丁", ("b",), ("b",)),
    ]
