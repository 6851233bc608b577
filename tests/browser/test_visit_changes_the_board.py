"""A class teacher records a visit on a phone; the class, the school and the county know at once."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LINE = "孩子近来爱读书，约好每晚一起读二十分钟。"
HOME, CLASS, DUTY = "/class/", "/work/families/home_visits/class/", "/duties/home-visit/"


class Finger:
    """Counts what a thumb does."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target) -> None:
        """One touch; a mouse clicks."""
        self.taps += 1
        target.tap() if self.page.evaluate("navigator.maxTouchPoints") else target.click()


def visited(page: Page) -> int:
    """How many pupils the class page counts."""
    page.goto(CLASS)
    return int(re.search(r"(\d+) / \d+", page.locator("h1").inner_text())[1])


def met(page: Page) -> int:
    """已完成 on the county's page of the obligation."""
    page.goto(DUTY)
    text = page.locator(".duty-sheet-sum").inner_text()
    return int(re.sub(r"\D", "", re.search(r"已完成\s*(\d[\d\s]*)", text)[1]))


def open_first(page: Page, finger: Finger) -> str:
    """From home to the form of the first pupil that is still owed a visit; the name."""
    page.goto(HOME)
    owed = page.locator("a.row-item[href*='home_visits/new/']").first
    name = owed.locator("b").first.inner_text()
    finger.tap(owed)
    page.wait_for_url("**/home_visits/new/**")
    return name


def in_sight(page: Page, target) -> bool:
    """True when nothing hides it and the whole of it is on the screen, the tab bar's strip left out."""
    box = target.bounding_box()
    bar = page.locator(".tabbar").bounding_box()
    floor = min(bar["y"], page.viewport_size["height"])
    return box["y"] >= 0 and box["y"] + box["height"] <= floor + 0.5


@pytest.mark.parametrize("phone", [True, False])
def test_line_and_button_of_a_new_visit_are_in_sight_without_scrolling(sign_in, phone):
    teacher = sign_in("teacher", phone=phone)
    open_first(teacher, Finger(teacher))
    save = teacher.get_by_role("button", name="保存家访")
    line = teacher.locator("textarea[name=line]")
    assert teacher.evaluate("scrollY") == 0
    assert (in_sight(teacher, save), in_sight(teacher, line)) == (True, True)
    bar = teacher.locator(".stay").bounding_box()
    assert line.bounding_box()["y"] + line.bounding_box()["height"] <= bar["y"]


def test_button_and_line_stay_in_sight_above_the_keyboard(sign_in):
    teacher = sign_in("teacher", phone=True)
    open_first(teacher, Finger(teacher))
    teacher.locator("textarea[name=line]").tap()
    teacher.set_viewport_size({"width": 390, "height": 500})
    teacher.locator("textarea[name=line]").scroll_into_view_if_needed()
    save, line = teacher.get_by_role("button", name="保存家访"), teacher.locator("textarea[name=line]")
    assert (in_sight(teacher, save), in_sight(teacher, line)) == (True, True)


def test_four_taps_and_one_line_change_every_board(sign_in):
    office, teacher = sign_in("office"), sign_in("teacher", phone=True)
    county, own = met(office), visited(teacher)
    finger = Finger(teacher)
    name = open_first(teacher, finger)
    finger.tap(teacher.locator("textarea[name=line]"))
    teacher.keyboard.type(LINE)
    finger.tap(teacher.get_by_role("button", name="保存家访"))
    teacher.wait_for_url("**/home_visits/class/**")
    saved = time.monotonic()
    assert finger.taps <= 4
    expect(teacher.locator("h1")).to_contain_text(f"{own + 1} /")
    row = teacher.locator("a.row-item", has_text=name).first
    expect(row).to_contain_text("已访")
    assert met(office) == county + 1
    assert time.monotonic() - saved < 2
    teacher.goto(HOME)
    expect(teacher.locator("a.row-item[href*='home_visits/new/']", has_text=name)).to_have_count(0)


def test_a_double_click_saves_once(sign_in):
    office, teacher = sign_in("office"), sign_in("teacher", phone=True)
    county, own = met(office), visited(teacher)
    open_first(teacher, Finger(teacher))
    teacher.fill("textarea[name=line]", LINE)
    teacher.get_by_role("button", name="保存家访").dblclick(no_wait_after=True)
    teacher.wait_for_url("**/home_visits/class/**")
    assert (visited(teacher), met(office)) == (own + 1, county + 1)


def test_a_second_submission_of_the_same_form_saves_once(sign_in):
    teacher = sign_in("teacher", phone=True)
    own = visited(teacher)
    open_first(teacher, Finger(teacher))
    teacher.fill("textarea[name=line]", LINE)
    twice = """form => Promise.all([1, 2].map(() => fetch(form.action, {method: "post", body: new FormData(form)})))
               .then(answers => answers.map(answer => answer.status))"""
    assert teacher.locator("form:has(textarea[name=line])").evaluate(twice) == [200, 200]
    assert visited(teacher) == own + 1


def test_a_lost_network_leaves_the_text_in_the_form(sign_in):
    teacher = sign_in("teacher", phone=True)
    own = visited(teacher)
    open_first(teacher, Finger(teacher))
    teacher.fill("textarea[name=line]", LINE)
    teacher.context.set_offline(True)
    teacher.get_by_role("button", name="保存家访").tap()
    expect(teacher.get_by_role("alert")).to_contain_text("网络不通")
    expect(teacher.locator("textarea[name=line]")).to_have_value(LINE)
    teacher.context.set_offline(False)
    teacher.get_by_role("button", name="保存家访").tap()
    teacher.wait_for_url("**/home_visits/class/**")
    assert visited(teacher) == own + 1


def test_an_empty_line_is_asked_for_and_the_choices_stay(sign_in):
    teacher = sign_in("teacher", phone=True)
    open_first(teacher, Finger(teacher))
    teacher.locator(".chip", has_text="学习习惯").tap()
    teacher.get_by_role("button", name="保存家访").tap()
    expect(teacher.locator("[data-error-summary]")).to_contain_text("一句话记录")
    expect(teacher.locator("input[name=topics][value=study]")).to_be_checked()
