"""What an import would do, before it does it: counts, faults, examples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core.sheets.columns import Column, Matching
from tongyu.core.sheets.read import Sheet
from tongyu.core.sheets.text import Fault, Parsed, Raw

MOST_FAULTS = 5_000
"""More than anybody mends by hand; the file is then the wrong one."""
EXAMPLES = 20
REMEMBERED = 1_000
"""Different texts of one column whose reading is remembered: most columns hold few."""


@dataclass
class Findings:
    """Faults and notes by cell, (row number as in Excel, column from 0)."""

    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    note_counts: dict[str, int] = field(default_factory=dict)

    def fault(self, row: int, column: int, found: Fault) -> None:
        """One more faulty cell; the first reason of a cell stays."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.setdefault((row, column), found)

    def note(self, row: int, column: int, text: str) -> None:
        """Something was tidied on the way in."""
        kind = text.split("，")[0].split(" ")[0]
        self.note_counts[kind] = self.note_counts.get(kind, 0) + 1
        if len(self.notes) < EXAMPLES:
            self.notes[row, column] = text


@dataclass(slots=True)
class Row:
    """One row of the file as values by column key; blank and faulty cells are missing."""

    number: int
    values: dict[str, Any]
    whole: bool
    """False when a cell of the row has a fault."""


@dataclass
class Table:
    """A sheet with its columns found, read row by row."""

    sheet: Sheet
    columns: Sequence[Column]
    matching: Matching
    findings: Findings

    def place(self, key: str) -> int:
        """The column's place in the sheet; for a column that is not there the one behind the last."""
        return self.matching.places.get(key, len(self.sheet.headers))

    def read(self) -> Iterator[Row]:
        """Parse every row; faults and notes go to the findings. The sheet's rows are used up on the way."""
        found: list[tuple[str, int, Column, dict[Raw, Parsed]]] = [
            (column.key, self.matching.places[column.key], column, {})
            for column in self.columns
            if column.key in self.matching.places
        ]
        marks = self.sheet.marks()
        rows = self.sheet.rows
        rows.reverse()
        while rows:
            number, raw = rows.pop()
            row = Row(number, {}, True)
            for key, place, column, seen in found:
                cell = raw[place]
                if marks and (mark := marks.get((number, place))):
                    parsed: Parsed | None = column.read(cell, mark)
                else:
                    parsed = seen.get(cell) if type(cell) is str else None
                value, wrong, notes = parsed or _parse(column, cell, seen)
                if wrong:
                    self.findings.fault(number, place, wrong)
                    row.whole = False
                elif value is not None:
                    row.values[key] = value
                    for note in notes:
                        self.findings.note(number, place, note)
            yield row

    def refuse(self, row: Row, key: str, found: Fault) -> None:
        """Mark a cell as faulty after its value was read."""
        self.findings.fault(row.number, self.place(key), found)
        row.whole = False


def _parse(column: Column, cell: Raw, seen: dict[Raw, Parsed]) -> Parsed:
    """What the column's parser says of the cell; of texts it is remembered, while there are few."""
    parsed = column.read(cell)
    if type(cell) is str and len(seen) < REMEMBERED:
        seen[cell] = parsed
    return parsed


@dataclass
class Once:
    """Finds values that stand in two rows of one file: an error, never "the last wins"."""

    table: Table
    key: str
    what: str
    seen: dict[Any, Row] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Look at one row."""
        value = row.values.get(self.key)
        if value is None:
            return
        first = self.seen.setdefault(value, row)
        if first is not row:
            text = _("%(what)s与第 %(row)s 行重复。")
            self.table.refuse(
                row, self.key, Fault("doubled", text % {"what": self.what, "row": first.number})
            )
            self.table.refuse(
                first, self.key, Fault("doubled", text % {"what": self.what, "row": row.number})
            )


@dataclass
class Example:
    """One line of the preview."""

    row: int
    name: str
    place: str
    what: str


@dataclass
class Summary:
    """What the preview shows; stored as JSON."""

    counts: dict[str, int] = field(default_factory=dict)
    mark: str = ""
    """Names what exactly would change, where equal counts could hide another change."""
    examples: dict[str, list[Example]] = field(default_factory=dict)
    unknown_columns: Sequence[str] = ()
    missing_columns: Sequence[str] = ()
    headers: Sequence[str] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    """Which column of the file each known column was found in."""
    header_row: int = 0
    rows: int = 0
    sheet: str = ""
    encoding: str = ""

    def example(self, kind: str, row: int, name: str, place: str, what: str = "") -> None:
        """Show this row as an example of its kind, if there are not enough yet."""
        shown = self.examples.setdefault(kind, [])
        if len(shown) < EXAMPLES:
            shown.append(Example(row, name, place, what))


def faults_as_json(faults: Mapping[tuple[int, int], Fault]) -> list[list[Any]]:
    """Faults as they are stored with the import: [row, column, code, reason]."""
    return [[row, column, *found] for (row, column), found in sorted(faults.items())]


def faults_from_json(stored: Sequence[Sequence[Any]]) -> dict[tuple[int, int], Fault]:
    """The reverse of `faults_as_json`."""
    return {(row, column): Fault(code, reason) for row, column, code, reason in stored}
