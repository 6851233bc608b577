"""The columns of the files that can be imported; for students those of the national student-record export."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.sheets.columns import Column
from tongyu.core.sheets.text import Parsed, Raw, fault, folded
from tongyu.core.sheets.values import (
    code,
    code_of,
    date_in,
    id_number,
    person_name,
    phone,
    ric_check_digit,
    text_up_to,
    yes_no,
)
from tongyu.directory.kinds import SchoolKind
from tongyu.directory.models.people import Relation

SEX = code_of({"1": ("男", "男性"), "2": ("女", "女性")})
RELATIONS: Mapping[str, tuple[str, ...]] = {
    Relation.FATHER: ("父亲", "父", "爸爸", "父子", "父女", "51", "继父", "养父"),
    Relation.MOTHER: ("母亲", "母", "妈妈", "母子", "母女", "52", "继母", "养母"),
    Relation.GRANDPARENT: (
        "祖父母或外祖父母", "祖父", "祖母", "外祖父", "外祖母", "爷爷", "奶奶", "外公", "外婆", "姥爷", "姥姥",
        "61", "62", "63", "64", "60",
    ),
    Relation.RELATIVE: ("其他亲属", "亲属", "叔叔", "伯父", "姑姑", "舅舅", "姨妈", "哥哥", "姐姐", "兄", "姐", "70"),
    Relation.OTHER: ("其他监护人", "其他", "97", "99", "监护人", "非亲属"),
}  # fmt: skip
LEFT_BEHIND = code_of(
    {
        "0": ("非留守儿童", "否", "不是", "无"),
        "1": ("单亲外出", "单亲留守儿童", "父亲外出", "母亲外出", "单方外出"),
        "2": ("双亲外出", "双亲留守儿童", "父母均外出", "是", "双方外出"),
    }
)
DISABILITIES: Mapping[str, tuple[str, ...]] = {
    "0": ("无残疾", "无", "否", "00"),
    "1": ("视力残疾", "01"),
    "2": ("听力残疾", "02"),
    "3": ("言语残疾", "03"),
    "4": ("肢体残疾", "04"),
    "5": ("智力残疾", "05"),
    "6": ("精神残疾", "06"),
    "7": ("多重残疾", "07"),
}
DISABILITY = code_of(DISABILITIES)
DISABILITY_WORDS = {key: words[0] for key, words in DISABILITIES.items()}
SCHOOL_KINDS = code_of(
    {
        SchoolKind.KINDERGARTEN: ("幼儿园", "11", "111"),
        SchoolKind.PRIMARY: ("小学", "完全小学", "教学点", "21", "211", "218"),
        SchoolKind.JUNIOR: ("初级中学", "初中", "31", "311"),
        SchoolKind.NINE_YEAR: ("九年一贯制学校", "312"),
        SchoolKind.SENIOR: ("高级中学", "高中", "34", "342"),
        SchoolKind.COMPLETE: ("完全中学", "341"),
        SchoolKind.VOCATIONAL: ("职业学校", "中等职业学校", "36", "361"),
        SchoolKind.SPECIAL: ("特殊教育学校", "51", "511"),
    }
)
SCHOOL_CODE = code(r"[0-9A-Z]{10}", gettext_lazy("10 位学校标识码"), length=10)

_STUDENT_NUMBER = re.compile(r"[GJL][0-9]{17}[0-9X]")


def student_number(raw: Raw) -> Parsed:
    """A student number: G or J and 18 characters with a check digit, or L and 18 without one."""
    if isinstance(raw, str) and _STUDENT_NUMBER.fullmatch(raw):
        return _checked_number(raw, ())
    found = folded(raw)
    if found.fault:
        return found
    text = "".join(str(found.value).split()).upper()
    if not text.startswith(("G", "J", "L")) and len(text) == 18:
        return fault("number_letter", _("学籍号前面缺少字母，应以 G、J 或 L 开头，共 19 位。"))
    if len(text) != 19:
        return fault("number_length", _("学籍号应为 19 位，这里有 %(count)s 位。") % {"count": len(text)})
    if not _STUDENT_NUMBER.fullmatch(text):
        return fault("number_format", _("学籍号应为 G、J 或 L 加 18 位数字（末位可为 X）。"))
    return _checked_number(text, found.notes)


def _checked_number(text: str, notes: tuple[str, ...]) -> Parsed:
    """A student number of the right form: its check digit."""
    if text[0] != "L" and ric_check_digit(text[1:]) != text[-1]:
        return fault("number_check_digit", _("学籍号的校验码不对，请核对。"))
    return Parsed(text, None, notes)


RELATION = code_of(RELATIONS)


def _guardian(number: int, digit: str, word: str) -> tuple[Column, ...]:
    """The four columns of one guardian."""

    def names(end: str, *more: str) -> tuple[str, ...]:
        people = ("监护人", "家长", "成员", "家庭成员", "家庭成员或监护人")
        heads = [person + count for person in people for count in (digit, word)]
        return tuple(head + tail for head in heads for tail in (end, *more))

    key = f"guardian{number}"
    return (
        Column(
            f"{key}_name",
            f"监护人{digit}姓名",
            person_name,
            (*names("姓名"), f"监护人{digit}"),
            sensitive=True,
        ),
        Column(f"{key}_relation", f"监护人{digit}关系", RELATION, names("关系", "与学生关系")),
        Column(
            f"{key}_phone",
            f"监护人{digit}电话",
            phone,
            names("电话", "联系电话", "手机", "手机号", "手机号码"),
            sensitive=True,
        ),
        Column(
            f"{key}_id",
            f"监护人{digit}身份证件号",
            id_number,
            names("身份证件号", "身份证号", "身份证号码", "身份证件号码"),
            sensitive=True,
        ),
    )


def student_columns(today: date) -> tuple[Column, ...]:
    """Students with up to two guardians."""
    return (
        Column(
            "student_number", "学籍号", student_number, ("全国学籍号", "学籍号码", "个人标识码"), True, True
        ),
        Column("name", "姓名", person_name, ("学生姓名",), True),
        Column("sex", "性别", SEX, ("性别码",)),
        Column(
            "id_number",
            "身份证件号",
            id_number,
            ("身份证号", "身份证号码", "身份证件号码", "公民身份号码"),
            sensitive=True,
        ),
        Column("born_on", "出生日期", date_in(date(1995, 1, 1), today), ("出生年月日", "出生年月")),
        Column("school_code", "学校标识码", SCHOOL_CODE, ("学校代码", "学校编码"), True),
        Column("grade", "年级", text_up_to(30), ("年级名称", "所在年级"), True),
        Column("class", "班级", text_up_to(30), ("班级名称", "所在班级", "班号"), True),
        *_guardian(1, "1", "一"),
        *_guardian(2, "2", "二"),
        Column(
            "disability",
            "残疾类型",
            DISABILITY,
            ("残疾人类型", "残疾类别", "残疾", "是否残疾"),
            sensitive=True,
        ),
        Column(
            "left_behind",
            "是否留守儿童",
            LEFT_BEHIND,
            ("留守儿童", "留守", "是否农村留守儿童"),
            sensitive=True,
        ),
        Column("single_parent", "是否单亲家庭", yes_no, ("单亲家庭", "单亲", "是否单亲"), sensitive=True),
        Column(
            "address",
            "现住址",
            text_up_to(200),
            ("家庭住址", "家庭地址", "现住址详细地址", "住址"),
            sensitive=True,
        ),
    )


def staff_columns(today: date) -> tuple[Column, ...]:
    """Staff of schools, townships and departments, and the roles they hold."""
    return (
        Column("name", "姓名", person_name, ("教师姓名", "教职工姓名"), True),
        Column("sex", "性别", SEX),
        Column("id_number", "身份证件号", id_number, ("身份证号", "身份证号码", "身份证件号码"), True, True),
        Column("phone", "手机", phone, ("手机号", "手机号码", "联系电话", "电话"), sensitive=True),
        Column("school_code", "学校标识码", SCHOOL_CODE, ("学校代码",)),
        Column("body_name", "单位名称", text_up_to(80), ("单位", "所在单位", "学校名称", "工作单位")),
        Column("staff_number", "工号", text_up_to(32), ("教职工号", "职工号")),
        Column("role", "职务", text_up_to(40), ("担任职务", "行政职务", "校内职务", "角色")),
        Column(
            "leads", "班主任班级", text_up_to(40), ("带班班级", "所带班级", "担任班主任班级", "任班主任班级")
        ),
        Column("teaches", "任教班级", text_up_to(200), ("任课班级", "授课班级", "所教班级")),
    )


def body_columns(today: date) -> tuple[Column, ...]:
    """Schools, each in its township."""
    return (
        Column("school_code", "学校标识码", SCHOOL_CODE, ("学校代码", "学校编码"), True),
        Column("name", "学校名称", text_up_to(80), ("名称", "学校全称"), True),
        Column("school_kind", "学校类别", SCHOOL_KINDS, ("办学类型", "学校办学类型", "类别"), True),
        Column("township", "所属乡镇", text_up_to(40), ("乡镇", "所在乡镇"), True),
        Column("opened_on", "设立日期", date_in(date(1900, 1, 1), today), ("建校日期", "建校年月")),
    )
