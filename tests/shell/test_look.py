"""States, numbers, menu and lists."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from tests.shell import style_samples as samples
from tongyu.core.registry import Registry, RegistryError
from tongyu.directory.roles import ClassTeacher
from tongyu.shell import formatting, frames, menu, rows
from tongyu.shell.charts import heat_map, heat_step
from tongyu.shell.context import shell
from tongyu.shell.export import workbook
from tongyu.shell.listing import Column, Listing
from tongyu.shell.states import LOOKS, segments
from tongyu.shell.templatetags.shell import bar, icon, menu_links, tab_links


def test_states_have_a_word_and_a_colour_each():
    assert len({look.label for look in LOOKS}) == len({look.tone for look in LOOKS}) == len(LOOKS) == 8


def test_segments_keep_states_apart_and_fill_the_bar():
    parts = segments({"met": 1, "missing": 1, "in_progress": 2, "exempt": 0})
    assert [(p.look.key, p.start, p.width) for p in parts] == [
        ("met", "0.00%", "25.00%"),
        ("in_progress", "25.00%", "50.00%"),
        ("missing", "75.00%", "25.00%"),
    ]


def test_segments_refuse_an_unknown_state():
    with pytest.raises(KeyError):
        segments({"done": 1})


def test_bar_says_its_counts_in_words():
    assert 'aria-label="三（六）：已完成 1，未落实 2"' in bar({"met": 1, "missing": 2}, label="三（六）")


def test_icon_that_the_sprite_lacks_is_refused():
    with pytest.raises(Exception, match="assets/icons.txt"):
        icon("no-such-icon")


def test_lines_escape_every_word_and_show_icon_face_state_or_button():
    person = rows.Line("<马>某", '/x/?a=1&b="2"', "留<守>", face=True)
    assert rows.draw([person], "记<录>") == (
        '<ul class="rows"><li><a class="row-item" href="/x/?a=1&amp;b=&quot;2&quot;">'
        '<span class="face" aria-hidden="true">&lt;</span>'
        '<span class="row-main"><b>&lt;马&gt;某</b><span>留&lt;守&gt;</span></span>'
        '<span class="row-side"><span class="btn btn-sm">记&lt;录&gt;</span></span></a></li></ul>'
    )
    late, plain = (
        rows.Line("家长会", "#", state="missing", note="逾期 6 天"),
        rows.Line("家访", "#", icon="sun"),
    )
    drawn = rows.draw([late, plain])
    assert 'data-state="missing">逾期 6 天</span>' in drawn
    assert ("#sun" in drawn, "#chevron-right" in drawn, "<span></span>" in drawn) == (True, True, False)


def test_frames_escape_every_word_but_keep_the_content_of_the_page():
    inside = mark_safe("<p>好</p>")
    assert frames.card(inside, "<甲>", "全<部>", "/?a&b", flush=False, css="mb-3") == (
        '<section class="card mb-3"><div class="card-header"><h2 class="card-title">&lt;甲&gt;</h2>'
        '<div class="card-actions"><a href="/?a&amp;b">全&lt;部&gt;'
        f"{icon('chevron-right')}</a></div></div>"
        '<div class="card-body"><p>好</p></div></section>'
    )
    assert frames.card(inside, "", "", "", flush=True, css="") == '<section class="card"><p>好</p></section>'
    assert frames.page_header(" ", "<乙>", "三&四", "/x/", "") == (
        f'<div class="page-top"><div><a class="back" href="/x/">{icon("chevron-left")}返回</a>'
        '<p class="page-pretitle">三&amp;四</p><h1>&lt;乙&gt;</h1></div></div>'
    )
    assert '<div class="page-top-acts"><p>好</p></div>' in frames.page_header(inside, "乙", "", "", "")


def test_a_badge_follows_the_language():
    drawn = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            drawn.append(rows.draw([rows.Line("x", "#", state="met")]))
    assert ("已完成" in drawn[0], "已完成" in drawn[1]) == (True, False)


@pytest.mark.parametrize(
    ("share", "text"), [(0.714, "71%"), (0.9999, "99%"), (1, "100%"), (0.0001, "1%"), (0, "0%"), (None, "—")]
)
def test_percent_never_rounds_to_done_or_to_nothing(share, text):
    assert formatting.percent(share) == text


def test_numbers_and_days_in_chinese():
    assert formatting.count(12846) == "12\u202f846"
    assert [formatting.chinese_number(n) for n in (3, 10, 12, 21)] == ["三", "十", "十二", "二十一"]
    assert formatting.day(date(2028, 2, 29)) == "2028年2月29日"
    assert formatting.weekday(date(2026, 11, 23)) == "周一"


def test_heat_steps_and_nothing_to_measure():
    assert [heat_step(v) for v in (None, 0, 0.5, 1)] == ["heat-none", "heat-0", "heat-2", "heat-5"]
    chart = heat_map("h", "t", ["甲"], ["一", "二"], [[None, 0.5]])
    assert [cell.text for cell in chart.table[0].cells] == ["—", "50%"]


def test_menu_shows_a_role_its_own_entries_and_closes(monkeypatch):
    monkeypatch.setattr(menu, "entries", Registry("menu entry"))
    for key, roles, tab in (
        ("a", ("office_staff",), 0),
        ("b", ("class_teacher",), 1),
        ("c", ("office_staff",), 1),
    ):
        menu.register(menu.Entry(key, key, "home", "account_login", roles, tab=tab))
    sections, tabs = menu.for_request(RequestFactory().get("/"), samples.asker())
    assert [link.key for section in sections for link in section.links] == ["a", "c"]
    assert [link.key for link in tabs] == ["c"]
    with pytest.raises(RegistryError):
        menu.register(menu.Entry("d", "d", "home", "account_login", ()))


@pytest.mark.django_db
def test_the_menu_is_drawn_for_the_language_the_place_and_the_role():
    def page(path, language, asker):
        request = RequestFactory().get(path)
        request.asker = asker
        context = shell(request)
        with translation.override(language):
            return [str(tag(context)) for tag in (menu_links, tab_links)]

    office = samples.asker()
    teacher = replace(office, role=ClassTeacher, body_kind="school_class")
    drawn = page("/class/", "zh-hans", teacher)
    assert [text.count('aria-current="page"') for text in drawn] == [1, 1]
    assert page("/class/", "zh-hans", teacher) == drawn
    others = [("/duties/", "zh-hans", teacher), ("/class/", "en", teacher), ("/class/", "zh-hans", office)]
    assert [page(*other) == drawn for other in others] == [False] * 3


@pytest.mark.parametrize(
    "query", ["", "?page=x", "?page=999", "?sort=password", "?township=%00", "?q=%00%27"]
)
def test_listing_answers_odd_addresses(query):
    page = samples.SCHOOL_LIST.page(RequestFactory().get("/" + query), samples.Rows(samples.SCHOOLS))
    assert [len(row) for row in page.rows] in ([5, 5, 5], [])


def test_listing_export_writes_text_as_text():
    from io import BytesIO

    from python_calamine import load_workbook

    school = samples.School(1, '=HYPERLINK("x")', "太极镇", 3, 0.5, "met")
    listing = Listing([Column("学校", "name"), Column("状态", "state", kind="state")])
    answer = listing.export(RequestFactory().get("/?format=xlsx"), samples.Rows([school]), "学校")
    rows = load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows == [["学校", "状态"], ['=HYPERLINK("x")', "已完成"]]


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "\t=1"])
def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_its_cell(text):
    from io import BytesIO

    import openpyxl

    answer = workbook("名单/各校", ["原因"], [[text], ["平常"]])
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == (text, "s", True)
    assert not sheet["A3"].quotePrefix
    assert "/" not in answer["Content-Disposition"]
