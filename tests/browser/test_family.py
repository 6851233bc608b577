"""A family comes in on a phone, and the class teacher's page shows it; the teacher mends a row without leaving."""

import re
import time

import pytest

from support.site import new_context, signed_in

pytestmark = pytest.mark.browser


def test_a_family_that_is_on_nobodys_list_is_mended_joins_and_agrees(site, chromium):
    teacher = signed_in(new_context(chromium, site, phone=True), site, "teacher")
    teacher.goto("/family/reach/")
    if teacher.get_by_role("button", name="生成班级邀请码").count():
        teacher.get_by_role("button", name="生成班级邀请码").click()
    code = teacher.locator("b.code").inner_text()
    page = teacher.url
    row = teacher.locator("details.reach").first
    child = row.locator("summary b").inner_text()
    assert "联系不上" in row.inner_text()
    row.locator("summary").click()
    row.locator("input[name=name]").fill("来家长")
    row.locator("select[name=relation]").select_option("mother")
    row.locator("form").last.locator("input[name=phone]").fill("16012345678")
    row.get_by_role("button", name="补登").click()
    teacher.wait_for_selector("text=来家长（母亲）有电话，还没有加入")
    assert teacher.url == page

    phone = new_context(chromium, site, phone=True).new_page()
    phone.goto(f"/family/join/{code.replace('-', '')}/")
    phone.fill("input[name=child_name]", child)
    phone.locator("input[name=relation][value=mother]").check()
    phone.fill("input[name=name]", "来家长")
    phone.fill("input[name=phone]", "16012345678")
    phone.get_by_role("button", name="获取短信验证码").click()
    phone.wait_for_selector("input[name=one_time]")
    phone.fill("input[name=one_time]", texted(site.log, "5678"))
    phone.get_by_role("button", name="加入", exact=True).click()
    phone.wait_for_url("**/family/consent/")
    phone.get_by_label(re.compile(child)).check()
    phone.get_by_role("button", name="同意", exact=True).click()
    phone.wait_for_url("**/family/")
    assert child in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    teacher.goto("/family/reach/")
    mine = teacher.locator("details.reach", has_text=child).first
    assert "联系得上" in mine.inner_text()


def texted(log, ending):
    """The code that the console of the served Tongyu shows for that phone."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = re.findall(rf"{ending}\D+(\d{{6}})", log.read_text())
        if found:
            return found[-1]
        time.sleep(0.2)
    raise AssertionError("no text message")
