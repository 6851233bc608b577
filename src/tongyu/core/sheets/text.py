"""What spreadsheets do to text: invisible characters, full-width digits, numbers and dates that were text."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

Raw = str | int | float | bool | date | datetime | time | timedelta | None

INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
"""Characters that nobody sees: zero-width, direction marks, byte order mark, soft hyphen."""

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms of ASCII: Ａ１－（ and the like."""

_SIMPLE = re.compile(r"[!-~\u4e00-\u9fff]+(?: [!-~\u4e00-\u9fff]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d{2}")
_ESCAPED = re.compile(r'="(.*)"|\'(.+)', re.DOTALL)
DIGITS_KEPT = 1e15
"""Excel keeps 15 digits of a number; from here on the last ones are lost."""


class Fault(NamedTuple):
    """Why a cell cannot be taken: a stable code, and a Chinese sentence for the person who mends it."""

    code: str
    reason: str


class Parsed(NamedTuple):
    """What a parser says of one cell: a value or a fault, and what was tidied on the way."""

    value: object = None
    fault: Fault | None = None
    notes: tuple[str, ...] = ()


def fault(code: str, reason: str) -> Parsed:
    """A refused cell."""
    return Parsed(None, Fault(code, reason))


def blank(raw: Raw) -> bool:
    """True for a cell that shows nothing."""
    if raw is None or raw == "":
        return True
    if isinstance(raw, str) and raw[0].isalnum():
        return False
    return isinstance(raw, str) and not raw.translate(INVISIBLE).strip()


def fold(text: str) -> str:
    """Text for comparing: full-width forms and invisible characters folded, white space gone, lower case."""
    return "".join(text.translate(INVISIBLE).translate(FULL_WIDTH).split()).lower()


def tidy(raw: Raw) -> Parsed:
    """The text of a cell, without what nobody sees; a fault where Excel has changed what was typed."""
    if isinstance(raw, str):
        if _SIMPLE.fullmatch(raw) and raw[0] not in "'=":
            return _scientific(raw) or Parsed(raw)
        return _tidy_text(raw)
    if raw is None:
        return Parsed("")
    if isinstance(raw, bool):
        return fault("became_logical", _("这一格是逻辑值 TRUE/FALSE，请改成文字。"))
    if isinstance(raw, int | float):
        return _tidy_number(raw)
    if isinstance(raw, date):
        shown = raw.strftime("%Y-%m-%d") if raw.year >= 1000 else str(raw)
        reason = _("Excel 把这一格变成了日期 %(shown)s，请把列设为“文本”后重填。")
        return fault("became_date", reason % {"shown": shown})
    return fault("became_time", _("Excel 把这一格变成了时间，请把列设为“文本”后重填。"))


def _tidy_text(raw: str) -> Parsed:
    notes: list[str] = []
    text = raw.translate(INVISIBLE)
    if text != raw:
        notes.append(_("去掉了看不见的字符"))
    if _CONTROL.search(text):
        return fault("control_character", _("这一格里有控制字符或损坏的字，请删掉重填。"))
    if escaped := _ESCAPED.fullmatch(text.strip()):
        text = escaped[1] if escaped[1] is not None else escaped[2]
    stripped = text.strip()
    if stripped != text:
        notes.append(_("去掉了前后的空格"))
    return _scientific(stripped) or Parsed(stripped, None, tuple(notes))


def _scientific(text: str) -> Parsed | None:
    if "+" in text and _SCIENTIFIC.fullmatch(text):
        return digits_lost(text.upper())
    return None


def digits_lost(shown: str) -> Parsed:
    """The fault of a long number that Excel kept as a floating-point number."""
    reason = _("Excel 把号码变成了 %(shown)s，末几位已丢失，请把列设为“文本”后重填。")
    return fault("digits_lost", reason % {"shown": shown})


def _tidy_number(raw: int | float) -> Parsed:
    if not math.isfinite(raw):
        return fault("not_a_number", _("这一格不是有效的数。"))
    if abs(raw) >= DIGITS_KEPT:
        return digits_lost(f"{raw:.1E}")
    if raw == int(raw):
        return Parsed(str(int(raw)))
    return Parsed(f"{raw:.15g}")


def folded(raw: Raw) -> Parsed:
    """`tidy`, and full-width digits and letters made half-width (with a note): for numbers and codes."""
    found = tidy(raw)
    if found.fault or not isinstance(found.value, str) or found.value.isascii():
        return found
    text = found.value.translate(FULL_WIDTH).replace("\u3000", " ")
    text = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)
    if text == found.value:
        return found
    return Parsed(text, None, (*found.notes, _("全角数字或字母已转为半角")))
