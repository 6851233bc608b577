"""The office tries a number, sees who would change, sets it with a paper, and withdraws it again."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NUMBER = "/numbers/of/parent-meeting.minimum/"


@pytest.mark.parametrize("phone", [False, True])
def test_a_number_is_tried_set_and_withdrawn(sign_in, phone):
    office = sign_in("office", phone=phone)
    office.goto(NUMBER)
    office.get_by_role("link", name="改这个数").click()
    office.fill("input[name=value]", "0")
    office.get_by_role("button", name="试算会影响谁").click()
    expect(office.locator("[data-error-summary]")).to_contain_text("本县只能从严")
    office.fill("input[name=value]", "3" if phone else "2")
    office.get_by_role("button", name="试算会影响谁").click()
    expect(office.get_by_text("只作参考").first).to_be_visible(timeout=60_000)
    office.get_by_role("link", name="看名单").click()
    expect(office.get_by_text("本期不变，只作参考").first).to_be_visible()
    office.go_back()
    office.fill("input[name=paper]", "永协办〔2026〕3号")
    office.fill("input[name=paper_date]", "2026-11-20")
    office.fill("textarea[name=reason]", "家长会太少")
    office.get_by_role("button", name="定下").dblclick(no_wait_after=True)
    expect(office.get_by_text("已定下")).to_be_visible()
    expect(office.locator(".history")).to_contain_text("家长会太少")
    office.get_by_role("link", name="撤回或终止").first.click()
    office.fill("textarea[name=reason]", "再议")
    office.get_by_role("button", name="撤回").click()
    expect(office.get_by_text("已撤回：再议").first).to_be_visible()


def test_a_starting_reading_is_confirmed_with_one_click(sign_in):
    office = sign_in("office")
    office.goto("/plan/readings/")
    before = office.get_by_role("button", name="确认").count()
    office.get_by_role("button", name="确认").first.click()
    expect(office.get_by_text("已确认。")).to_be_visible()
    expect(office.get_by_role("button", name="确认")).to_have_count(before - 1)
