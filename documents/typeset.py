"""From the description of a paper to the HTML that `documents.press` prints. Everything is text: templates
escape it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.template.loader import render_to_string

from documents.columns import SIZES, fit
from documents.layout import (
    Annex,
    Block,
    Clause,
    Column,
    EvidencePaper,
    Figure,
    Paragraph,
    PledgePaper,
    Row,
    Section,
    StatutoryPaper,
    Table,
)
from documents.layout.blocks import POINT_LETTERS, Align, RowKind
from documents.press import Sheet
from ledger.qr import qr_picture
from vietnamese.numbers import roman

END_MARK = "./."
# The width of the text in millimetres, between margins of 30 and 15.
UPRIGHT_MM, ACROSS_MM = 165.0, 252.0


@dataclass(frozen=True)
class Line:
    """One thing below another on the sheet: `kind` is the template's word for its form."""

    kind: str
    text: str = ""
    label: str = ""
    table: "TableSheet | None" = None
    figure: Figure | None = None


@dataclass(frozen=True)
class HeadCell:
    title: str
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class BodyRow:
    kind: str
    cells: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class TableSheet:
    """A table as the template walks it: widths in tenths of a per cent, headings in one or two lines, cells
    with their class."""

    table: Table
    widths: tuple[int, ...]
    size: int
    headings: tuple[tuple[HeadCell, ...], ...]

    @property
    def marks(self) -> range:
        """The figures of the line “(1) (2) (3)…”."""
        return range(1, len(self.widths) + 1) if self.table.numbered else range(0)

    @property
    def is_dense(self) -> bool:
        return self.size < SIZES[0]

    def rows(self) -> Iterator[BodyRow]:
        columns = self.table.columns
        classes = [{Align.RIGHT: "r", Align.CENTER: "c"}.get(Align(column.align), "") for column in columns]
        heading = next((place for place, column in enumerate(columns) if column.heading), -1)
        for row in self.table.rows:
            yield _body_row(row, classes, heading)


@dataclass(frozen=True)
class AnnexSheet:
    name: str
    title: str
    lines: tuple[Line, ...]
    page: str


def report_html(paper: StatutoryPaper) -> str:
    """The sheet of a BÁO CÁO or KẾ HOẠCH."""
    return render_to_string(
        "documents/report.html",
        {
            "paper": paper,
            "header": paper.header,
            "bases": _punctuated(paper.legal_bases),
            "recipients_to": _punctuated(paper.recipients_to),
            "lines": body_lines(paper),
            "annexes": [annex_sheet(paper, annex, place) for place, annex in enumerate(paper.annexes)],
        },
    )


def pledge_sheet(paper: PledgePaper) -> Sheet:
    """The sheet of a BẢN CAM KẾT, with its evidence page where it has one."""
    return _checked_sheet("documents/pledge.html", paper, {"recipients_to": _punctuated(paper.addressed_to)})


def evidence_sheet(paper: EvidencePaper) -> Sheet:
    """The evidence page alone."""
    return _checked_sheet("documents/evidence.html", paper, {})


def _checked_sheet(template: str, paper: PledgePaper | EvidencePaper, context: dict) -> Sheet:
    pictures = (
        {"qr.png": qr_picture(paper.check_url, scale=2)} if paper.check_code and paper.check_url else {}
    )
    html = render_to_string(template, {"paper": paper, "qr": bool(pictures), **context})
    return Sheet(html, paper.document_title, pictures, paper.check_code)


def body_lines(paper: StatutoryPaper) -> list[Line]:
    """The text from the first paragraph to “./.”."""
    lines = list(_block_lines(paper.opening))
    for place, section in enumerate(paper.sections, start=1):
        lines += _section_lines(section, place)
    lines += _block_lines(paper.closing)
    return _ended(lines)


def annex_sheet(paper: StatutoryPaper, annex: Annex, place: int) -> AnnexSheet:
    # Two annexes in a row need two page names: a change of name is what starts the count of pages again.
    page = f"{'across' if annex.landscape else 'upright'}-{'even' if place % 2 else 'odd'}"
    lines = tuple(_block_lines(annex.blocks, ACROSS_MM if annex.landscape else UPRIGHT_MM))
    return AnnexSheet(paper.annex_name(place), annex.title.upper(), lines, page)


def _section_lines(section: Section, place: int) -> Iterator[Line]:
    yield Line("section", section.title.upper(), f"{roman(place)}.")
    yield from _block_lines(section.blocks)
    for number, clause in enumerate(section.clauses, start=1):
        yield from _clause_lines(clause, f"{number}.")


def _clause_lines(clause: Clause, label: str) -> Iterator[Line]:
    if clause.title:
        yield Line("clause", clause.title, label)
        if clause.text:
            yield Line("text", clause.text)
    else:
        yield Line("numbered", clause.text, label)
    yield from _block_lines(clause.blocks)
    for letter, point in zip(POINT_LETTERS, clause.points, strict=False):
        yield Line("numbered", point.text, f"{letter})")
        yield from _block_lines(point.blocks)


def _block_lines(blocks: Iterable[Block], width_mm: float = UPRIGHT_MM) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Line("italic" if block.italic else "text", block.text)
        elif isinstance(block, Table):
            yield Line("table", table=table_sheet(block, width_mm))
        else:
            yield Line("figure", figure=block)


def _ended(lines: list[Line]) -> list[Line]:
    if lines and lines[-1].kind in ("text", "italic", "numbered"):
        return [*lines[:-1], replace(lines[-1], text=lines[-1].text.rstrip(" .;") + END_MARK)]
    return [*lines, Line("end", END_MARK)]


def _punctuated(items: tuple[str, ...]) -> list[str]:
    """Each ends with “;”, the last with “.” (annex I, section II, item 6 and 9)."""
    bare = [item.rstrip(" ;.,") for item in items]
    return [f"{item};" for item in bare[:-1]] + [f"{item}." for item in bare[-1:]]


def table_sheet(table: Table, width_mm: float = UPRIGHT_MM) -> TableSheet:
    found = fit(table, width_mm)
    return TableSheet(table, found.widths, found.size, _headings(table.columns))


def _headings(columns: tuple[Column, ...]) -> tuple[tuple[HeadCell, ...], ...]:
    if not any(column.group for column in columns):
        return (tuple(HeadCell(column.title) for column in columns),)
    upper: list[HeadCell] = []
    lower: list[HeadCell] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        titles = [column.title for column in members]
        if group:
            upper.append(HeadCell(group, colspan=len(titles)))
            lower += (HeadCell(title) for title in titles)
        else:
            upper += (HeadCell(title, rowspan=2) for title in titles)
    return tuple(upper), tuple(lower)


def _body_row(row: Row, classes: list[str], heading: int) -> BodyRow:
    if row.kind == RowKind.GROUP:
        return BodyRow("group", ((row.cells[0], "", True),))
    cells = zip(row.cells, classes, strict=True)
    return BodyRow(
        str(row.kind), tuple((text, css, place == heading) for place, (text, css) in enumerate(cells))
    )
