"""Plain-text tables: which encoding, which separator, which rows."""

import codecs
import csv
import io

from django.utils.translation import gettext as _

from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.guard import check_reach

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = (",", "\t", ";")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was found in: UTF-8, UTF-16 or GB18030 (which reads GBK and GB2312)."""
    encodings = [name for bom, name in _BOMS if data.startswith(bom)]
    if not encodings:
        encodings = _guess_utf16(data[:4096]) or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SheetError("encoding", _("看不懂文件的文字编码。请用 Excel 另存为“CSV UTF-8”或 .xlsx 后再导入。"))


def _guess_utf16(start: bytes) -> list[str]:
    """UTF-16 without a mark: every other byte of ASCII separators and digits is zero."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 4 and odd > even * 4:
        return ["utf-16-le"]
    if even > 4 and even > odd * 4:
        return ["utf-16-be"]
    return []


def separator(text: str) -> str:
    """The character that splits the first lines best."""
    start = text[:8192]
    return max(SEPARATORS, key=start.count)


def read_rows(data: bytes) -> tuple[list[tuple[int, list[str]]], str]:
    """Non-empty rows with the row number that Excel would show, and the encoding."""
    text, encoding = decode(data)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator(text))
    widest = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
                widest = max(widest, len(row))
                check_reach(len(rows), widest)
    except csv.Error:
        raise SheetError(
            "broken", _("CSV 文件的引号或分隔符有误，读不出来。请用 Excel 另存后再导入。")
        ) from None
    return rows, encoding
