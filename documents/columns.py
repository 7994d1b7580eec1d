"""How wide the columns of a table are, and how large its letters: no word or number is broken if it can be helped."""

from collections.abc import Iterable
from dataclasses import dataclass

from documents.fonts import advance_widths
from documents.layout.blocks import RowKind, Table

MM_PER_POINT = 25.4 / 72
# Sizes in points, the first that fits is taken; decree 30/2020/NĐ-CP fixes none for tables.
SIZES = (12, 11, 10, 9)
# A table of more columns than this begins with the second size.
_MANY = 8
# Padding of both sides and a line, in points, as paper.css has them; and a little air.
_ROOMY, _DENSE = 7.0, 5.0
# A word longer than this share of the table is broken rather than made way for.
_LONGEST = 0.35


@dataclass(frozen=True)
class Fit:
    """Widths in tenths of a per cent, together 1000; `size` in points."""

    widths: tuple[int, ...]
    size: int


def fit(table: Table, width_mm: float) -> Fit:
    """The widths asked for, changed only where the longest word of a column would not have room."""
    asked = [column.width for column in table.columns]
    asked = [width * width_mm / sum(asked) for width in asked]
    words = _longest_words(table)
    for size in SIZES if len(asked) <= _MANY else SIZES[1:]:
        padding = _ROOMY if size == SIZES[0] else _DENSE
        needed = [min((word * size + padding) * MM_PER_POINT, width_mm * _LONGEST) for word in words]
        if sum(needed) <= width_mm:
            return Fit(_in_tenths(_shared(asked, needed, width_mm)), size)
    return Fit(_in_tenths(needed), SIZES[-1])


def _longest_words(table: Table) -> list[float]:
    """The longest word of each column, in ems; what is printed bold is measured bold."""
    bold, regular = advance_widths("bold"), advance_widths("regular")
    plain = [row.cells for row in table.rows if row.kind == RowKind.DATA]
    totals = [row.cells for row in table.rows if row.kind == RowKind.TOTAL]
    longest = []
    for place, column in enumerate(table.columns):
        mark = [f"({place + 1})"] if table.numbered else []
        in_bold = _longest([column.title, *(row[place] for row in totals)], bold)
        longest.append(max(in_bold, _longest([*mark, *(row[place] for row in plain)], regular)))
    return longest


def _longest(texts: Iterable[str], widths: dict[int, float]) -> float:
    words = {word for text in texts for word in text.split()}
    return max((sum(widths.get(ord(letter), 1.0) for letter in word) for word in words), default=0.0)


def _shared(asked: list[float], needed: list[float], whole: float) -> list[float]:
    """Columns that need more than they asked get what they need; the others share the rest as they asked."""
    tight: set[int] = set()
    while True:
        rest = whole - sum(needed[place] for place in tight)
        loose = sum(width for place, width in enumerate(asked) if place not in tight)
        given = [
            needed[place] if place in tight else width * rest / loose for place, width in enumerate(asked)
        ]
        short = {place for place, width in enumerate(given) if width < needed[place] - 1e-9}
        if not short:
            return given
        tight |= short


def _in_tenths(widths: list[float]) -> tuple[int, ...]:
    """Whole tenths of a per cent that add up to 1000: the largest remainders are rounded up."""
    exact = [width * 1000 / sum(widths) for width in widths]
    tenths = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (tenths[place] - exact[place], place))
    for place in by_remainder[: 1000 - sum(tenths)]:
        tenths[place] += 1
    return tuple(tenths)
