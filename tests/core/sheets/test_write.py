import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyu.core.sheets.read import Sheet, read_sheet
from tongyu.core.sheets.text import Fault
from tongyu.core.sheets.write import csv_safe, write_csv, write_marked, write_table

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "http://x.cn", "\x00=1", "{=1}"]


def table(headers, rows):
    target = io.BytesIO()
    write_table(target, headers, rows)
    return target.getvalue()


def test_a_table_comes_back_as_it_was_written():
    rows = [["001", "张三", date(2015, 9, 1), 3], ["622923199003071238", "李四", None, None]]
    sheet = read_sheet(table(["编号", "姓名", "出生日期", "人数"], rows), "a.xlsx")
    assert sheet.headers == ["编号", "姓名", "出生日期", "人数"]
    assert sheet.rows == [
        (2, ["001", "张三", date(2015, 9, 1), 3.0]),
        (3, ["622923199003071238", "李四", "", ""]),
    ]


def test_a_table_is_frozen_filtered_and_wide_enough_for_chinese():
    page = openpyxl.load_workbook(io.BytesIO(table(["学校名称"], [["刘家峡镇中心小学"]]))).active
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:A2")
    assert 16 <= page.column_dimensions["A"].width <= 22


def test_c33_no_cell_of_a_workbook_is_a_formula_or_a_link():
    page = openpyxl.load_workbook(io.BytesIO(table(["甲"], [[text] for text in HOSTILE]))).active
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)
    assert [cell.quotePrefix for cell in cells if cell.value[0] in "=+-@\t"] == [True] * 7


@given(st.one_of(st.sampled_from(HOSTILE), st.text()))
def test_c33_no_csv_cell_begins_like_a_formula(text):
    made = csv_safe(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\x00"))
    assert "\x00" not in made


def test_csv_opens_as_chinese_in_excel():
    made = write_csv(["姓名", "电话"], [["张三", "+86138"], ["李,四", None]])
    assert made.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig")))) == [
        ["姓名", "电话"],
        ["张三", "'+86138"],
        ["李,四", ""],
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.text(), st.floats(), st.booleans(), st.dates()), min_size=2, max_size=2),
        max_size=4,
    )
)
def test_any_value_can_be_written(rows):
    assert openpyxl.load_workbook(io.BytesIO(table(["甲", "乙"], rows))).active["B1"].value == "乙"


@pytest.fixture
def marked():
    sheet = Sheet(
        "学生", "xlsx", 3, ["姓名", "身份证件号", "年级"],
        [(5, ["张三", 6.2e17, "一年级"]), (6, ["李四", "", ""]), (7, ["=1", date(2015, 9, 1), ""])],
        above=[(1, ["学生名单", "", ""])], first_column=1, merged=[((5, 2), (6, 2))],
    )  # fmt: skip
    faults = {
        (5, 1): Fault("digits_lost", "末几位已丢失"),
        (6, 2): Fault("merged_cell", "合并单元格"),
        (6, 0): Fault("x", "重名"),
    }
    target = io.BytesIO()
    write_marked(target, sheet, faults)
    return target.getvalue()


def test_marked_workbook_has_every_cell_where_it_was_and_faults_red_with_a_comment(marked):
    book = openpyxl.load_workbook(io.BytesIO(marked))
    page = book["学生"]
    assert [page["B1"].value, page["B3"].value, page["B5"].value, page["C5"].value] == [
        "学生名单",
        "姓名",
        "张三",
        6.2e17,
    ]
    red = [cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert set(red) >= {"C5", "B6"}
    assert page["C5"].comment.text == "末几位已丢失"
    assert [page["E3"].value, page["E5"].value, page["E6"].value] == [
        "问题",
        "身份证件号：末几位已丢失",
        "姓名：重名；年级：合并单元格",
    ]


def test_marked_workbook_lists_the_faults_on_a_second_sheet(marked):
    page = openpyxl.load_workbook(io.BytesIO(marked))["问题汇总"]
    assert [tuple(cell.value for cell in row) for row in page.iter_rows()] == [
        ("行", "列", "原因"),
        (5, "身份证件号", "末几位已丢失"),
        (6, "姓名", "重名"),
        (6, "年级", "合并单元格"),
    ]


def test_marked_workbook_reads_back_with_the_same_row_numbers(marked):
    sheet = read_sheet(marked, "a.xlsx", lambda headers: len({"姓名", "身份证件号"} & set(headers)))
    assert (sheet.name, sheet.header_row, [number for number, _row in sheet.rows]) == ("学生", 3, [5, 6, 7])
