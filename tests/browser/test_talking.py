"""A parent and the class teacher, both on a phone: a conversation, and a bulletin confirmed in one tap."""

import re

import pytest
from playwright.sync_api import expect

from support.site import no_overflow

pytestmark = pytest.mark.browser

TALK = "/work/families/conversations/"
BULLETINS = "/work/families/bulletins/"


def begin(parent, topic, text):
    """From the list to the sent message; the thread's address."""
    parent.goto(f"{TALK}family/")
    parent.get_by_role("link", name="找班主任").tap()
    parent.wait_for_url("**/family/new/**")
    chooser = parent.locator("a.row-item[href*='student=']")
    if chooser.count():
        chooser.filter(has_text="四年级1班").first.tap()
        parent.wait_for_url("**student=**")
    parent.fill("input[name=topic]", topic)
    parent.fill("textarea[name=text]", text)
    parent.get_by_role("button", name="发送").tap()
    parent.wait_for_url(re.compile(r"/conversations/[0-9a-f-]{36}/"))
    return parent.url


def test_a_parent_writes_the_teacher_answers_and_both_see_who_is_in(sign_in):
    parent, teacher = sign_in("parent", phone=True), sign_in("teacher", phone=True)
    address = begin(parent, "明天请假", "孩子有点发烧，明天请一天假。")
    expect(parent.locator("main")).to_contain_text("在这里的人")
    expect(parent.locator("main")).to_contain_text("班主任")
    expect(parent.locator("main")).to_contain_text("其他监护人看不到")
    assert no_overflow(parent)
    teacher.goto(TALK)
    row = teacher.locator("a.row-item", has_text="明天请假").first
    expect(row).to_contain_text("1 条新")
    row.tap()
    teacher.fill("textarea[name=text]", "收到，先看病。")
    teacher.get_by_role("button", name="发送").tap()
    expect(teacher.locator("main")).to_contain_text("收到，先看病。")
    assert no_overflow(teacher)
    teacher.goto(TALK)
    expect(teacher.locator("a.row-item", has_text="明天请假").first).not_to_contain_text("条新")
    parent.goto(address)
    expect(parent.locator("main")).to_contain_text("收到，先看病。")


def test_a_double_tap_sends_one_message_and_it_can_be_taken_back(sign_in):
    parent = sign_in("parent", phone=True)
    begin(parent, "问一件事", "老师好")
    parent.fill("textarea[name=text]", "发错了的话")
    parent.get_by_role("button", name="发送").dblclick(no_wait_after=True)
    expect(parent.locator("li", has_text="发错了的话")).to_have_count(1)
    parent.locator("li", has_text="发错了的话").get_by_role("button", name="撤回").tap()
    expect(parent.locator("main")).to_contain_text("已撤回")
    expect(parent.locator("main")).not_to_contain_text("发错了的话")


def test_a_lost_network_keeps_the_words(sign_in):
    parent = sign_in("parent", phone=True)
    begin(parent, "问一件事", "老师好")
    parent.fill("textarea[name=text]", "信号不好时写的")
    parent.context.set_offline(True)
    parent.get_by_role("button", name="发送").tap()
    expect(parent.get_by_role("alert")).to_contain_text("网络不通")
    expect(parent.locator("textarea[name=text]")).to_have_value("信号不好时写的")
    parent.context.set_offline(False)
    parent.get_by_role("button", name="发送").tap()
    expect(parent.locator("li", has_text="信号不好时写的")).to_have_count(1)


def test_a_bulletin_is_confirmed_in_one_tap_and_the_teacher_sees_it(sign_in):
    teacher, parent = sign_in("teacher", phone=True), sign_in("parent", phone=True)
    teacher.goto(f"{BULLETINS}new/")
    expect(teacher.locator("main")).to_contain_text(re.compile(r"能送到 \d+ / \d+ 个孩子的家庭"))
    teacher.fill("input[name=title]", "周五家长会")
    teacher.fill("textarea[name=text]", "周五下午三点在教室开家长会，请确认收到。")
    teacher.locator(".chip", has_text="请确认").tap()
    assert no_overflow(teacher)
    teacher.get_by_role("button", name="发给").tap()
    teacher.wait_for_url(re.compile(r"/bulletins/[0-9a-f-]{36}/"))
    address = teacher.url
    parent.goto(f"{BULLETINS}family/")
    parent.locator("a.row-item", has_text="周五家长会").first.tap()
    confirm = parent.get_by_role("button", name=re.compile("确认（"))
    name = re.search(r"确认（(.+)）", confirm.first.inner_text())[1]
    confirm.first.tap()
    expect(parent.locator("main")).to_contain_text("已确认")
    assert no_overflow(parent)
    teacher.goto(address)
    expect(teacher.locator(".row-item", has_text=name).first).to_contain_text("已确认")


def test_opening_a_bulletin_to_read_is_enough(sign_in):
    teacher, parent = sign_in("teacher", phone=True), sign_in("parent", phone=True)
    teacher.goto(f"{BULLETINS}new/")
    teacher.fill("input[name=title]", "雪天路滑")
    teacher.fill("textarea[name=text]", "雪天请早出门。")
    teacher.get_by_role("button", name="发给").tap()
    teacher.wait_for_url(re.compile(r"/bulletins/[0-9a-f-]{36}/"))
    address = teacher.url
    parent.goto(f"{BULLETINS}family/")
    with parent.expect_response(lambda answer: answer.url.endswith("/answer/")) as told:
        parent.locator("a.row-item", has_text="雪天路滑").first.tap()
    assert told.value.status == 204
    teacher.goto(address)
    expect(teacher.locator("main")).to_contain_text("已读")


def test_a_teacher_prints_slips_and_takes_the_bulletin_back(sign_in):
    teacher, parent = sign_in("teacher", phone=True), sign_in("parent", phone=True)
    teacher.goto(f"{BULLETINS}new/")
    teacher.fill("input[name=title]", "周五春游")
    teacher.fill("textarea[name=text]", "早上七点半到校。")
    teacher.locator("label.chip", has_text="请签字").tap()
    teacher.get_by_role("button", name="发给").tap()
    teacher.wait_for_url(re.compile(r"/bulletins/[0-9a-f-]{36}/"))
    address = teacher.url
    teacher.get_by_role("link", name="打印纸质回执").first.tap()
    teacher.wait_for_url("**/slips/")
    teacher.get_by_role("link", name="所有还没有答复的都印").tap()
    expect(teacher.locator(".slip").first).to_contain_text("家长签字")
    assert no_overflow(teacher)
    parent.goto(f"{BULLETINS}family/")
    parent.locator("a.row-item", has_text="周五春游").tap()
    expect(parent.get_by_role("button", name="同意", exact=True)).to_be_visible()
    teacher.goto(address)
    expect(teacher.locator("main")).to_contain_text("已读")
    teacher.get_by_role("button", name="撤回通知").first.tap()
    teacher.locator("dialog[open] textarea").fill("日期写错了")
    teacher.locator("dialog[open]").get_by_role("button", name="撤回通知").tap()
    expect(teacher.locator("main")).to_contain_text("已告诉看过的家长")
    assert no_overflow(teacher)
    parent.goto(f"{BULLETINS}family/")
    expect(parent.locator("a.row-item", has_text="周五春游")).to_contain_text("已撤回")
    parent.goto("/notices/")
    expect(parent.locator("main")).to_contain_text("通知已撤回，不要再照它办：周五春游")
