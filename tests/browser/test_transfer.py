"""A pupil moves from school to school: proposed from the class list, confirmed by the other leader, gone and there."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from support.site import no_overflow
from tongyu.config import embedded

pytestmark = pytest.mark.browser

TARGET = """
SELECT b.name, a.account_id FROM directory_body b
JOIN directory_appointment a ON a.org = b.code AND a.role = 'school_leader' AND a.account_id IS NOT NULL
JOIN directory_account me ON me.username = 'leader'
WHERE b.kind = 'school' AND b.school_kind = 'primary' AND b.closed_on IS NULL AND a.account_id <> me.id
  AND a.until_day IS NULL AND a.withdrawn_at IS NULL
  AND EXISTS (SELECT FROM directory_body c WHERE c.kind = 'school_class' AND c.closed_on IS NULL
              AND c.code > b.code AND c.code < b.hi)
ORDER BY b.code LIMIT 1
"""
SAME_PASSWORD = """
UPDATE directory_account SET username = 'receiving', is_active = true,
       password = (SELECT password FROM directory_account WHERE username = 'leader') WHERE id = %s
"""


@pytest.fixture(scope="module")
def receiving(site) -> str:
    """The name of another primary school, whose leader may now sign in as `receiving`."""
    owner = embedded.with_parts(embedded.start(), database=site.database)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "SELECT set_config('app.lo', '0', false), set_config('app.hi', '9223372036854775807', false)"
        )
        name, account = connection.execute(TARGET).fetchone()
        connection.execute(SAME_PASSWORD, [account])
    site.accounts["receiving"] = site.accounts["leader"] | {"username": "receiving"}
    return str(name)


def first_pupil(page: Page) -> str:
    """Opens the form of the first pupil of the list; the pupil's name."""
    page.goto("/directory/students/")
    row = page.locator("tbody tr").filter(has=page.get_by_role("link", name="转学", exact=True)).first
    name = row.locator("td").first.inner_text().strip()
    row.get_by_role("link", name="转学", exact=True).click()
    page.wait_for_url("**/transfers/new/**")
    return name


@pytest.mark.parametrize("phone", [False, True])
def test_a_pupil_goes_from_one_school_to_another(sign_in, receiving, phone):
    old = sign_in("leader", phone=phone)
    name = first_pupil(old)
    assert no_overflow(old)
    old.get_by_role("button", name="下一步：核对").click()
    expect(old.locator("[data-error-summary]")).to_contain_text("请填写转入学校。")
    old.fill("input[name=to_school]", receiving)
    old.fill("input[name=reason]", "家庭住址变动")
    old.get_by_role("button", name="下一步：核对").click()
    expect(old.get_by_text(re.compile(f"{name}（.+）转到.*{receiving}"))).to_be_visible()
    old.get_by_role("button", name="发给接收学校").dblclick(no_wait_after=True)
    expect(old.get_by_text("已发给接收学校，等对方确认。")).to_be_visible()

    new = sign_in("receiving", phone=phone)
    new.goto("/transfers/")
    new.locator("a.row-item").filter(has_text=name).click()
    expect(new.get_by_text("随学生一起过去的")).to_be_visible()
    assert no_overflow(new)
    new.get_by_label("安排到哪个班").select_option(index=1)
    new.get_by_role("button", name="确认转入").dblclick(no_wait_after=True)
    expect(new.get_by_text("已转入，学生从现在起在新班级的名单里。").first).to_be_visible(timeout=30_000)
    new.goto(f"/directory/students/?q={name}")
    expect(new.locator("tbody td").first).to_have_text(name)

    old.goto(f"/directory/students/?q={name}")
    expect(old.locator("tbody td", has_text=name)).to_have_count(0)
    old.goto("/transfers/")
    expect(old.get_by_text("已转出的学生").first).to_be_visible()
