"""Linking WeChat inside WeChat, coming in with it, and ending another device; people at work with WeCom."""

import re

import pytest

from portals.own_account.conftest import WECHAT
from support.site import PHONE, no_overflow, signed_in
from tongyu.portals.own_account.wechat import FRAGMENT

pytestmark = pytest.mark.browser


def opened(chromium, site, sign_in_vendors, person, agent=None):
    """A phone whose person agrees at the vendor's page, wherever that is."""
    context = chromium.new_context(
        viewport=PHONE, base_url=site.url, locale="zh-CN", has_touch=True, user_agent=agent
    )

    def agree(route):
        address = route.request.url.removesuffix(FRAGMENT) + (
            "" if "wwlogin" in route.request.url else FRAGMENT
        )
        back = site.url + sign_in_vendors.agree(address, person)
        route.fulfill(status=302, headers={"Location": back})

    context.route(re.compile(r"https://(open|login\.work)\.weixin\.qq\.com/.*"), agree)
    return context


def test_a_teacher_links_wecom_and_comes_in_without_a_password(site, chromium, sign_in_vendors):
    desk = opened(chromium, site, sign_in_vendors, "Ma.Laoshi")
    page = signed_in(desk, site, "teacher")
    page.goto("/own/")
    page.locator("form[action='/own/link/wecom/'] button").click()
    page.wait_for_selector("text=已绑定企业微信")
    assert no_overflow(page)

    phone = opened(chromium, site, sign_in_vendors, "Ma.Laoshi").new_page()
    phone.goto("/account/login/")
    phone.get_by_role("button", name="用企业微信登录").click()
    phone.wait_for_url("**/class/")

    page.reload()
    assert page.get_by_text("这台").count() == 1
    page.locator("form[action='/own/devices/end/'] button", has_text="退出").first.click()
    page.wait_for_selector("text=已在那里退出登录")
    phone.goto("/class/")
    assert "/account/login/" in phone.url


def test_a_stranger_in_wechat_is_told_how_to_begin(site, chromium, sign_in_vendors):
    phone = opened(chromium, site, sign_in_vendors, "nobody", WECHAT).new_page()
    phone.goto("/family/sign-in/")
    assert phone.get_by_role("button", name="用企业微信登录").count() == 0
    phone.get_by_role("button", name="用微信登录").click()
    phone.wait_for_selector("text=先用手机号登录或加入班级")
    assert no_overflow(phone)
