"""The office sends a notice about what lags at a school; its leader opens it on the phone and goes to the records."""

import re

import pytest
from playwright.sync_api import expect

from support.site import no_overflow

pytestmark = pytest.mark.browser

LIST, CHOOSE = "/oversight/supervision/", "/oversight/supervision/choose/"


def test_a_notice_from_the_list_of_what_lags_to_the_form_that_answers_it(sign_in):
    office, leader = sign_in("office"), sign_in("leader", phone=True)
    leader.goto(LIST)
    expect(leader.get_by_text("还没有督办")).to_be_visible()
    school = leader.locator("main").inner_text().split("\n")[0].strip()
    office.goto(CHOOSE)
    rows = office.locator(".lag-row", has_text=school).filter(has_not_text="班主任")
    lagging = rows.count()
    for place in range(lagging):
        rows.nth(place).locator("input").check()
    office.get_by_role("button", name="下一步：核对").click()
    office.wait_for_url("**/send/**")
    expect(office.locator(".draft")).to_have_count(1)
    expect(office.locator(".draft ul li")).to_have_count(lagging)
    office.get_by_role("button", name="发出督办").dblclick(no_wait_after=True)
    office.wait_for_url(f"**{LIST}")
    expect(office.get_by_text("已向1个单位发出督办")).to_be_visible()
    expect(office.locator("tbody tr")).to_have_count(lagging)

    leader.goto(LIST)
    leader.locator("tbody a").first.click()
    leader.wait_for_url(re.compile(r"/supervision/[0-9a-f-]{36}/"))
    expect(leader.locator(".notice-head")).to_have_count(lagging)
    expect(leader.locator("textarea")).to_have_count(0)
    assert no_overflow(leader)
    leader.get_by_role("link", name="登记").first.click()
    expect(leader).to_have_url(re.compile(r"/work/.+/new/"))
