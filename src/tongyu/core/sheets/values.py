"""Cell parsers: each takes a raw cell and gives a value or a fault with a Chinese reason; none ever raises.

They are made once per column (`date_in(...)`, `code_of(...)`) and are not asked about blank cells.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from stdnum.cn import ric

from tongyu.core.sheets.text import DIGITS_KEPT, Parsed, Raw, blank, digits_lost, fault, fold, folded, tidy

__all__ = ["Parsed", "Parser", "Raw", "blank"]

Parser = Callable[[Raw], Parsed]

_DOTS = str.maketrans(dict.fromkeys("•・．‧∙●⋅･", "·"))
_NAME = re.compile(r"[\u00b7\u2010\u2011A-Za-z\u00c0-\u024f'’. \-]")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}(?:·[\u4e00-\u9fff]{1,12})?")
_HAN_GAP = re.compile(r"(?<=[^\x00-\u024f])\s+(?=[^\x00-\u024f])")
_DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?:[T ][\d:.]+Z?)?"
)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:\+?86|0086)?0?(10|2\d|[3-9]\d{2})(\d{7,8})")
_PLAIN_ID = re.compile(r"[0-9]{17}[0-9X]")
_PHONE_NOISE = re.compile(r"[\s\-—–()（）.]")
EXCEL_EPOCH = date(1899, 12, 30)


def text_up_to(limit: int) -> Parser:
    """Any text of at most `limit` characters."""

    def parse(raw: Raw) -> Parsed:
        found = tidy(raw)
        if not found.fault and len(str(found.value)) > limit:
            return fault("too_long", _("文字太长，最多 %(limit)s 个字。") % {"limit": limit})
        return found

    return parse


def person_name(raw: Raw) -> Parsed:
    """A person's name of 2 to 40 characters, NFC, with · (U+00B7) as its dot; rare characters are kept."""
    if isinstance(raw, str) and _HAN_NAME.fullmatch(raw):
        return Parsed(raw)
    found = tidy(raw)
    if found.fault:
        return found
    text = _HAN_GAP.sub("", unicodedata.normalize("NFC", str(found.value)).translate(_DOTS))
    text = re.sub(r"(?<=[^\x00-\u024f])\.(?=[^\x00-\u024f])", "·", text)
    if "?" in text or "？" in text or "\ufffd" in text or "□" in text:
        return fault("lost_character", _("姓名里有“?”，可能是生僻字丢失了，请重填。"))
    wrong = next((char for char in text if not (char.isalpha() or _NAME.match(char) or _private(char))), None)
    if wrong is not None:
        return fault("name_characters", _("姓名里有不该有的字符“%(char)s”。") % {"char": wrong})
    if not 2 <= len(text) <= 40:
        return fault("name_length", _("姓名应为 2 到 40 个字。"))
    notes = found.notes if text == found.value else (*found.notes, _("姓名中的间隔号或空格已统一"))
    return Parsed(text, None, notes)


def _private(char: str) -> bool:
    """Private-use characters: older systems keep rare names in them."""
    return unicodedata.category(char) in {"Co", "Mn", "Mc"}


def date_in(earliest: date, latest: date) -> Parser:
    """A day within [earliest, latest], however it was typed; Excel serial numbers are taken with a note."""

    def parse(raw: Raw) -> Parsed:
        if isinstance(raw, datetime):
            return check(raw.date(), ())
        if isinstance(raw, date):
            return check(raw, ())
        if isinstance(raw, str) and _ISO_DAY.fullmatch(raw):
            return check(_day_of(raw[:4], raw[5:7], raw[8:]), ())
        found = folded(raw)
        if found.fault:
            return found
        text = re.sub(r"\s*([-/.年月日])\s*", r"\1", str(found.value))
        if matched := _DAY.fullmatch(text):
            return check(_day(matched), found.notes)
        if text.isdecimal() and len(text) <= 6:
            day = EXCEL_EPOCH + timedelta(days=int(text))
            if earliest <= day <= latest:
                note = _("Excel 把日期变成了数字 %(number)s，已按 %(day)s 读取") % {
                    "number": text,
                    "day": day,
                }
                return Parsed(day, None, (*found.notes, note))
            reason = _("Excel 把日期变成了数字 %(number)s，请重填成 2015-09-01 这样的日期。")
            return fault("date_number", reason % {"number": text})
        return fault("date_format", _("看不懂这个日期，请写成 2015-09-01 这样。"))

    def check(day: date | None, notes: tuple[str, ...]) -> Parsed:
        if day is None:
            return fault("date_missing", _("没有这一天。"))
        if not earliest <= day <= latest:
            reason = _("日期 %(day)s 不在 %(first)s 到 %(last)s 之间。")
            return fault("date_range", reason % {"day": day, "first": earliest, "last": latest})
        return Parsed(day, None, notes)

    return parse


def _day(matched: re.Match[str]) -> date | None:
    parts = matched.groups()
    return _day_of(parts[0], parts[2] or parts[4] or parts[6], parts[3] or parts[5] or parts[7])


