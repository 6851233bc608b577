"""From an obligation to places, names, one duty and its records."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from support.county import as_asker, signed_in
from tongyu.core.models import JobProgress
from tongyu.duties.models import Exemption, Standing
from tongyu.plan.models import Obligation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def page(asker, address):
    answer = signed_in(asker).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_at_most_three_taps_from_a_cell_to_words_rule_number_names_and_record(world):
    """Tap 1: the cell. Tap 2: the obligation at that place. Tap 3: the record."""
    client = signed_in(world.office)
    cell = client.get(f"/duties/?clause=三(六)&township={world.township.code}").content.decode()
    second = re.search(rf'href="(/duties/home-visit/{world.township.code}/[^"]*)"', cell)[1]
    html = client.get(second.replace("&amp;", "&")).content.decode()
    assert "<mark>班主任每学年对每名学生至少开展1次家访</mark>" in html
    assert "班主任每学年对班上每名学生至少家访1次。" in html
    assert "方案 三(六)" in html
    assert "起始值，待办公室确定" in html
    assert ("马小兰" in html, "孔令文" in html, "祁远山" in html) == (True, True, False)
    record = re.search(r'class="btn btn-sm" href="(/work/families/home_visits/[0-9a-f-]{36}/)"', html)[1]
    assert client.get(record).status_code == 200


def test_the_obligation_shows_the_townships_worst_first(world):
    html = page(world.office, "/duties/home-visit/")
    assert "各乡镇" in html
    assert html.index("西河镇") < html.index("太极镇")


@pytest.mark.parametrize(
    ("code", "below"),
    [("township", "各学校"), ("school", "各班级"), ("class_", "")],
)
def test_each_level_leads_to_the_next(world, code, below):
    html = page(world.office, f"/duties/home-visit/{getattr(world, code).code}/")
    assert re.findall(r'card-title">(各..)</h2>', html) == ([below] if below else [])
    assert "马小兰" in html


def test_the_teacher_gets_a_button_with_the_pupil_filled_in_until_it_is_done(world):
    html = page(world.teacher, "/duties/home-visit/")
    assert f"/work/families/home_visits/new/?student={world.pupil.pk}" in html
    assert f"student={world.visited.pk}" not in html
    assert "student=" not in page(world.office, "/duties/home-visit/")


def test_the_button_opens_the_form_of_the_event_that_counts_with_the_class_chosen(world):
    leader = world.county.leader(world.school)
    html = page(leader, "/duties/parent-meeting/")
    address = re.search(r'href="(/work/gatherings/events/new/[^"]*)"', html)[1].replace("&amp;", "&")
    answer = signed_in(leader).get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/work/gatherings/events/new/parent_meeting/?org=")
    assert re.search(rf'value="{world.class_.code}"[^>]*(checked|selected)', answer.content.decode())


@pytest.mark.parametrize(
    ("duty", "form"),
    [
        ("charter", "/work/coordination/documents/new/charter/"),
        ("committee-class", "/work/families/committees/new/{world.class_.code}/"),
        ("committee-school", "/work/families/committees/new/{world.school.code}/"),
    ],
)
def test_the_button_opens_the_form_of_the_document_or_committee_that_is_missing(world, duty, form):
    leader = world.county.leader(world.school)
    address = re.search(r'href="(/work/[a-z]+/[a-z]+/new/\?[^"]*)"', page(leader, f"/duties/{duty}/"))[1]
    answer = signed_in(leader).get(address.replace("&amp;", "&"), follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, form.format(world=world))


def test_a_saved_visit_shows_at_once(world, visit):
    before = page(world.office, f"/duties/home-visit/{world.class_.code}/")
    visit(world.teacher, world.pupil)
    after = page(world.office, f"/duties/home-visit/{world.class_.code}/")
    assert ("50.0%" in before, "100.0%" in after) == (True, True)


def test_names_filter_by_state(world):
    html = page(world.office, f"/duties/home-visit/{world.class_.code}/?state=met")
    assert ("孔令文" in html, "马小兰" in html) == (True, False)
    assert "马小兰" in page(world.office, f"/duties/home-visit/{world.class_.code}/?state=nonsense&page=99")


def test_a_department_sees_what_it_owes_and_never_a_pupil(world):
    html = page(world.county.department_staff("justice"), "/duties/legal-lecture/")
    assert ("太极镇中心小学" in html, "西河镇小学" in html) == (True, True)
    client = signed_in(world.county.department_staff("police"))
    assert client.get("/duties/home-visit/").status_code == 404
    assert client.get(f"/duties/home-visit/{world.class_.code}/").status_code == 404


def test_what_cannot_be_measured_says_so_and_shows_no_names(world):
    html = page(world.office, "/duties/epidemic/")
    assert "这类记录的工作台尚未建成，不需要您填报，也不计入完成率。" in html
    assert 'class="name-row"' not in html


def test_an_encouraged_obligation_is_shown_and_not_rated(world):
    html = page(world.office, "/duties/subject-visit/")
    assert "鼓励，不考核" in html
    assert "不计入完成率，也不会显示为未落实" in html
    assert 'data-state="missing"' not in html


def test_places_outside_the_reach_are_not_found(world):
    county = world.county
    for asker in (world.teacher, county.leader(world.school), county.township_staff(world.township)):
        assert signed_in(asker).get(f"/duties/home-visit/{world.other_school.code}/").status_code == 404
    assert signed_in(world.office).get("/duties/no-such-duty/").status_code == 404
    assert signed_in(world.office).get("/duties/home-visit/99999999999999999999/").status_code == 404


def test_one_duty_tells_why_and_lists_its_records(world):
    with as_asker(world.teacher):
        done = Standing.objects.get(subject=world.visited.pk, obligation__key="home-visit")
        todo = Standing.objects.get(subject=world.pupil.pk, obligation__key="home-visit")
    html = page(world.teacher, f"/duties/standing/{done.pk}/")
    assert ("孔令文" in html, "2026年11月3日" in html, "/work/families/home_visits/" in html) == (
        True,
        True,
        True,
    )
    assert "班主任每学年对每名学生至少开展1次家访" in html
    html = page(world.teacher, f"/duties/standing/{todo.pk}/")
    assert "这段时间里没有算数的记录" in html
    assert f"?student={world.pupil.pk}" in html


def test_a_foreign_duty_is_not_found(world):
    with as_asker(world.office):
        foreign = Standing.objects.filter(
            obligation__key="home-visit",
            unit_org__gte=world.other_school.code,
            unit_org__lt=world.other_school.hi,
        ).get()
    for asker in (world.teacher, world.county.leader(world.school), world.county.department_staff("police")):
        assert signed_in(asker).get(f"/duties/standing/{foreign.pk}/").status_code == 404
    assert signed_in(world.office).get(f"/duties/standing/{foreign.pk}/").status_code == 200


def test_an_exemption_is_told_with_its_reason(world, in_system):
    with in_system():
        Exemption.objects.create(
            obligation=Obligation.objects.get(key="home-visit"),
            org=world.class_.code,
            lo=world.class_.code,
            hi=world.class_.hi,
            subject=world.pupil.pk,
            reason="长期住院",
            decided_by="学校",
            approver="王校长",
            from_day="2026-09-01",
        )
    world.compute()
    html = page(world.teacher, "/duties/home-visit/?state=exempt")
    assert "经批准不适用" in html
    standing = re.search(r"/duties/standing/\d+/", html)[0]
    assert "长期住院" in page(world.teacher, standing)


def test_the_names_are_exported_with_ids(world):
    answer = signed_in(world.teacher).get("/duties/home-visit/?format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert {row[5] for row in rows[1:]} == {"马小兰", "孔令文"}
    assert str(world.pupil.pk) in [row[6] for row in rows]
    assert {row[2] for row in rows[1:]} == {str(world.class_.code)}


@pytest.mark.parametrize("more", [0, 2])
def test_names_cost_the_same_with_one_and_with_three(world, django_assert_num_queries, more):
    for number in range(more):
        world.county.pupil(world.class_, f"王某{number}")
    world.compute()
    client = signed_in(world.teacher)
    client.get("/duties/home-visit/")
    with django_assert_num_queries(26):
        client.get("/duties/home-visit/")


def test_the_table_of_places_links_each_cell(world):
    html = page(world.office, "/duties/places/")
    assert ("太极镇" in html, "西河镇" in html) == (True, True)
    assert f"/duties/?place={world.township.code}&amp;" in html
    assert "太极镇中心小学" in page(world.office, "/duties/places/?kind=school")
    assert "县公安局" in page(world.office, "/duties/places/?kind=department")
    assert "四年级1班" in page(world.county.leader(world.school), "/duties/places/")
    assert "这里没有下级单位" in page(world.teacher, "/duties/places/")
    answer = signed_in(world.office).get("/duties/places/?kind=school&format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["太极镇中心小学", "西河镇小学"]


@pytest.mark.parametrize("more", [0, 2])
def test_places_cost_the_same_with_two_and_with_four(world, django_assert_num_queries, more):
    for number in range(more):
        world.county.township(f"第{number}乡")
    client = signed_in(world.office)
    client.get("/duties/places/")
    with django_assert_num_queries(17):
        client.get("/duties/places/")


def test_only_the_office_has_everything_computed_again(world):
    assert signed_in(world.teacher).post("/duties/recompute/").status_code == 403
    client = signed_in(world.office)
    assert "立即重算" in client.get("/duties/").content.decode()
    assert client.post("/duties/recompute/").headers["Location"] == "/duties/"
    assert client.get("/duties/recompute/").status_code == 405
    html = client.get("/duties/").content.decode()
    progress = re.search(r'hx-get="(/duties/recompute/[0-9a-f-]{36}/)"', html)[1]
    assert "重算在排队" in client.get(progress).content.decode()
    client.post("/duties/recompute/")
    with as_asker(world.office):
        assert JobProgress.objects.count() == 1
    assert signed_in(world.county.office_staff()).get(progress).status_code == 404
