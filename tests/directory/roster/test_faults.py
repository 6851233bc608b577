"""Every fault of the issue is found by row and reason, and nothing of a faulty file is imported."""

import io
from datetime import date

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.county import as_asker
from support.roster import HEADERS, Silent, bring_in, check, fault_codes, id_number, pupil, stored, workbook
from tongyu.core.jobs import JobRefused
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.read import read_sheet
from tongyu.core.sheets.write import write_marked
from tongyu.directory.models import Body, Student
from tongyu.directory.roster import actions
from tongyu.directory.roster.changes import faults_from_json

pytestmark = pytest.mark.django_db
WRONG_DIGIT = id_number(1)[:17] + ("1" if id_number(1)[17] != "1" else "2")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"身份证件号": WRONG_DIGIT}, ("身份证件号", "id_check_digit")),
        ({"学校标识码": "2162999999"}, ("学校标识码", "unknown_school")),
        ({"学校标识码": 62000001}, ("学校标识码", "zeros_lost")),
        ({"身份证件号": 6.2e17}, ("身份证件号", "digits_lost")),
        ({"学籍号": "6.2E+17"}, ("学籍号", "digits_lost")),
        ({"学籍号": id_number(1)}, ("学籍号", "number_letter")),
        ({"学籍号": "G" + WRONG_DIGIT}, ("学籍号", "number_check_digit")),
        ({"学籍号": "G123"}, ("学籍号", "number_length")),
        ({"学籍号": ""}, ("学籍号", "required")),
        ({"姓名": "  \u200b"}, ("姓名", "required")),
        ({"姓名": 42248}, ("姓名", "name_characters")),
        ({"班级": date(2026, 3, 2)}, ("班级", "became_date")),
        ({"班级": "重点"}, ("班级", "unknown_class")),
        ({"年级": "九年级"}, ("年级", "unknown_grade")),
        ({"性别": "男孩"}, ("性别", "unknown_code")),
        ({"监护人1电话": "1380000"}, ("监护人1电话", "phone_area")),
        ({"监护人1电话": 1.38e16}, ("监护人1电话", "digits_lost")),
        ({"监护人1姓名": ""}, ("监护人1姓名", "guardian_name")),
        ({"监护人2姓名": "马大山", "监护人2电话": "13800000001"}, ("监护人2姓名", "guardian_twice")),
        ({"残疾类型": "八级"}, ("残疾类型", "unknown_code")),
        ({"是否单亲家庭": "也许"}, ("是否单亲家庭", "unknown_code")),
    ],
)
def test_a_faulty_cell_is_named_by_row_column_and_reason(office, changed, found):
    row = check(office, workbook([pupil(2), pupil(1, **changed)]))
    assert (row.state, fault_codes(row)) == ("faulty", [(4, *found)])
    assert all(reason for _row, _column, _code, reason in row.faults)
    with as_asker(office):
        assert Student.objects.count() == 0


def test_a_student_number_twice_in_one_file_is_an_error_on_both_rows(office):
    row = check(office, workbook([pupil(1), pupil(2), pupil(1, 身份证件号="")]))
    assert row.faults == [
        [3, 0, "doubled", "学籍号与第 5 行重复。"],
        [5, 0, "doubled", "学籍号与第 3 行重复。"],
    ]


def test_an_identity_number_twice_in_one_file_is_an_error_on_both_rows(office):
    row = check(office, workbook([pupil(1), pupil(2, 身份证件号=id_number(1))]))
    assert fault_codes(row) == [(3, "身份证件号", "doubled"), (4, "身份证件号", "doubled")]


def test_merged_cells_are_faults_but_for_the_first(office):
    data = workbook([pupil(1), pupil(2), pupil(3)], change=lambda page: page.merge_cells("G3:G5"))
    assert fault_codes(check(office, data)) == [(4, "班级", "merged_cell"), (5, "班级", "merged_cell")]


def test_formula_errors_are_faults(office):
    def change(page):
        page["F3"] = "#N/A"
        page["F3"].data_type = "e"

    assert fault_codes(check(office, workbook([pupil(1)], change=change))) == [(3, "年级", "formula_error")]


