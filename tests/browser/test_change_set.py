"""A roster as a change set, as the office lives it: columns told, a conflict decided, the import undone."""

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from support.roster import HEADERS, pupil
from support.site import no_overflow

from .test_roster import school_code, upload

pytestmark = pytest.mark.browser


def table(rows: list[list[str]], headers: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in [headers, *rows]:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def confirm(page: Page, button: str) -> None:
    """The button in the page's head, and the same word in its dialogue."""
    page.get_by_role("button", name=button, exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name=button, exact=True).click()


def test_columns_are_told_a_conflict_is_decided_and_the_import_undone(sign_in):
    page = sign_in("office")
    code = school_code(page)
    rows = [pupil(number, 学校标识码=code, 班级="8班") for number in (921, 922)]
    page.goto("/directory/rosters/new/")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    data = table(rows, ["编号甲", *HEADERS[1:]])
    page.set_input_files("input[type=file]", {"name": "县版式.xlsx", "mimeType": mime, "buffer": data})
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("缺少必需的列：学籍号")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="指定各列").first.click()
    page.get_by_label("编号甲").select_option("student_number")
    page.get_by_role("button", name="保存并重新检查").click()
    expect(page.locator(".tiles").first).to_be_visible(timeout=60_000)
    confirm(page, "导入")
    expect(page.get_by_text("已全部导入。")).to_be_visible(timeout=60_000)

    changed = [
        pupil(number, 学校标识码=code, 班级="8班", 监护人1电话=f"1390000{number:04d}")
        for number in (921, 922)
    ]
    upload(page, "改了电话.xlsx", table(changed, HEADERS))
    page.get_by_role("link", name="决定分歧").click()
    assert no_overflow(page)
    page.get_by_role("radio").nth(0).check()
    page.get_by_role("button", name="保存本页的决定").click()
    expect(page.get_by_text("已保存 1 处决定。")).to_be_visible()
    page.get_by_role("button", name="全部用文件里的").click()
    page.get_by_role("link", name="回到预览，导入").click()
    confirm(page, "导入")
    expect(page.get_by_text("已全部导入。")).to_be_visible(timeout=60_000)
    page.set_viewport_size({"width": 390, "height": 844})
    assert no_overflow(page)
    confirm(page, "撤销这次导入")
    expect(page.get_by_text("这次导入已整体撤销")).to_be_visible(timeout=60_000)
