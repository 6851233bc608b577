"""A workbook with every usual fault: each named by row and reason, repaired in the marked file, imported."""

import io
import re
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from support.roster import HEADERS, id_number, pupil

pytestmark = pytest.mark.browser
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def wrong_digit(number: str) -> str:
    """The same number with another check digit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faulty(code: str) -> tuple[bytes, dict[str, tuple[str, str]]]:
    """A workbook, and for each faulty cell what the reason must say and the value that repairs it."""
    at = {"学校标识码": code, "班级": "8班"}
    rows = [
        pupil(811, **at),
        pupil(812, **at, 身份证件号=wrong_digit(id_number(812))),
        pupil(813, **at | {"学校标识码": "2162999999"}),
        pupil(814, **at, 学籍号="G" + id_number(811)),
        pupil(815, **at, 身份证件号=float(id_number(815).replace("X", "0"))),
        pupil(816, **at, 监护人1电话="1380000"),
        pupil(817, **at | {"班级": date(2026, 3, 2)}),
        pupil(818, **at, 姓名="马?花"),
        pupil(819, **at | {"年级": "十年级"}),
        pupil(820, **at, 身份证件号=id_number(820).translate(WIDE), 姓名=" 马小花  "),
    ]
    book = openpyxl.Workbook()
    for row in [HEADERS, *rows]:
        book.active.append(row)
    expected = {
        "D3": ("校验码不对", id_number(812)),
        "E4": ("没有标识码为 2162999999 的学校", code),
        "A5": ("与第 2 行重复", "G" + id_number(814)),
        "D6": ("Excel 把号码变成了 6.2E+17", id_number(815)),
        "J7": ("座机号码请带上区号", "13800000816"),
        "G8": ("变成了日期", "8班"),
        "B9": ("生僻字", "马小花"),
        "F10": ("十年级", "三年级"),
    }
    return saved(book), expected


def upload(page: Page, name: str, data: bytes) -> None:
    """Choose the file, send it, wait for the check."""
    page.goto("/directory/rosters/new/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": MIME, "buffer": data})
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".tiles").first).to_be_visible(timeout=60_000)


def counts(page: Page) -> dict[str, int]:
    """新增, 有变化, 没有变化 and what leaves, as the tiles show them."""
    tiles = [tile.inner_text().split() for tile in page.locator(".tiles > *").all()]
    return {tile[0]: int(re.sub(r"\D", "", "".join(tile[1:]))) for tile in tiles}


def test_every_faulty_cell_is_named_and_can_be_repaired(sign_in, tmp_path):
    page = sign_in("office")
    page.goto("/directory/?school_kind=primary")
    code = page.locator("td[data-label=学校标识码]").first.inner_text().strip()
    data, expected = faulty(code)
    upload(page, "名册.xlsx", data)
    for cell, (reason, _repair) in expected.items():
        row = page.locator("tr", has_text=f"第 {cell[1:]} 行").filter(has_text=reason)
        expect(row, f"{cell}: {reason}").to_have_count(1)
    expect(page.get_by_text("一行也没有导入")).to_be_visible()
    expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出问题的文件").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    sheet = book.worksheets[0]
    marked = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(expected) <= set(marked)
    assert [cell for cell, (reason, _r) in expected.items() if reason not in marked[cell]] == []
    for cell, (_reason, repair) in expected.items():
        sheet[cell].number_format = "@"
        sheet[cell] = repair

    repaired = saved(book)
    upload(page, "改好.xlsx", repaired)
    assert {key: value for key, value in counts(page).items() if value} == {"新增": 10}
    page.get_by_role("button", name="导入", exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name="导入").click()
    expect(page.get_by_text("已全部导入。")).to_be_visible(timeout=60_000)

    upload(page, "再来一次.xlsx", repaired)
    assert {key: value for key, value in counts(page).items() if value} == {"没有变化": 10}


def test_a_leader_brings_in_a_pupil_of_the_own_school_and_finds_it(sign_in):
    page = sign_in("leader")
    page.goto("/directory/")
    code = page.locator("td[data-label=学校标识码]").first.inner_text().strip()
    book = openpyxl.Workbook()
    for row in [HEADERS, pupil(861, 学校标识码=code, 姓名="安如意", 年级="二年级", 班级="1班")]:
        book.active.append(row)
    upload(page, "一名.xlsx", saved(book))
    assert counts(page)["新增"] == 1
    page.get_by_role("button", name="导入", exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name="导入").click()
    expect(page.get_by_text("已全部导入。")).to_be_visible(timeout=60_000)
    page.goto("/directory/students/?q=安如意")
    expect(page.get_by_text("安如意").first).to_be_visible()

    page.goto("/directory/rosters/new/")
    page.set_input_files(
        "input[type=file]", {"name": "照片.xlsx", "mimeType": MIME, "buffer": b"not a workbook"}
    )
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text(re.compile("内容却不是")).first).to_be_visible(timeout=30_000)
