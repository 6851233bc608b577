"""A class teacher contests the class's rate on the phone; the office upholds it; the mark comes and goes."""

import re

import pytest
from playwright.sync_api import expect

from support.site import no_overflow

pytestmark = pytest.mark.browser

DUTY, LIST = "/duties/home-visit/", "/oversight/disputes/"
ONE = re.compile(r"/oversight/disputes/[0-9a-f-]{36}/")


def test_a_dispute_from_the_figure_to_the_answer(sign_in):
    teacher, office = sign_in("teacher", phone=True), sign_in("office")
    teacher.goto(DUTY)
    teacher.get_by_role("link", name="提出异议").click()
    name = teacher.locator(".chip span").first.inner_text()
    teacher.locator(".chip input").first.check()
    teacher.get_by_role("button", name="提出异议").click()
    expect(teacher.locator("[data-error-summary]")).to_contain_text("请填写哪里不对")
    teacher.fill("textarea[name=line]", "11月3日家访过，没有算进去")
    assert no_overflow(teacher)
    teacher.get_by_role("button", name="提出异议").dblclick(no_wait_after=True)
    teacher.wait_for_url(ONE)
    expect(teacher.get_by_text(name)).to_be_visible()
    teacher.goto(DUTY)
    expect(teacher.locator("a.contested")).to_be_visible()

    office.goto(DUTY)
    expect(office.locator("a.contested")).to_be_visible()
    office.goto(LIST)
    expect(office.locator("tbody tr")).to_have_count(1)
    office.locator("tbody a").first.click()
    office.wait_for_url(ONE)
    office.check("input[value=corrected]")
    office.fill("textarea[name=answer]", "已更正。")
    office.get_by_role("button", name="答复", exact=True).click()
    expect(office.get_by_text("还没有更正").first).to_be_visible()
    office.check("input[value=upheld]")
    office.get_by_role("button", name="答复", exact=True).click()
    expect(office.get_by_text("已答复。")).to_be_visible()
    office.goto(DUTY)
    expect(office.locator("a.contested")).to_have_count(0)
    teacher.goto(f"{LIST}?show=mine")
    expect(teacher.get_by_text("维持原数").first).to_be_visible()
    assert no_overflow(teacher)