def _day_of(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def code_of(table: Mapping[str, tuple[str, ...]]) -> Parser:
    """A value of a code table, given as its code or one of its names; the value is the code."""
    known = {fold(word): code for code, names in table.items() for word in (code, *names)}
    width = max(len(code) for code in table)
    shown = "、".join(names[0] if names else code for code, names in list(table.items())[:8])

    def parse(raw: Raw) -> Parsed:
        if isinstance(raw, bool):
            raw = "1" if raw else "0"
        found = folded(raw)
        if found.fault:
            return found
        text = fold(str(found.value))
        head = re.match(r"([0-9a-z]+)[-—.、:： ]", text)
        code = known.get(text) or known.get(text.zfill(width)) or (known.get(head[1]) if head else None)
        if code is None:
            reason = _("“%(text)s”不是可选的值，应填：%(shown)s。")
            return fault("unknown_code", reason % {"text": str(found.value)[:20], "shown": shown})
        return Parsed(code, None, found.notes)

    return parse


_YES_NO = code_of(
    {
        "1": ("是", "有", "Y", "YES", "√", "✓", "TRUE", "对"),
        "0": ("否", "无", "N", "NO", "×", "FALSE", "没有"),
    }
)


def yes_no(raw: Raw) -> Parsed:
    """True or False."""
    found = _YES_NO(raw)
    return found if found.fault else Parsed(found.value == "1", None, found.notes)


def phone(raw: Raw) -> Parsed:
    """A mainland mobile or landline number, as E.164."""
    if isinstance(raw, str) and _PLAIN_MOBILE.fullmatch(raw):
        return Parsed("+86" + raw)
    found = folded(raw)
    if found.fault:
        return found
    text = _PHONE_NOISE.sub("", str(found.value))
    if matched := _MOBILE.fullmatch(text):
        return Parsed("+86" + matched[1], None, found.notes)
    if (matched := _LANDLINE.fullmatch(text)) and (text.startswith(("0", "+86", "86"))):
        return Parsed("+86" + matched[1] + matched[2], None, found.notes)
    if re.search(r"[,，、/;；]", text):
        return fault("phone_many", _("这一格里有几个号码，请只留一个。"))
    if text.isdecimal() and len(text) in {7, 8}:
        return fault("phone_area", _("座机号码请带上区号，如 0930-1234567。"))
    if text.isdecimal() and text.startswith("1"):
        return fault("phone_length", _("手机号码应为 11 位，这里有 %(count)s 位。") % {"count": len(text)})
    return fault("phone_format", _("不是有效的手机或座机号码。"))


def mask_phone(number: str) -> str:
    """A phone number for the screen: 138****5678."""
    local = number.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) >= 8 else "****"


def id_number(raw: Raw) -> Parsed:
    """An 18-character identity number (residence permits 81/82/83 too): length, date and check digit."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and DIGITS_KEPT <= abs(raw) < 1e300:
        return digits_lost(f"{raw:.1E}")
    if isinstance(raw, str) and _PLAIN_ID.fullmatch(raw):
        return _checked_id(raw, ())
    found = folded(raw)
    if found.fault:
        return found
    text = re.sub(r"[\s\-]", "", str(found.value)).upper()
    if len(text) == 15 and text.isdecimal():
        return fault("id_old", _("这是 15 位的旧身份证号，请填 18 位的。"))
    if len(text) != 18:
        return fault("id_length", _("身份证件号应为 18 位，这里有 %(count)s 位。") % {"count": len(text)})
    if not _PLAIN_ID.fullmatch(text):
        return fault("id_characters", _("身份证件号只能有数字，最后一位可以是 X。"))
    return _checked_id(text, found.notes)


def _checked_id(text: str, notes: tuple[str, ...]) -> Parsed:
    """An identity number of the right form: its birthday and its check digit."""
    if birthday_of(text) is None:
        return fault("id_date", _("身份证件号里的出生日期 %(day)s 不对。") % {"day": text[6:14]})
    if ric_check_digit(text) != text[-1]:
        return fault("id_check_digit", _("身份证件号的校验码不对，请核对。"))
    return Parsed(text, None, notes)


def ric_check_digit(number: str) -> str:
    """The check digit that an 18-character identity number must end with."""
    return str(ric.calc_check_digit(number))


def birthday_of(number: str) -> date | None:
    """The birthday inside an 18-character identity number, None when there is no such day since 1900."""
    return _birthday(number[6:14])


@lru_cache(maxsize=16_384)
def _birthday(digits: str) -> date | None:
    day = _day_of(digits[:4], digits[4:6], digits[6:])
    return day if day and day.year >= 1900 else None


def mask_id_number(number: str) -> str:
    """An identity number for the screen: 622************23X."""
    return number[:3] + "*" * max(len(number) - 6, 0) + number[-3:] if len(number) > 6 else "*" * len(number)


def code(pattern: str, shape: str | Promise, *, length: int | None = None) -> Parser:
    """A code that matches `pattern`; `shape` says how it must look, `length` finds lost zeros."""
    compiled = re.compile(pattern)

    def parse(raw: Raw) -> Parsed:
        found = folded(raw)
        if found.fault:
            return found
        text = "".join(str(found.value).split()).upper()
        if compiled.fullmatch(text):
            return Parsed(text, None, found.notes)
        if length and text.isdecimal() and len(text) < length and compiled.fullmatch(text.zfill(length)):
            reason = _("前面的 0 丢了：“%(text)s”应有 %(length)s 位，请把列设为“文本”后重填。")
            return fault("zeros_lost", reason % {"text": text, "length": length})
        return fault(
            "code_format", _("“%(text)s”不对，应为%(shape)s。") % {"text": text[:30], "shape": shape}
        )

    return parse
