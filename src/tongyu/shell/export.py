"""A list as a workbook. Text is always written as text, so no cell can turn into a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongyu.core.sheets.write import FORMULA_START, safe_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The rows as an attachment called `name`.xlsx, its head frozen and filterable."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("".join(c for c in name if c not in "[]:*?/\\'")[:31] or "1")
        bold = book.add_format({"bold": True, "bg_color": "#E8F1EC", "bottom": 1})
        styles = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "quoted": book.add_format({"quote_prefix": True}),
        }
        widths = [_width(head) for head in heads]
        for place, head in enumerate(heads):
            sheet.write_string(0, place, str(head), bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, last, place, value, styles)
                widths[place] = max(widths[place], _width(value))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(width + 2, 48))
        sheet.freeze_panes(1, 0)
        if heads:
            sheet.autofilter(0, 0, last, len(heads) - 1)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.xlsx"
    response["Cache-Control"] = "no-store"
    return response


def _write(sheet: Any, line: int, place: int, value: Any, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(line, place, _("是") if value else _("否"))
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < 10**11:
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        sheet.write_datetime(line, place, local.replace(tzinfo=None), styles["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, styles["day"])
    else:
        text = safe_text(str(value))
        sheet.write_string(line, place, text, styles["quoted"] if text.startswith(FORMULA_START) else None)


def _width(value: Any) -> int:
    text = str(value) if value is not None else ""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text[:60])
