"""What a sheet hides and calculates, read off its XML by searching: the reader of values does not tell.

A sheet without hidden rows, errors and formulas costs a few searches for a word; what is found is looked at closer.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from units.rosterfile.grid import Mark, column_of

# A file with more of them than this is not put right cell by cell.
MOST = 2000
MOST_COLUMNS = 16_384

_PREFIX = rb"<(?:\w+:)?"
_ROW = re.compile(_PREFIX + rb"row\b([^>]*)>")
_COLUMN = re.compile(_PREFIX + rb"col\s([^>]*)>")
_CELL = re.compile(_PREFIX + rb"c\b([^>]*)>")
_ERROR = re.compile(
    _PREFIX + rb"""c\b([^>]*\bt\s*=\s*["']e["'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{0,20})""",
    re.S,
)
_FORMULA = re.compile(_PREFIX + rb"c\b([^>]*[^/>]|)>\s*" + _PREFIX + rb"f[\s/>]")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']|\b(?:ht|width)\s*=\s*["']0(?:\.0*)?["']""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,7})["']""")
_MIN = re.compile(rb"""\bmin\s*=\s*["'](\d{1,5})["']""")
_MAX = re.compile(rb"""\bmax\s*=\s*["'](\d{1,5})["']""")


class Shape(NamedTuple):
    hidden_rows: list[tuple[int, int]]
    hidden_columns: list[int]
    marks: dict[tuple[int, int], Mark]


def shape_of(xml: bytes) -> Shape:
    marks: dict[tuple[int, int], Mark] = {}
    apostrophes = b"'" in xml
    if b"<f" in xml or b":f" in xml:
        for found in islice(_FORMULA.finditer(xml), MOST):
            marks[_place(xml, found)] = Mark("formula")
    if b'"e"' in xml or (apostrophes and b"'e'" in xml):
        for found in islice(_ERROR.finditer(xml), MOST):
            marks[_place(xml, found)] = Mark("error", found[2].decode("ascii", "replace"))
    hides = b"hidden" in xml or b' ht="0' in xml or (apostrophes and b" ht='0" in xml)
    return Shape(_runs(_hidden_lines(xml)) if hides else [], _hidden_columns(xml), marks)


def _place(xml: bytes, cell: re.Match[bytes]) -> tuple[int, int]:
    """Line and column of a cell: as it says, or, where it does not say, by counting."""
    if said := _REFERENCE.search(cell[1]):
        return int(said[2]), column_of(said[1].decode())
    line, start = _line_before(xml, cell.start())
    return line, sum(1 for _ in _CELL.finditer(xml, start, cell.start()))


def _line_before(xml: bytes, end: int) -> tuple[int, int]:
    line = start = 0
    for row in _ROW.finditer(xml, 0, end):
        said = _NUMBER.search(row[1])
        line, start = (int(said[1]) if said else line + 1), row.end()
    return line, start


def _hidden_lines(xml: bytes) -> Iterator[int]:
    line = 0
    for row in _ROW.finditer(xml):
        said = _NUMBER.search(row[1])
        line = int(said[1]) if said else line + 1
        if _HIDDEN.search(row[1]):
            yield line


def _runs(lines: Iterator[int]) -> list[tuple[int, int]]:
    """Lines that follow one another as one block."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        elif len(runs) < MOST:
            runs.append((line, line))
    return runs


def _hidden_columns(xml: bytes) -> list[int]:
    columns: set[int] = set()
    for found in islice(_COLUMN.finditer(xml, 0, max(0, xml.find(b"sheetData"))), MOST):
        if not _HIDDEN.search(found[1]):
            continue
        first, last = _MIN.search(found[1]), _MAX.search(found[1])
        if first and last:
            columns.update(range(int(first[1]) - 1, min(int(last[1]), MOST_COLUMNS)))
    return sorted(columns)
