"""Reads .xlsx, .xls and .csv into one neutral sheet, with the row numbers that the user sees in Excel."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from tongyu.core.sheets import csvtext
from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.guard import Reach, check_archive, check_reach, file_kind, measure
from tongyu.core.sheets.text import Raw, fold

HEADER_SEARCH = 20
"""In so many filled rows from the top the header must be found."""

Numbered = tuple[int, list[Any]]


@dataclass
class Sheet:
    """One table: the row numbers start with 1 as in Excel, the columns with 0."""

    name: str
    kind: str
    header_row: int
    headers: list[str]
    rows: list[Numbered]
    """(row number, raw values) of every filled row below the header; as many values as headers."""
    above: list[Numbered] = field(default_factory=list)
    """Title rows above the header."""
    first_column: int = 0
    """How many empty columns stand to the left in the file."""
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    """Merged regions as ((row number, column), (row number, column)), both inclusive."""
    errors: set[tuple[int, int]] = field(default_factory=set)
    """(row number, column) of formula errors such as #N/A."""
    encoding: str = ""
    other_sheets: list[str] = field(default_factory=list)

    def marks(self) -> dict[tuple[int, int], str]:
        """Cells whose value cannot be taken as it stands: 'merged' (but its first cell) or 'error'."""
        found = dict.fromkeys(self.errors, "error")
        last = self.rows[-1][0] if self.rows else self.header_row
        for (top, left), (bottom, right) in self.merged:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, min(right, len(self.headers)) + 1):
                    if (row, column) != (top, left):
                        found[row, column] = "merged"
        return found


HeaderScore = Callable[[Sequence[str]], int]


def read_sheet(data: bytes, filename: str, score: HeaderScore | None = None) -> Sheet:
    """Read an uploaded file; `score` says how many headers of a row are known, and so finds header and sheet.

    Raises SheetError with a Chinese message when the file cannot be read as a table.
    """
    kind = file_kind(data, filename)
    if kind == "csv":
        rows, encoding = csvtext.read_rows(data)
        sheet = _as_sheet("", kind, rows, score)
        if sheet is None:
            raise SheetError("no_header", _("没有找到表头行。"))
        sheet.encoding = encoding
        return sheet
    return _read_workbook(data, kind, score)


def _read_workbook(data: bytes, kind: str, score: HeaderScore | None) -> Sheet:
    reaches: dict[str, Reach] = {}
    if kind == "xlsx":
        with check_archive(data) as archive:
            reaches = measure(archive)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            sheets = [sheet for sheet in _sheets(book, kind, reaches, score) if sheet]
    except python_calamine.PasswordError:
        raise SheetError("password", _("文件有密码。请去掉密码后再导入。")) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise SheetError("broken", _("文件已损坏，打不开。请用 Excel 重新保存后再导入。")) from None
    except BaseException as error:  # a panic of the Rust library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError("broken", _("文件已损坏，打不开。请用 Excel 重新保存后再导入。")) from None
    if not sheets:
        raise SheetError("no_header", _("没有找到表头行。"))
    best = max(sheets, key=lambda sheet: score(sheet.headers) if score else 0)
    best.other_sheets = [sheet.name for sheet in sheets if sheet is not best]
    return best


def _sheets(
    book: Any, kind: str, reaches: dict[str, Reach], score: HeaderScore | None
) -> Iterator[Sheet | None]:
    visible = python_calamine.SheetVisibleEnum.Visible
    work = python_calamine.SheetTypeEnum.WorkSheet
    for facts in book.sheets_metadata:
        if facts.visible != visible or facts.typ != work:
            continue
        source = book.get_sheet_by_name(facts.name)
        if source.start is None:
            continue
        check_reach(source.total_height, source.total_width)
        rows = [(number, row) for number, row in enumerate(source.iter_rows(), start=1) if any_filled(row)]
        sheet = _as_sheet(facts.name, kind, rows, score)
        if sheet:
            left = source.start[1]
            sheet.first_column = left
            sheet.merged = [
                ((top + 1, first - left), (bottom + 1, last - left))
                for (top, first), (bottom, last) in source.merged_cell_ranges or ()
            ]
            errors = reaches[facts.name].errors if facts.name in reaches else set()
            sheet.errors = {(row + 1, column - left) for row, column in errors}
        yield sheet


def any_filled(row: Sequence[Raw]) -> bool:
    """True when a cell of the row holds more than white space."""
    return any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row)


def _as_sheet(name: str, kind: str, rows: list[Numbered], score: HeaderScore | None) -> Sheet | None:
    """Split the rows at the header; None when nothing looks like one."""
    candidates = [[header_text(cell) for cell in row] for _number, row in rows[:HEADER_SEARCH]]
    scores = [(score or _filled_texts)(candidate) for candidate in candidates]
    if not scores or max(scores) < 1:
        return None
    place = scores.index(max(scores))
    headers = candidates[place][: _extent(candidates[place])]
    below = rows[place + 1 :]
    width = max([len(headers), *(_extent(row) for _number, row in below if len(row) > len(headers))])
    headers += [""] * (width - len(headers))
    for _number, row in below:
        row[width:] = []
        row.extend([""] * (width - len(row)))
    return Sheet(name, kind, rows[place][0], headers, below, above=rows[:place])


def _extent(row: Sequence[Raw]) -> int:
    """One more than the place of the last filled cell."""
    return next((at + 1 for at in range(len(row) - 1, -1, -1) if any_filled(row[at : at + 1])), 0)


def _filled_texts(headers: Sequence[str]) -> int:
    return len({header for header in headers if header})


def header_text(cell: Raw) -> str:
    """A header as text, folded to one line."""
    return fold(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
