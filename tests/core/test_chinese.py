from datetime import date

import pytest

from tongyu.core.chinese import chinese_date, chinese_number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"), (7, "七"), (10, "十"),
        (110000, "十一万"), (15, "十五"), (21, "二十一"), (105, "一百零五"), (110, "一百一十"),
        (1001, "一千零一"), (1010, "一千零一十"), (10000, "一万"),
        (10010, "一万零一十"), (30250, "三万零二百五十"),
        (123456, "十二万三千四百五十六"), (-3, "负三"),
    ],
)  # fmt: skip
def test_chinese_number(number, text):
    assert chinese_number(number) == text


def test_chinese_date():
    assert chinese_date(date(2026, 9, 10)) == "二〇二六年九月十日"
