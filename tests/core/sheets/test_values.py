from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from tongyu.core.sheets import values
from tongyu.core.sheets.text import Fault, Parsed, blank, fold

a_date = values.date_in(date(1990, 1, 1), date(2026, 12, 31))
a_text = values.text_up_to(10)
a_sex = values.code_of({"1": ("男", "男性"), "2": ("女", "女性")})
a_code = values.code(r"\d{10}", "10 位数字", length=10)
PARSERS = [a_date, a_text, a_sex, a_code, values.person_name, values.phone, values.id_number, values.yes_no]
GOOD_ID = "622923199003071238"
GOOD_ID = GOOD_ID[:17] + ric.calc_check_digit(GOOD_ID)

raws = st.one_of(
    st.none(), st.text(), st.text(alphabet="0123456789xXＥ.-/年月日 ０１２３\u200b+E", max_size=22), st.booleans(),
    st.floats(), st.integers(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.characters(codec=None).map(lambda char: char * 3),
)  # fmt: skip


@given(raws)
def test_no_parser_ever_raises_and_each_gives_a_value_or_a_fault(raw):
    for parse in PARSERS:
        parsed = parse(raw)
        assert isinstance(parsed, Parsed)
        assert parsed.fault is None or (
            type(parsed.fault) is Fault and parsed.fault.reason and parsed.value is None
        )
        assert all(parsed.notes)


@given(raws)
def test_blank_and_fold_take_anything(raw):
    assert blank(raw) in (True, False)
    assert fold(raw) == fold(fold(raw)) if isinstance(raw, str) else True


@given(
    st.dates(date(1990, 1, 1), date(2026, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"]),
)
def test_every_written_form_of_a_date_is_read(day, form):
    assert a_date(day.strftime(form)) == Parsed(day)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2015/9/1", date(2015, 9, 1)),
        ("2015.9.1", date(2015, 9, 1)),
        ("2015年9月1日", date(2015, 9, 1)),
        ("2015-09-01 00:00:00", date(2015, 9, 1)),
        (20150901.0, date(2015, 9, 1)),
        (date(2015, 9, 1), date(2015, 9, 1)),
        (datetime(2015, 9, 1, 8), date(2015, 9, 1)),
    ],
)
def test_date_forms(raw, day):
    assert a_date(raw) == Parsed(day)


def test_an_excel_serial_number_is_a_date_with_a_note():
    assert a_date(42248.0) == Parsed(
        date(2015, 9, 1), None, ("Excel 把日期变成了数字 42248，已按 2015-09-01 读取",)
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2015-02-29", "date_missing"), ("2015-13-01", "date_missing"), ("1890-01-01", "date_range"),
        ("2027-01-01", "date_range"), ("15-9-1", "date_format"), ("去年", "date_format"), (99999.0, "date_number"),
        (3.0, "date_number"), (True, "became_logical"), (time(1, 2), "became_time"), (6.2e17, "digits_lost"),
    ],
)  # fmt: skip
def test_date_faults(raw, code):
    assert a_date(raw).fault.code == code


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("买买提•艾力", "买买提·艾力"), ("买买提・艾力", "买买提·艾力"), ("买买提．艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"), ("张 三", "张三"), ("张\u3000三", "张三"), (" 张三\u200b", "张三"),
        ("𠮷野", "𠮷野"),
        ("㛃㛃", "㛃㛃"), ("Mary O'Neil", "Mary O'Neil"), ("马\ue863", "马\ue863"),
    ],
)  # fmt: skip
def test_names(raw, name):
    assert (values.person_name(raw).value, values.person_name(raw).fault) == (name, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("张", "name_length"), ("王" * 41, "name_length"), ("张三1", "name_characters"), ("张?", "lost_character"),
        ("张\x00三", "control_character"), (42248.0, "name_characters"), (date(2026, 3, 2), "became_date"),
    ],
)  # fmt: skip
def test_name_faults(raw, code):
    assert values.person_name(raw).fault.code == code