def test_full_width_digits_and_blanks_are_tidied_with_a_note(office):
    full = "".join(chr(ord(char) + 0xFEE0) for char in id_number(1))
    row = check(office, workbook([pupil(1, 身份证件号=full, 姓名=" 马小花\u00a0", 班级="２班")]))
    assert (row.state, row.faults) == ("ready", [])
    assert row.summary["notes"] == {"全角数字或字母已转为半角": 1, "去掉了前后的空格": 1}


def test_a_date_that_became_a_number_is_read_with_a_note_when_it_agrees(office):
    headers = [*HEADERS, "出生日期"]
    row = check(
        office, workbook([[*pupil(1), 43171], [*pupil(2), 43172], [*pupil(3), 99999]], headers=headers)
    )
    assert [(number, code) for number, _column, code, _reason in row.faults] == [
        (4, "birthday_differs"),
        (5, "date_number"),
    ]
    assert row.summary["notes"] == {"Excel": 1} or list(row.summary["notes"].values()) == [2]


def test_a_gbk_csv_and_an_xls_are_read_as_well(office):
    lines = [",".join(HEADERS), ",".join(str(value) for value in pupil(1))]
    assert bring_in(office, "\r\n".join(lines).encode("gbk"), filename="名册.csv")["new"] == 1
    book = xlwt.Workbook()
    page = book.add_sheet("学生")
    for line, values in enumerate([HEADERS, pupil(1), pupil(2)]):
        for at, value in enumerate(values):
            page.write(line, at, value)
    target = io.BytesIO()
    book.save(target)
    counts = bring_in(office, target.getvalue(), filename="名册.xls")
    assert (counts["new"], counts["unchanged"]) == (1, 1)


def test_a_file_without_the_needed_columns_says_which(office):
    row = check(office, workbook([["x", "y"]], headers=["学籍号", "姓名"]))
    assert (row.state, row.message) == (
        "columns",
        "缺少必需的列：学校标识码、年级、班级。请对照模板补上表头。",
    )


def test_a_file_that_is_no_table_is_refused_at_the_upload(office):
    with as_asker(office), pytest.raises(SheetError) as caught:
        actions.upload_roster(by=office, kind="students", filename="a.xlsx", data=b"%PDF-1.7", complete=False)
    assert caught.value.code == "wrong_type"


def test_the_marked_workbook_shows_the_faults_where_they_are_and_repairs_import(office):
    row = check(office, workbook([pupil(1, 身份证件号=WRONG_DIGIT), pupil(2)]))
    with as_asker(office):
        sheet = actions.open_sheet(row)
    target = io.BytesIO()
    write_marked(target, sheet, faults_from_json(row.faults))
    page = openpyxl.load_workbook(io.BytesIO(target.getvalue())).worksheets[0]
    assert page["D3"].comment.text == "身份证件号的校验码不对，请核对。"
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    book.worksheets[0]["D3"] = id_number(1)
    repaired = io.BytesIO()
    book.save(repaired)
    assert bring_in(office, repaired.getvalue())["new"] == 2


def test_a_roster_that_changed_after_its_preview_is_not_imported(office):
    row = check(office, workbook([pupil(1)]))
    bring_in(office, workbook([pupil(1)]))
    with as_asker(office):
        actions.import_roster(by=office, roster=row)
        with pytest.raises(JobRefused, match="预览之后"):
            actions.run_import(Silent(), str(row.pk), stored(office))
        assert Student.objects.count() == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, len(HEADERS) - 1),
            st.one_of(
                st.text(max_size=8),
                st.floats(allow_nan=False, allow_infinity=False),
                st.dates(),
                st.booleans(),
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_mutated_files_give_faults_or_a_plan_and_import_nothing_by_themselves(office, changes):
    rows = [pupil(order) for order in (1, 2, 3)]
    for at, column, value in changes:
        if isinstance(value, str):
            value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)
            value = value if not value.startswith("=") else "x"
        rows[at][column] = value
    row = check(office, workbook(rows))
    assert row.state in {"faulty", "ready", "unreadable"}
    assert (row.state == "faulty") == bool(row.faults)
    with as_asker(office):
        assert (Student.objects.count(), Body.objects.filter(kind="school_class").count()) == (0, 0)


def test_the_sheet_of_a_test_file_starts_below_its_title():
    assert (
        read_sheet(
            workbook([pupil(1)]), "a.xlsx", lambda headers: len(set(headers) & set(HEADERS))
        ).header_row
        == 2
    )
