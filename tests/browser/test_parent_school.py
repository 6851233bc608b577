"""A guardian finishes the course on the law; a school completes its parent school; the office loads a course."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COURSE = "/work/families/parent_school/"


@pytest.fixture
def parent(sign_in) -> Page:
    """The parent of the demo county on a phone."""
    return sign_in("parent", phone=True)


def counted(page: Page, key: str) -> int:
    """How many guardians (or schools) of the asker's range have met it."""
    page.goto(f"/duties/{key}/")
    found = re.search(r"达标\s*(\d+)|完成\s*(\d+)", page.locator(".duty-sheet-sum").inner_text())
    return int(found[1] or found[2]) if found else 0


def test_a_guardian_finishes_the_course_on_a_phone_and_the_school_sees_a_number(parent, sign_in):
    leader = sign_in("leader")
    before = counted(leader, "law-lesson")
    sent = []
    parent.on("response", lambda answer: sent.append((answer.url, len(answer.body()) if answer.ok else 0)))
    parent.goto(f"{COURSE}family/")
    expect(parent.get_by_text("已学 0 / 6 课")).to_be_visible()
    parent.get_by_role("link", name=re.compile("学习《家庭教育促进法》")).click()
    parent.get_by_role("link", name="开始学").click()
    for number in range(1, 7):
        expect(parent.get_by_text(f"第 {number} 课，共 6 课")).to_be_visible()
        question = parent.locator("details.think").first
        question.locator("summary").click()
        expect(question.locator(".right")).to_be_visible()
        assert parent.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        parent.get_by_role("button", name=re.compile("学完了")).dblclick(no_wait_after=True)
        parent.wait_for_load_state()
    expect(parent.get_by_text("已学 6 / 6 课")).to_be_visible()
    pages = [size for url, size in sent if "/lesson/" in url]
    assert max(pages) <= 15_000
    assert counted(leader, "law-lesson") > before, "one for each child"
    expect(leader.get_by_text("只统计人数，不列姓名")).to_be_visible()


def test_a_school_completes_the_four_parts_and_the_duty_turns_met(sign_in):
    leader = sign_in("leader")
    for label in ("队伍", "场所", "教学计划", "活动"):
        leader.goto(COURSE)
        row = leader.locator("a.row-item", has=leader.locator("b", has_text=label)).first
        if "还没有" not in row.inner_text():
            continue
        row.click()
        leader.fill("textarea[name=line]", "本学年照常安排")
        leader.get_by_role("button", name="保存").click()
        leader.wait_for_url(f"**{COURSE}")
    expect(leader.get_by_text("本学年四项保障都已登记。")).to_be_visible()
    assert counted(leader, "parent-school") == 1


def package() -> bytes:
    lines = [
        "key: county-reading",
        "title: 亲子阅读",
        "lessons:",
        "  - key: a",
        "    title: 一起读",
        "    text: a.md",
    ]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("course.yaml", "\n".join(lines))
        archive.writestr("a.md", "每天读**十分钟**。")
    return target.getvalue()


def test_the_office_loads_a_course_and_guardians_find_it(sign_in, parent):
    office = sign_in("office")
    office.goto(f"{COURSE}courses/upload/")
    bad = {"name": "课程.zip", "mimeType": "application/zip", "buffer": b"no zip at all"}
    office.set_input_files("input[name=file]", bad)
    office.get_by_role("button", name="检查并读入").click()
    expect(office.get_by_text("什么都没有保存")).to_be_visible()
    office.set_input_files("input[name=file]", {**bad, "buffer": package()})
    office.get_by_role("button", name="检查并读入").click()
    expect(office.get_by_text("还没有发布")).to_be_visible()
    office.get_by_role("button", name="发布").dblclick(no_wait_after=True)
    expect(office.get_by_text("课程已发布").first).to_be_visible()
    parent.goto(f"{COURSE}family/")
    parent.get_by_role("link", name=re.compile("亲子阅读")).click()
    parent.get_by_role("link", name="开始学").click()
    expect(parent.locator(".lesson strong")).to_have_text("十分钟")
