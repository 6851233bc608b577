"""The list of obligations: for each role what concerns it, narrowed, sorted, exported."""

import re
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from support.county import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def keys(html):
    return re.findall(r'class="duty-row" href="/duties/([a-z-]+)/', html)


def get(asker, address="/duties/"):
    answer = signed_in(asker).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_office_sees_all_95_and_what_cannot_be_measured_says_so(world):
    html = get(world.office)
    assert len(keys(html)) == 95
    row = re.search(r'href="/duties/epidemic/.*?</a>', html, re.DOTALL)[0]
    assert ("暂不能衡量" in row, "这类记录的工作台尚未建成" in row, "未落实" in row) == (True, True, False)


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        ("leader", "parent-meeting", "law-study"),
        ("teacher", "home-visit", "charter"),
        ("township", "law-study", "edu-lead"),
        ("police", "police", "home-visit"),
        ("education", "home-visit", "entertainment"),
    ],
)
def test_each_role_sees_what_it_owes_or_supervises(world, who, there, absent):
    county = world.county
    asker = {
        "leader": lambda: county.leader(world.school),
        "teacher": lambda: world.teacher,
        "township": lambda: county.township_staff(world.township),
        "police": lambda: county.department_staff("police"),
        "education": lambda: county.department_staff("education"),
    }[who]()
    shown = keys(get(asker))
    assert (there in shown, absent in shown) == (True, False)


def test_the_system_administrator_has_no_board(world):
    from tongyu.directory.roles import SystemAdmin

    admin = world.county.appoint(
        SystemAdmin, world.county.body, staff=world.county.staff(world.county.office)
    )
    assert signed_in(admin).get("/duties/").status_code == 403


def test_a_cell_of_the_heat_map_narrows_by_clause_and_township(world):
    html = get(world.office, f"/duties/?clause={quote('三(六)')}&township={world.township.code}")
    assert "<h1>太极镇</h1>" in html
    assert set(re.findall(r'<h2 class="clause-head" id="([^"]+)"', html)) == {"三(六)"}
    assert f'href="/duties/home-visit/{world.township.code}/' in html


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("modality=encouraged", lambda html: html.count('<i class="may">') == len(keys(html)) == 11),
        ("bearer=county", lambda html: "leading-group" in keys(html) and "home-visit" not in keys(html)),
        ("state=unknown", lambda html: "epidemic" in keys(html) and "home-visit" not in keys(html)),
        ("state=missing", lambda html: "charter" in keys(html) and "home-visit" not in keys(html)),
        ("sort=missing", lambda html: "clause-head" not in html and len(keys(html)) == 95),
        ("clause=nonsense&state=x&sort=y&bearer=z&modality=q&period=w", lambda html: keys(html) == []),
    ],
)
def test_filters_and_sorting(world, query, kept):
    assert kept(get(world.office, f"/duties/?{query}"))


def test_sorted_by_rate_the_lowest_comes_first(world):
    html = get(world.office, "/duties/?sort=rate")
    shares = [int(text) for text in re.findall(r"<em>(\d+)%</em></a>", html)]
    assert shares == sorted(shares)
    assert len(shares) > 5


def test_encouraged_is_never_missing_nor_rated(world):
    html = get(world.office, "/duties/?modality=encouraged")
    assert "未落实 " not in html
    assert set(re.findall(r"<em>([^<]*)</em></a>", html)) == {"—"}


def test_the_export_holds_the_same_obligations_with_ids(world):
    for address in ("/duties/export/", "/duties/?format=xlsx"):
        answer = signed_in(world.office).get(address)
        sheet = load_workbook(BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert (rows[0][0], len(rows)) == ("编号", 96)
        assert "home-visit" in [row[0] for row in rows]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_costs_the_same_with_one_place_and_with_three(world, django_assert_num_queries, more):
    for number in range(more):
        world.county.pupil(world.county.class_(world.school, number=number + 2), "王某某")
    world.compute()
    client = signed_in(world.office)
    client.get("/duties/")
    with django_assert_num_queries(18):
        client.get("/duties/")


def test_foreign_and_odd_places_are_not_found(world):
    client = signed_in(world.teacher)
    for place in (world.other_school.code, world.school.code, 99999999999999999, 1):
        assert client.get(f"/duties/?place={place}").status_code == 404
    assert client.get("/duties/?place=abc").status_code == 200
    assert client.get("/duties/?place=123456789012345678901").status_code == 200
