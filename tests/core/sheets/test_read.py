import io
import tracemalloc
import zipfile
from datetime import date

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyu.core.sheets.columns import Column, match, score_headers
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.read import read_sheet
from tongyu.core.sheets.values import id_number, person_name, text_up_to

COLUMNS = (
    Column("name", "姓名", person_name, aliases=("学生姓名",), required=True),
    Column("id_number", "身份证件号", id_number, aliases=("身份证号",)),
    Column("grade", "年级", text_up_to(20)),
)
HEADERS = ["姓名", "身份证件号", "年级"]


def score(headers):
    return score_headers(COLUMNS, headers)


def xlsx(rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book, book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


GOOD = xlsx([HEADERS, ["张三", "1", "一年级"]])


def with_sheet_xml(xml):
    source, target = zipfile.ZipFile(io.BytesIO(xlsx([["x"]]))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return target.getvalue()


def sheet_xml(cells):
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return start + cells + "</sheetData></worksheet>"


def refused(data, filename="a.xlsx"):
    with pytest.raises(SheetError) as caught:
        read_sheet(data, filename, score)
    assert caught.value.message
    return caught.value.code


def test_header_below_titles_and_rows_numbered_as_in_excel():
    data = xlsx([["学生名单"], [], HEADERS, ["张三", "1", "一年级"], [None, " ", None], ["李四", None, None]])
    sheet = read_sheet(data, "名单.xlsx", score)
    assert (sheet.header_row, sheet.headers, sheet.above) == (3, HEADERS, [(1, ["学生名单", "", ""])])
    assert sheet.rows == [(4, ["张三", "1", "一年级"]), (6, ["李四", "", ""])]


def test_columns_start_where_the_file_starts_and_the_best_sheet_is_taken():
    def change(book, page):
        second = book.create_sheet("学生")
        second["C4"], second["D4"], second["C5"] = "学生姓名*", "年级（必填）", "张三"
        book.create_sheet("隐藏").append(HEADERS)
        book["隐藏"].sheet_state = "hidden"

    sheet = read_sheet(xlsx([["填表说明"]], change), "a.xlsx", score)
    assert (sheet.name, sheet.header_row, sheet.first_column) == ("学生", 4, 2)
    assert match(COLUMNS, sheet).places == {"name": 0, "grade": 1}


def test_merged_cells_and_formula_errors_are_marked_by_row_and_column():
    def change(book, page):
        page.merge_cells("C2:C4")
        page["B3"] = "#N/A"
        page["B3"].data_type = "e"

    rows = [HEADERS, ["张三", "", "一年级"], ["李四"], ["王五"]]
    sheet = read_sheet(xlsx(rows, change), "a.xlsx", score)
    assert sheet.marks() == {(3, 2): "merged", (4, 2): "merged", (3, 1): "error"}


def test_xls_is_read_with_dates_and_merged_cells():
    book = xlwt.Workbook()
    page = book.add_sheet("学生")
    for at, header in enumerate(HEADERS):
        page.write(1, at, header)
    page.write(2, 0, "张三")
    page.write(2, 1, date(2015, 9, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    page.write_merge(2, 3, 2, 2, "一年级")
    target = io.BytesIO()
    book.save(target)
    sheet = read_sheet(target.getvalue(), "a.xls", score)
    assert (sheet.kind, sheet.header_row, sheet.rows) == (
        "xls",
        2,
        [(3, ["张三", date(2015, 9, 1), "一年级"])],
    )
    assert sheet.merged == [((3, 2), (4, 2))]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_in_every_encoding_and_separator(encoding, mark):
    lines = [
        mark.join(HEADERS),
        mark.join(["张三", "622923199003071238", "一年级"]),
        mark * 2,
        mark.join(["李四", "", ""]),
    ]
    sheet = read_sheet("\r\n".join(lines).encode(encoding), "名单.CSV", score)
    assert sheet.rows == [(2, ["张三", "622923199003071238", "一年级"]), (4, ["李四", "", ""])]


def test_rare_characters_of_gb18030_survive():
    sheet = read_sheet("姓名,年级\n𠮷㛃,一年级\n".encode("gb18030"), "a.csv", score)
    assert sheet.rows == [(2, ["𠮷㛃", "一年级"])]


def test_a_csv_row_longer_than_the_header_keeps_its_cells():
    sheet = read_sheet("姓名,年级\n张三,一,多\n李四\n".encode(), "a.csv", score)
    assert (sheet.headers, sheet.rows) == (
        ["姓名", "年级", ""],
        [(2, ["张三", "一", "多"]), (3, ["李四", "", ""])],
    )


def test_a_million_empty_rows_cost_little():
    filled = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    cells = filled.format(1, "姓名") + filled.format(2, "张三")
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(3, 1_000_003))
    data = with_sheet_xml(sheet_xml(cells + empty))
    tracemalloc.start()
    sheet = read_sheet(data, "a.xlsx", score)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sheet.rows == [(2, ["张三"])]
    assert peak < 50_000_000


def test_a_cell_in_the_last_corner_is_refused_before_it_is_opened():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(with_sheet_xml(sheet_xml(cells))) == "too_wide"
    assert refused(with_sheet_xml(sheet_xml(cells.replace("XFD", "C")))) == "too_long"
    assert (
        refused(with_sheet_xml(sheet_xml(cells.replace('r="XFD1048576"', "").replace("<c >", "<c>"))))
        == "too_long"
    )


def test_c35_a_zip_bomb_a_zip_of_many_entries_and_macros_are_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(4):
            made.writestr(f"xl/{number}.xml", bytes(100_000_000))
    assert refused(bomb.getvalue()) == "bomb"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as made:
        for number in range(3000):
            made.writestr(f"{number}", "")
    assert refused(many.getvalue()) == "bomb"
    macro = io.BytesIO(xlsx([HEADERS]))
    with zipfile.ZipFile(macro, "a") as made:
        made.writestr("xl/vbaProject.bin", b"x")
    assert refused(macro.getvalue()) == "macro"


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (b"  \n", "a.csv", "empty"),
        (b"PK\x03\x04 broken", "a.xlsx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "a.xls", "broken"),
        (b"<html><table>", "a.xls", "wrong_type"),
        (b"%PDF-1.7", "a.csv", "wrong_type"),
        (b"PK\x03\x04", "a.csv", "wrong_type"),
        (b"x", "a.exe", "wrong_type"),
        (b"x" * (20 * 1024 * 1024 + 1), "a.csv", "too_big"),
        (b"\xff\xff\x80\x81\x00", "a.csv", "encoding"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "no_header"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, filename, code):
    assert refused(data, filename) == code


def message_or_header(data, filename):
    """What the person sees: the refusal, or the place of the header."""
    try:
        return read_sheet(data, filename, score).header_row
    except SheetError as error:
        return error.message


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["a.csv", "a.xls", "a.xlsx"]),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_any_bytes_give_a_sheet_or_a_sheet_error(data, filename, start):
    assert message_or_header(start + data, filename)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_workbook_with_changed_bytes_gives_a_sheet_or_a_sheet_error(changes):
    raw = bytearray(GOOD)
    for place, byte in changes:
        raw[int(place * len(raw))] = byte
    assert message_or_header(bytes(raw), "a.xlsx")
