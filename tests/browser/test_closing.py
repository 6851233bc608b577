"""The office closes last year, a teacher enters a visit late, and the office publishes it as a restatement."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HOME, YEAR, SLOW = "/closing/", "2025", 120_000
LATE = "2025-11-12"


def confirm(page: Page, word: str) -> None:
    """The button, and the same in the question that it asks."""
    page.get_by_role("button", name=word).first.click()
    page.locator("dialog[open]").get_by_role("button", name=word).dblclick(no_wait_after=True)


def wait_for(page: Page, address: str, text: str) -> None:
    """Opens the page again until it says so: the job takes its time."""
    for _ in range(60):
        page.goto(address)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{text} never came")


def enter_late(teacher: Page) -> None:
    """A visit of the school year that is closed, through the form; the same for whoever asks."""
    teacher.goto("/work/families/home_visits/class/")
    href = teacher.locator("a[href*='home_visits/new/']").first.get_attribute("href") or ""
    teacher.goto(href)
    teacher.locator("details:has(input[name=occurred_on]) > summary").click()
    teacher.fill("input[name=occurred_on]", LATE)
    teacher.fill("textarea[name=line]", "去年的纸质记录，补登。")
    teacher.get_by_role("button", name="保存家访").click()
    teacher.wait_for_url("**/home_visits/class/**")


def test_a_year_is_closed_and_what_came_late_is_restated(sign_in):
    office = sign_in("office")
    office.goto(HOME)
    office.get_by_role("link", name=re.compile("2025—2026学年 ?2026")).first.click()
    expect(office.get_by_text("将要冻结")).to_be_visible()
    confirm(office, "结账")
    expect(office.get_by_text("已开始结账")).to_be_visible()
    wait_for(office, f"{HOME}{YEAR}/", "结账凭证")
    expect(office.get_by_text("本次指纹")).to_be_visible()
    expect(office.get_by_text("没有更正")).to_be_visible()

    enter_late(sign_in("teacher"))
    office.goto(f"{HOME}{YEAR}/changes/")
    expect(office.get_by_text("补登家访，发生于2025-11-12")).to_be_visible()
    office.goto("/duties/?period=2025-T2")
    expect(office.get_by_text("结账后有 1 处变化")).to_be_visible()
    expect(office.get_by_text("2025—2026学年已结账 2026-11-23")).to_be_visible()

    office.goto(f"{HOME}{YEAR}/changes/")
    office.get_by_role("button", name="公布更正 1").first.click()
    dialog = office.locator("dialog[open]")
    dialog.locator("textarea").fill("补录纸质家访记录")
    dialog.get_by_role("button", name="公布更正 1").click()
    wait_for(office, f"{HOME}{YEAR}/", "补录纸质家访记录")
    office.goto(f"{HOME}{YEAR}/1/")
    expect(office.get_by_text("未落实 · 0 次")).to_be_visible()

    leader = sign_in("leader", phone=True)
    leader.goto("/duties/?period=2025-T2")
    expect(leader.get_by_text("更正 1 次")).to_be_visible()
    leader.goto(f"{HOME}{YEAR}/1/")
    expect(leader.get_by_text("补登家访，发生于2025-11-12")).to_be_visible()
