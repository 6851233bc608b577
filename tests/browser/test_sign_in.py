"""Coming in, changing the hat, going out, and pages that are not there."""

from datetime import date

import psycopg
import pytest
from playwright.sync_api import expect

from support.site import Site, new_context, no_overflow, sign_in_form
from tongyu.config import embedded
from tongyu.core.ids import uuid7

pytestmark = pytest.mark.browser


@pytest.fixture
def second_hat(site: Site):
    """The demo's school leader also teaches a subject in a class of the school; taken back afterwards."""
    with psycopg.connect(embedded.owner_url(site.database), autocommit=True) as owner:
        owner.execute(
            "SELECT set_config('app.actor', 'test', false), set_config('app.lo', '0', false), "
            "set_config('app.hi', '99999999999999999', false)"
        )
        staff, account, school = owner.execute(
            "SELECT a.staff_id, a.account_id, a.org FROM directory_appointment a "
            "JOIN directory_account c ON c.id = a.account_id WHERE c.username = 'leader'"
        ).fetchone()
        of_class = owner.execute(
            "SELECT min(code) FROM directory_body WHERE kind = 'school_class' AND code BETWEEN %s AND %s",
            [school, school + 99_999],
        ).fetchone()[0]
        key = uuid7()
        owner.execute(
            "INSERT INTO directory_appointment (id, org, role, staff_id, holder_name, holder_employer, account_id, "
            "from_day, entered_at, received_at) VALUES (%s, %s, 'subject_teacher', %s, '', '', %s, %s, now(), now())",
            [key, of_class, staff, account, date(2026, 11, 1)],
        )
        yield
        owner.execute("DELETE FROM directory_appointment WHERE id = %s", [key])


def test_a_person_with_two_hats_changes_with_one_tap(second_hat, sign_in):
    page = sign_in("leader")
    assert page.url.endswith("/school/")
    page.locator(".hat-pick:visible", has_text="任课教师").first.click()
    page.wait_for_url("**/my-class/")
    expect(page.locator("h1")).to_have_text("任课教师")
    assert page.goto("/school/").status == 403
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.locator(".hat-pick:visible", has_text="学校领导").first.click()
    page.wait_for_url("**/school/")


def test_one_hat_offers_no_change(sign_in):
    page = sign_in("township", phone=True)
    page.locator(".tabbar summary").first.click()
    expect(page.get_by_role("button", name="退出").last).to_be_visible()
    expect(page.get_by_text("切换身份")).to_have_count(0)


def test_signing_out_ends_the_session(sign_in):
    page = sign_in("township")
    page.get_by_role("button", name="退出").first.click()
    page.wait_for_url("**/account/login/**")
    page.goto("/township/")
    assert "/account/login/" in page.url


def test_a_wrong_password_is_told_in_chinese_and_keeps_the_name(site, chromium):
    context = new_context(chromium, site, phone=True)
    page = context.new_page()
    sign_in_form(page, "teacher", "not-the-password")
    expect(page.get_by_text("您的账号或密码不正确").or_(page.get_by_text("密码不正确")).first).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("teacher")
    expect(page.locator("input[name=password]")).to_have_value("")
    assert no_overflow(page)
    context.close()


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_an_unknown_address_shows_a_way_home(sign_in, phone):
    page = sign_in("teacher", phone=phone)
    assert page.goto("/nothing/here/").status == 404
    expect(page.locator("h1")).to_have_text("没有找到这一页")
    assert no_overflow(page)
    page.get_by_role("link", name="回首页").click()
    page.wait_for_url("**/class/")


def test_a_page_of_another_role_is_refused_with_a_way_home(sign_in):
    page = sign_in("teacher", phone=True)
    assert page.goto("/office/").status == 403
    expect(page.locator("h1")).to_have_text("您现在的身份不能看这一页")
    expect(page.get_by_role("link", name="回首页")).to_be_visible()
