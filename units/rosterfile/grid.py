"""What a roster file is once it was read: a grid of typed cells, and faults that stand at a cell."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

# What a cell holds, typed as the file typed it: 123 is no "0123", and "1.234" is text until its column says what it is.
Value = str | int | float | bool | date | None

LETTERS = 26


class Refused(Exception):
    """The file is not read at all. `str(error)` is one sentence in Vietnamese; `detail` is for the log."""

    def __init__(self, sentence: str, detail: str = ""):
        super().__init__(sentence)
        self.detail = detail


class Row(NamedTuple):
    """One line of the file, numbered as the spreadsheet numbers it. `cells` may be shorter than the headings."""

    line: int
    cells: list[Value]


class Mark(NamedTuple):
    """What the reader saw of a cell besides its value: `kind` is formula, error (#N/A…) or long."""

    kind: str
    detail: str = ""


class Merged(NamedTuple):
    """A block of merged cells: lines from 1, columns from 0, both ends included."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one cell (“C7”), at a line or a block of them (“A7:A9”), or with the whole file (line 0)."""

    cell: str
    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one sheet that holds the roster. What is hidden, merged or calculated is a fault only where it is used.

    `faults` are those of the whole file: another, hidden sheet that holds a roster too.
    """

    name: str
    headings_row: int
    headings: list[str]
    rows: list[Row]
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    faults: list[Fault] = field(default_factory=list)


def column_letters(column: int) -> str:
    """0 → "A", 26 → "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(line: int, column: int) -> str:
    """(7, 2) → "C7": line as the spreadsheet numbers it, column from 0."""
    return f"{column_letters(column)}{line}"


def column_of(letters: str) -> int:
    """ "A" → 0, "AA" → 26."""
    column = 0
    for letter in letters.upper():
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return column - 1
