"""Numbers and dates in Chinese words, as official documents write them."""

from datetime import date

_DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A whole number in Chinese: 21 → 二十一, 105 → 一百零五, 10010 → 一万零一十."""
    if number < 0:
        return "负" + chinese_number(-number)
    words = _words(number) or "零"
    return words[1:] if words.startswith("一十") else words


def _words(number: int) -> str:
    for size, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return _words(head) + word + gap + _words(rest)
    return _DIGITS[number] if number else ""


def chinese_date(day: date) -> str:
    """A date in Chinese figures as in official documents: 二〇二六年九月一日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"
