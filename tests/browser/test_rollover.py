"""The county turns into a new school year and back: a school speaks for its pupils, the office previews and runs it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.site import Site, new_context, no_overflow, served, signed_in, site_database

pytestmark = pytest.mark.browser
PUPILS, NEW_YEAR = 600, "2027-09-01"
TERMS = {1: ("2027-09-01", "2028-01-20"), 2: ("2028-02-21", "2028-07-07")}


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Site]:
    """The county of last November on the first day of the next school year."""
    with served(
        site_database("autumn", worker), tmp_path_factory.mktemp("autumn"), PUPILS, NEW_YEAR
    ) as running:
        yield running


@pytest.fixture
def enter(autumn: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`enter("leader", phone=True)`."""
    contexts = []

    def open_page(role: str, phone: bool = False) -> Page:
        contexts.append(new_context(chromium, autumn, phone))
        return signed_in(contexts[-1], autumn, role)

    yield open_page
    for context in contexts:
        context.close()


def tile(page: Page, label: str) -> str:
    """The figure of the tile with that label."""
    return page.locator(".stat", has_text=label).locator(".stat-value").inner_text().strip()


def set_terms(office: Page) -> None:
    """The refusal leads to the calendar, where both terms are set."""
    expect(office.get_by_text("还没有设定 2027—2028 学年的两个学期").first).to_be_visible()
    office.get_by_role("link", name="去设定").first.click()
    office.wait_for_url("**/calendar/2027/")
    for number, (first, last) in TERMS.items():
        office.goto(f"/calendar/2027/term/{number}/")
        office.fill("input[name=first_day]", first)
        office.fill("input[name=last_day]", last)
        office.get_by_role("button", name="保存日期").click()
        office.wait_for_url("**/calendar/2027/")


def retain_one(leader: Page) -> str:
    """Finds a pupil by name and puts down that the child repeats; the name."""
    leader.fill("input[name=q]", "马")
    leader.get_by_role("button", name="查找学生").click()
    found = leader.locator("ul.rows a.row-item").first
    name = found.locator("b").inner_text()
    found.click()
    leader.get_by_role("button", name="保存").click()
    expect(leader.locator("[data-error-summary]")).to_contain_text("请选择去向。")
    leader.get_by_label("留级", exact=True).check()
    leader.fill("textarea[name=reason]", "家长申请")
    leader.get_by_role("button", name="保存").click()
    expect(leader.get_by_text(f"已登记：{name}。")).to_be_visible()
    return name


def test_the_county_turns_and_turns_back(enter):
    office, leader = enter("office"), enter("leader", phone=True)
    leader.goto("/rollover/")
    expect(leader.get_by_text("升级结转还没有开始准备")).to_be_visible()
    office.goto("/rollover/")
    office.get_by_role("button", name="开始准备").click()
    set_terms(office)

    leader.goto("/rollover/")
    before = tile(leader, "升级")
    name = retain_one(leader)
    assert (tile(leader, "留级"), int(tile(leader, "升级"))) == ("1", int(before) - 1)
    assert no_overflow(leader)
    leader.get_by_role("button", name="核对完毕").click()
    expect(leader.get_by_text("已核对完毕，等县办公室执行。")).to_be_visible()

    office.goto("/rollover/")
    office.get_by_role("button", name="预览全县").click()
    expect(office.get_by_text("每名在册学生都有且只有一个去向，可以执行。")).to_be_visible()
    assert tile(office, "留级") == "1"
    office.get_by_role("button", name="执行升级结转").first.click()
    office.locator("dialog[open]").get_by_role("button", name="执行升级结转").dblclick(no_wait_after=True)
    expect(office.get_by_text("2027年9月1日 起生效。")).to_be_visible(timeout=60_000)
    assert tile(office, "留级") == "1"
    leader.goto("/rollover/")
    expect(leader.get_by_text("升级结转已执行")).to_be_visible()
    leader.goto(f"/directory/students/?q={name}")
    grade = leader.locator("main").inner_text()

    office.get_by_role("link", name="撤销").click()
    office.get_by_role("button", name="撤销升级结转").click()
    expect(office.get_by_role("button", name="重新准备")).to_be_visible(timeout=60_000)
    office.get_by_role("button", name="重新准备").click()
    expect(office.get_by_role("link", name="有登记 1")).to_be_visible()
    leader.goto(f"/directory/students/?q={name}")
    assert leader.locator("main").inner_text() != grade, "the child is in the old class again"
    leader.goto("/rollover/")
    expect(leader.get_by_text(name)).to_be_visible()
