"""A roster with faults, repaired and imported, as the office does it."""

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from support.roster import HEADERS, id_number, pupil

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"


def school_code(page: Page) -> str:
    """The code of a primary school of the demo county."""
    page.goto("/directory/?school_kind=primary")
    return page.locator("td[data-label=学校标识码]").first.inner_text().strip()


def roster(code: str) -> bytes:
    """Three pupils; one check digit is wrong, one telephone is too short."""
    wrong = id_number(902)[:17] + ("1" if id_number(902)[17] != "1" else "2")
    rows = [
        pupil(901, 学校标识码=code, 班级="9班"),
        pupil(902, 学校标识码=code, 班级="9班", 身份证件号=wrong),
        pupil(903, 学校标识码=code, 班级="9班", 监护人1电话="1380000"),
    ]
    book = openpyxl.Workbook()
    for row in [HEADERS, *rows]:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(page: Page, name: str, data: bytes) -> None:
    """Choose the file, send it, wait for the check."""
    page.goto("/directory/rosters/new/")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": name, "mimeType": mime, "buffer": data})
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".tiles").first).to_be_visible(timeout=60_000)


def shot(page: Page, name: str) -> None:
    """A picture for people to look at, at both widths."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width, height in ((1440, 1000), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 1000})


def test_a_roster_with_faults_is_repaired_and_imported(sign_in, tmp_path):
    page = sign_in("office")
    code = school_code(page)
    page.goto("/directory/rosters/new/")
    shot(page, "roster-upload")
    upload(page, "名册.xlsx", roster(code))
    expect(page.get_by_text("2 行里有 2 处问题，一行也没有导入")).to_be_visible()
    expect(page.get_by_text("身份证件号的校验码不对，请核对。")).to_be_visible()
    shot(page, "roster-faults")

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出问题的文件").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked = book.worksheets[0]
    assert [marked["D3"].comment.text, marked["J4"].comment.text] == [
        "身份证件号的校验码不对，请核对。",
        "座机号码请带上区号，如 0930-1234567。",
    ]
    marked["D3"], marked["J4"] = id_number(902), "13800000903"
    repaired = io.BytesIO()
    book.save(repaired)

    upload(page, "名册-改好.xlsx", repaired.getvalue())
    shot(page, "roster-preview")
    page.get_by_role("button", name="导入", exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name="导入").click()
    expect(page.get_by_text("已全部导入。")).to_be_visible(timeout=60_000)
    shot(page, "roster-imported")

    upload(page, "再来一次.xlsx", repaired.getvalue())
    tiles = page.locator(".tiles").first.inner_text().split()
    assert [
        tiles[at + 1] for at in (tiles.index("新增"), tiles.index("有变化"), tiles.index("没有变化"))
    ] == [
        "0",
        "0",
        "3",
    ]


def test_the_lists_show_masked_telephones_only(sign_in):
    page = sign_in("leader")
    page.goto("/directory/students/")
    expect(page.get_by_text("****").first).to_be_visible()
    assert not page.locator("main").get_by_text("+86").count()
    shot(page, "students")
    page.goto("/directory/staff/")
    shot(page, "staff")
    page.goto("/directory/rosters/")
    shot(page, "rosters")
