"""Writes workbooks and CSV files that are safe to open (C33) and pleasant to read in Excel."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from tongyu.core.sheets.columns import FAULT_HEADER
from tongyu.core.sheets.read import Sheet
from tongyu.core.sheets.text import Fault

_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Text that begins so would run as a formula once somebody edits its cell; the quote prefix keeps it text."""
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CELL_LIMIT = 32_767
MAX_COMMENTS = 2_000
"""Excel grows slow with more comments; every further fault still stands in the last column."""

Faults = Mapping[tuple[int, int], Fault]
"""Faults by (row number as in Excel, column from 0)."""


def safe_text(text: str) -> str:
    """Text that a workbook can hold."""
    return _UNSAFE.sub("", text)[:CELL_LIMIT]


def csv_safe(value: Any) -> Any:
    """A value for CSV; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    text = _UNSAFE.sub("", value)
    return "'" + text if text.startswith(FORMULA_START) or value.startswith("\x00") else text


def display_width(text: str) -> int:
    """Width in columns of a fixed font: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


class _Page:
    """One worksheet with the formats that every table uses."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(_sheet_name(name))
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8F0EC", "bottom": 1, "num_format": "@", "text_wrap": True}
        )
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"})
        self.red_day = book.add_format(
            {"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "yyyy-mm-dd"}
        )

    def put(self, row: int, column: int, value: Any, *, red: bool = False, form: Any = None) -> None:
        """Write one value; text is always text, never a formula, a link or a number."""
        if value is None or value == "":
            if red:
                self.sheet.write_blank(row, column, None, self.red)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, self.red if red else form)
        elif isinstance(value, int | float) and abs(value) < 1e300:
            self.sheet.write_number(row, column, value, self.red if red else form)
        elif isinstance(value, datetime | date) and value.year >= 1900:
            plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            self.sheet.write_datetime(row, column, plain, self.red_day if red else self.day)
        else:
            text = safe_text(str(value))
            plain_form = form or (self.quoted if text.startswith(FORMULA_START) else self.text)
            self.sheet.write_string(row, column, text, self.red if red else plain_form)


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "Sheet1"


def write_table(
    target: str | BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "表"
) -> None:
    """A workbook with one table: text columns as text, frozen header, filter, widths that fit Chinese."""
    book = xlsxwriter.Workbook(target, _OPTIONS | {"constant_memory": True})
    page = _Page(book, title)
    held = [list(row) for row in rows]
    for at, header in enumerate(headers):
        shown = [header, *(str(row[at]) for row in held[:200] if row[at] is not None)]
        page.sheet.set_column(at, at, min(max(map(display_width, shown)) + 2, 60), page.text)
    page.sheet.freeze_panes(1, 0)
    for at, header in enumerate(headers):
        page.put(0, at, header, form=page.head)
    last = 0
    for last, row in enumerate(held, start=1):
        for at, value in enumerate(row):
            page.put(last, at, value)
    if headers:
        page.sheet.autofilter(0, 0, last, len(headers) - 1)
    book.close()


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV as Excel in China opens it: UTF-8 with its mark, formulas defused."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([csv_safe(header) for header in headers])
    writer.writerows([csv_safe(value) for value in row] for row in rows)
    return target.getvalue().encode("utf-8-sig", "replace")


def write_marked(target: str | BinaryIO, sheet: Sheet, faults: Faults) -> None:
    """The uploaded table again, cells where they were, faults red with the reason as a comment.

    A last column 问题 repeats the reasons, a second sheet lists every fault; both are ignored on the way back.
    """
    book = xlsxwriter.Workbook(target, _OPTIONS | {"constant_memory": not sheet.merged})
    page = _Page(book, sheet.name or _("数据"))
    by_row: dict[int, list[str]] = {}
    for (row, column), found in sorted(faults.items()):
        header = sheet.headers[column] if 0 <= column < len(sheet.headers) else ""
        by_row.setdefault(row, []).append(f"{header}：{found.reason}" if header else found.reason)
    _write_cells(page, sheet, faults, by_row)
    _write_summary(_Page(book, _("问题汇总")), sheet, faults)
    book.close()


def _write_cells(page: _Page, sheet: Sheet, faults: Faults, by_row: Mapping[int, Sequence[str]]) -> None:
    left, comments = sheet.first_column, 0
    extra = left + len(sheet.headers)
    page.sheet.set_column(0, extra - 1, 16)
    page.sheet.set_column(extra, extra, 50)
    page.sheet.freeze_panes(sheet.header_row, 0)
    for number, values in sheet.above:
        for at, value in enumerate(values):
            page.put(number - 1, left + at, value)
    for at, header in enumerate(sheet.headers):
        page.put(sheet.header_row - 1, left + at, header, form=page.head)
    page.put(sheet.header_row - 1, extra, FAULT_HEADER, form=page.head)
    for number, values in sheet.rows:
        for at, value in enumerate(values):
            found = faults.get((number, at))
            page.put(number - 1, left + at, value, red=found is not None)
            if found and comments < MAX_COMMENTS:
                comments += 1
                page.sheet.write_comment(number - 1, left + at, safe_text(found.reason))
        if number in by_row:
            page.put(number - 1, extra, "；".join(by_row[number]))
    for (top, first), (bottom, last) in sheet.merged:
        value = next((row[first] for number, row in sheet.rows if number == top and first < len(row)), "")
        if top > sheet.header_row and isinstance(value, str):
            page.sheet.merge_range(top - 1, left + first, bottom - 1, left + last, safe_text(value), page.red)


def _write_summary(page: _Page, sheet: Sheet, faults: Faults) -> None:
    page.sheet.set_column(0, 1, 10)
    page.sheet.set_column(2, 2, 60)
    for at, header in enumerate((_("行"), _("列"), _("原因"))):
        page.put(0, at, header, form=page.head)
    for line, ((row, column), found) in enumerate(sorted(faults.items()), start=1):
        page.put(line, 0, row)
        page.put(line, 1, sheet.headers[column] if 0 <= column < len(sheet.headers) else "")
        page.put(line, 2, found.reason)
