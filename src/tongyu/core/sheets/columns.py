"""Which column is which: headers of real files matched with the columns that an import declares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from tongyu.core.sheets.errors import SheetError
from tongyu.core.sheets.read import Sheet
from tongyu.core.sheets.text import Fault, Parsed, Raw, blank, fold
from tongyu.core.sheets.values import Parser

FAULT_HEADER = "问题"
"""The column that a marked workbook adds; ignored when it comes back."""

_BRACKETS = re.compile(r"[(\[【〔《{<].*?[)\]】〕》}>]")
_MARKS = re.compile(r"[*#:：\s_\-—/、.·]|必填项?|选填")


def header_key(header: str) -> str:
    """A header for comparing: without spaces, marks of obligation and remarks in brackets."""
    text = fold(header).replace("＊", "*")
    return _MARKS.sub("", _BRACKETS.sub("", text)) or _MARKS.sub("", text)


@dataclass(frozen=True)
class Column:
    """A column that an import knows: its key in code, its Chinese title, other names, and its parser."""

    key: str
    title: str
    parse: Parser
    aliases: tuple[str, ...] = ()
    required: bool = False
    """The column must be there and no cell of it may be blank."""
    sensitive: bool = False
    """Shown masked in previews."""

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(header_key(name) for name in (self.title, *self.aliases))

    def read(self, raw: Raw, mark: str | None = None) -> Parsed:
        """The value or fault of one cell; `mark` is what the sheet says about the cell (merged, error)."""
        if mark == "merged":
            return Parsed(None, Fault("merged_cell", _("这里是合并单元格，请取消合并，每一行都填上。")))
        if mark == "error":
            return Parsed(None, Fault("formula_error", _("这一格是公式错误（如 #N/A），请改成值。")))
        if blank(raw):
            return Parsed(None, Fault("required", _("必填，不能为空。")) if self.required else None)
        return self.parse(raw)


@dataclass
class Matching:
    """The result of matching: places of known columns, and what was left over on either side."""

    places: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def score_headers(columns: Sequence[Column], headers: Sequence[str]) -> int:
    """How many of the declared columns a row of headers names; what `read_sheet` finds the header by."""
    keys = {header_key(header) for header in headers if header}
    return sum(1 for column in columns if column.keys & keys)


def match(columns: Sequence[Column], sheet: Sheet, told: Mapping[str, str] | None = None) -> Matching:
    """Find each declared column; SheetError when a required one is missing or one comes twice.

    `told` is what a person said of headers, by `header_key`: the key of a column, or empty for one that is not used.
    """
    known = {key: column for column in columns for key in column.keys}
    if told:
        by_key = {column.key: column for column in columns}
        known |= {header: by_key[key] for header, key in told.items() if key in by_key}
    found = Matching()
    for place, header in enumerate(sheet.headers):
        key = header_key(header) if header else ""
        column = None if told and told.get(key) == "" else known.get(key) if key else None
        if column is None:
            if header and header != FAULT_HEADER:
                found.unknown.append(header)
        elif column.key in found.places:
            found.doubled.append(column.title)
        else:
            found.places[column.key] = place
    found.missing = [column for column in columns if column.key not in found.places]
    _refuse(found)
    return found


def _refuse(found: Matching) -> None:
    if found.doubled:
        text = _("这些列出现了两次，请只留一列：%(titles)s。")
        raise SheetError("doubled_columns", text % {"titles": "、".join(found.doubled)})
    missing = [column.title for column in found.missing if column.required]
    if missing:
        text = _("缺少必需的列：%(titles)s。请对照模板补上表头。")
        raise SheetError("missing_columns", text % {"titles": "、".join(missing)})
