"""The office exempts two pupils, sees the column change, and ends one of them."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DUTY, LIST = "/duties/home-visit/", "/duties/exemptions/"


def exempt(page: Page) -> int:
    """不适用 on the county's page of the obligation."""
    page.goto(DUTY)
    found = re.search(r"不适用\s*(\d+)", page.locator(".duty-sheet-sum").inner_text())
    return int(found[1]) if found else 0


def tick(page: Page, number: int) -> list[str]:
    """Ticks the first names of a school and opens the form; the names."""
    page.goto(DUTY)
    for _step in range(2):
        with page.expect_navigation():
            page.locator("a.duty-row-place").first.click()
    boxes = page.locator("input[name=unit]")
    names = [boxes.nth(place).get_attribute("aria-label") for place in range(number)]
    for place in range(number):
        boxes.nth(place).check()
    page.get_by_role("button", name="免除所选").click()
    page.wait_for_url("**/exempt/**")
    return names


def fill(page: Page, reason: str) -> None:
    """Fills the form and goes on to the check."""
    page.fill("textarea[name=reason]", reason)
    page.fill("input[name=decided_by]", "县教育局")
    page.fill("input[name=approver]", "王某某 副局长")
    page.get_by_role("button", name="下一步：核对").click()


@pytest.mark.parametrize("phone", [False, True])
def test_two_names_are_exempt_and_one_is_ended(sign_in, phone):
    office = sign_in("office", phone=phone)
    before = exempt(office)
    names = tick(office, 2)
    office.get_by_role("button", name="下一步：核对").click()
    expect(office.locator("[data-error-summary]")).to_contain_text("请填写原因。")
    fill(office, "因病休学")
    expect(office.locator(".says")).to_have_text(re.compile(rf"2 项：{names[0]}、{names[1]}"))
    office.get_by_role("button", name="返回修改").click()
    expect(office.locator("textarea[name=reason]")).to_have_value("因病休学")
    office.get_by_role("button", name="下一步：核对").click()
    office.get_by_role("button", name="确认免除").dblclick(no_wait_after=True)
    expect(office.get_by_text(f"已免除：{names[0]}、{names[1]}。")).to_be_visible()
    assert exempt(office) == before + 2
    office.goto(f"{LIST}?q={names[0]}")
    office.get_by_role("link", name="终止").first.click()
    office.fill("textarea[name=reason]", "已复学")
    office.get_by_role("button", name="终止免除").click()
    office.wait_for_url(f"**{LIST}")
    expect(office.get_by_text("已复学").first).to_be_visible()
    assert exempt(office) == before + 1


def test_the_same_form_sent_twice_at_once_exempts_once(sign_in):
    office = sign_in("office")
    before = exempt(office)
    tick(office, 1)
    fill(office, "随父母外出")
    twice = """form => { const data = new FormData(form); data.set("confirmed", "1");
               return Promise.all([1, 2].map(() => fetch(location.href, {method: "post", body: data})))
               .then(answers => answers.map(answer => answer.status)) }"""
    assert office.locator("form:has(input[name=reason])").evaluate(twice) == [200, 200]
    assert exempt(office) == before + 1


def test_the_bar_of_the_list_stays_above_the_tab_bar_of_a_phone(sign_in):
    office = sign_in("office", phone=True)
    office.goto(DUTY)
    office.locator("input[name=unit]").first.check()
    bar, tabs = (office.locator(name).bounding_box() for name in (".name-acts", ".tabbar"))
    assert bar["y"] + bar["height"] <= tabs["y"] + 0.5
