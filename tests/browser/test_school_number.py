"""A school's leader asks more of the school: tries two home visits, sets them; class teacher and office see it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NUMBER, DUTY = "/numbers/of/home-visit.minimum/", "/duties/home-visit/"


@pytest.mark.parametrize("phone", [False, True])
def test_a_school_asks_for_two_visits(sign_in, phone):
    leader = sign_in("leader", phone=phone)
    leader.goto(NUMBER)
    leader.get_by_role("link", name="本校定得更严").click()
    leader.fill("input[name=value]", "1")
    leader.get_by_role("button", name="试算会影响谁").click()
    expect(leader.locator("[data-error-summary]")).to_contain_text("本来就是这个数")
    leader.fill("input[name=value]", "2")
    leader.fill("input[name=valid_from]", "2026-09-01")
    leader.get_by_role("button", name="试算会影响谁").click()
    expect(leader.get_by_text("本期就变").first).to_be_visible(timeout=60_000)
    leader.get_by_role("link", name="看名单").click()
    expect(leader.get_by_text("本期就变").first).to_be_visible()
    leader.go_back()
    leader.fill("input[name=paper]", "关小〔2026〕2号")
    leader.fill("input[name=paper_date]", "2026-09-03")
    leader.fill("textarea[name=reason]", "每名学生上下学期各访一次")
    leader.get_by_role("button", name="定下").dblclick(no_wait_after=True)
    expect(leader.get_by_text("已定下")).to_be_visible()
    expect(leader.locator(".history")).to_contain_text("关小〔2026〕2号")

    teacher = sign_in("teacher", phone=phone)
    teacher.goto(DUTY)
    expect(teacher.locator(".says")).to_contain_text("本校 关小〔2026〕2号")
    expect(teacher.get_by_text("还差1次").first).to_be_visible()

    office = sign_in("office", phone=phone)
    office.goto(DUTY)
    office.get_by_role("link", name="1 所学校自己定得更严").click()
    expect(office).to_have_url(re.compile("#schools$"))
    expect(office.locator("#schools")).to_contain_text("关小〔2026〕2号")
    expect(office.locator(".number-now")).to_contain_text("1")

    leader.get_by_role("link", name="撤回或终止").first.click()
    leader.fill("input[name=until_day]", "2026-09-01")
    leader.fill("textarea[name=reason]", "再议")
    leader.get_by_role("button", name="终止").click()
    expect(leader.get_by_text("已撤回：再议").first).to_be_visible()
    office.reload()
    expect(office.locator("#schools")).to_have_count(0)
