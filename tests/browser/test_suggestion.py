"""A guardian asks on a phone, the leader answers, the guardian reads it, another guardian too."""

import re

import pytest
from playwright.sync_api import Browser, expect

from support.families import guardian_page
from support.site import Site

pytestmark = pytest.mark.browser

TEXT = "校门口的路灯坏了两盏，天黑得早，请修一修。谢谢老师。"


def test_a_suggestion_is_asked_answered_and_shown_to_the_others(site: Site, chromium: Browser, sign_in):
    mother = sign_in("parent", phone=True)
    context, neighbour = guardian_page(site, chromium)
    mother.goto("/work/families/suggestions/family/")
    mother.get_by_role("link", name="给学校提建议").click()
    mother.get_by_role("button", name="交给学校").click()
    expect(mother.locator("[data-error-summary]")).to_contain_text("请填写您的建议。")
    mother.locator("label.chip", has_text="安全和接送").click()
    mother.fill("textarea[name=text]", TEXT)
    mother.get_by_label("可以给本校其他家长看").check()
    mother.get_by_role("button", name="交给学校").dblclick(no_wait_after=True)
    expect(mother.get_by_text("学校应在")).to_be_visible()
    leader = sign_in("leader")
    leader.goto("/work/families/suggestions/")
    leader.get_by_role(
        "link", name=re.compile("校门口的路灯坏了两盏，天黑得早，请修一修。谢谢老师")
    ).first.click()
    leader.fill("textarea[name=answer]", "已经报修，本周五前修好。")
    leader.get_by_label("给本校家长公开这条建议和答复").check()
    leader.get_by_role("button", name="答复").click()
    expect(leader.get_by_text("答复已发给家长").first).to_be_visible()
    mother.reload()
    expect(mother.get_by_text("已经报修，本周五前修好。")).to_be_visible()
    neighbour.goto("/work/families/suggestions/family/published/")
    expect(neighbour.get_by_text("已经报修，本周五前修好。")).to_be_visible()
    expect(neighbour.get_by_text("一位家长").first).to_be_visible()
    context.close()