def test_a_good_id_number_is_taken_in_every_dress():
    assert values.id_number(GOOD_ID) == Parsed(GOOD_ID)
    full = "".join(chr(ord(char) + 0xFEE0) for char in GOOD_ID)
    assert values.id_number(full) == Parsed(GOOD_ID, None, ("全角数字或字母已转为半角",))
    assert values.id_number(f"\u202d{GOOD_ID[:6]} {GOOD_ID[6:]}\u202c ").value == GOOD_ID
    assert values.id_number("'" + GOOD_ID).value == GOOD_ID


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_are_taken(prefix):
    number = prefix + "201508310010"
    number = number[:17] + ric.calc_check_digit(number)
    assert values.id_number(number.lower()).value == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (6.22923199003071e17, "digits_lost"), ("6.2E+17", "digits_lost"), (GOOD_ID[:17], "id_length"),
        (GOOD_ID[:17] + ("0" if GOOD_ID[17] != "0" else "1"), "id_check_digit"),
        ("62292319901307123X", "id_date"), ("62292318000307123X", "id_date"), ("62292319900307X23X", "id_characters"),
        ("622923900307123", "id_old"), ("无", "id_length"), (date(2015, 9, 1), "became_date"),
    ],
)  # fmt: skip
def test_id_number_faults(raw, code):
    assert values.id_number(raw).fault.code == code


def test_a_float_damaged_number_says_what_excel_did():
    reason = values.id_number(6.2e17).fault.reason
    assert reason == "Excel 把号码变成了 6.2E+17，末几位已丢失，请把列设为“文本”后重填。"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13812345678", "+8613812345678"), (13812345678.0, "+8613812345678"), ("+86 138-1234-5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"), ("0930-8832101", "+869308832101"),
        ("010-12345678", "+861012345678"),
        ("（0931）8832101", "+869318832101"), ("8613812345678", "+8613812345678"),
    ],
)  # fmt: skip
def test_phones(raw, number):
    assert (values.phone(raw).value, values.phone(raw).fault) == (number, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1381234567", "phone_length"), ("8832101", "phone_area"), ("13812345678/13912345678", "phone_many"),
        ("没有", "phone_format"), ("12812345678", "phone_length"), (1.38e16, "digits_lost"),
    ],
)  # fmt: skip
def test_phone_faults(raw, code):
    assert values.phone(raw).fault.code == code


def test_masks():
    assert values.mask_phone("+8613812345678") == "138****5678"
    assert values.mask_phone("+8612") == "****"
    assert values.mask_id_number("62292319900307123X") == "622************23X"


@pytest.mark.parametrize(
    ("raw", "code"), [("男", "1"), (2.0, "2"), ("2", "2"), ("1-男", "1"), ("女性 ", "2"), ("２", "2")]
)
def test_codes_by_code_or_name(raw, code):
    assert (a_sex(raw).value, a_sex(raw).fault) == (code, None)


def test_an_unknown_code_names_the_choices():
    assert a_sex("男孩").fault == Fault("unknown_code", "“男孩”不是可选的值，应填：男、女。")


@pytest.mark.parametrize(
    ("raw", "value"), [("是", True), ("否", False), (1.0, True), (True, True), ("√", True), ("无", False)]
)
def test_yes_no(raw, value):
    assert values.yes_no(raw) == Parsed(value)


def test_lost_zeros_are_told():
    assert a_code(2162000001.0) == Parsed("2162000001")
    assert a_code(62000001.0).fault == Fault(
        "zeros_lost", "前面的 0 丢了：“62000001”应有 10 位，请把列设为“文本”后重填。"
    )
    assert a_code("21620").fault.code == "zeros_lost"
    assert a_code("A162000001").fault.code == "code_format"


def test_text_limits_and_dates_in_text():
    assert a_text("三年级2班") == Parsed("三年级2班")
    assert a_text("字" * 11).fault.code == "too_long"
    assert (
        a_text(date(2026, 3, 2)).fault.reason
        == "Excel 把这一格变成了日期 2026-03-02，请把列设为“文本”后重填。"
    )
