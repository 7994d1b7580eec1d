"""The text of a paper: sections, clauses, points, paragraphs, tables, figures.

Decree 30/2020/NĐ-CP, annex I, part I, section II, item 6: “I. TIÊU ĐỀ” in Roman numerals and capitals, “1.
Khoản”, “a) Điểm” in the order of the Vietnamese alphabet. Numbers are never typed: they follow from the place
in the tree.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString

# The alphabet that numbers points: no f, j, w, z and no letters with marks but đ (the decree itself goes d, đ, e, g).
POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: justified, first line indented 1 cm, at least 6 pt after the one before."""

    text: str
    italic: bool = False


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What a person typed into a text area, one paragraph for each line that is not empty."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `width` is a share in millimetres: the widths are scaled together to the text width (165 mm upright, 252 mm
    across), and a column whose longest word would not have room gets more. Neighbours with the same `group`
    stand under one common heading. `heading=True` marks the column whose cells name their row (for readers who
    listen to the table).
    """

    title: str
    width: float
    align: Align | str = Align.LEFT
    group: str = ""
    heading: bool = False


class RowKind(StrEnum):
    DATA = "data"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True)
class Row:
    """One row; a cell is text already formatted (`vietnamese.numbers`). A `group` row has one cell, across
    the table."""

    cells: tuple[str, ...]
    kind: RowKind | str = RowKind.DATA


@dataclass(frozen=True)
class Table:
    """A table; `caption` names it (printed above, and read aloud), `unit` is “Đơn vị tính: người”, `note`
    stands below.

    `numbered` prints the line “(1) (2) (3)…” under the headings. ValueError when a row does not fit the
    columns.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    note: str = ""
    numbered: bool = False

    def __post_init__(self):
        for row in self.rows:
            cells = 1 if row.kind == RowKind.GROUP else len(self.columns)
            if len(row.cells) != cells:
                raise ValueError(f"table “{self.caption}”: {len(row.cells)} cells in {row}, expected {cells}")


@dataclass(frozen=True)
class Figure:
    """A chart: `title` is its finding, `svg` markup rendered by Django's templates (TypeError for a plain
    string).

    The SVG has a viewBox in the ratio it wants, colours by attributes, text in the default font, `<title>`
    and `<desc>`.
    """

    title: str
    svg: SafeString
    note: str = ""

    def __post_init__(self):
        if not isinstance(self.svg, SafeString):
            raise TypeError("a figure takes SVG rendered by a template, not a string")


Block = Paragraph | Table | Figure


@dataclass(frozen=True)
class Point:
    """Điểm: “a) …”, then whatever belongs to it."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Clause:
    """Khoản: “1. Title” bold on its own line; without a title the number opens `text`, upright."""

    title: str = ""
    text: str = ""
    blocks: tuple[Block, ...] = ()
    points: tuple[Point, ...] = ()

    def __post_init__(self):
        if not (self.title or self.text):
            raise ValueError("a clause needs a title or a text to stand after its number")
        if len(self.points) > len(POINT_LETTERS):
            raise ValueError(f"a clause holds at most {len(POINT_LETTERS)} points")


@dataclass(frozen=True)
class Section:
    """Mục: “I. TITLE”; give the title in normal letters, the sheet prints capitals."""

    title: str
    blocks: tuple[Block, ...] = ()
    clauses: tuple[Clause, ...] = ()
