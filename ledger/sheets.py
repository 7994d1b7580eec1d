"""The one writer of tables that leave the portal as XLSX or CSV (rule R32).

Text is written as text: what a spreadsheet would take for a formula gets an apostrophe before it, also in XLSX, because
people save XLSX as CSV and open it again.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ledger.clock import local
from vietnamese.dates import short_date

Cell = str | int | float | Decimal | bool | date | datetime | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

# Also behind spaces and unseen characters, and the full-width forms that some programmes narrow.
_TRIGGER = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]")
# XML has no word for these; a spreadsheet calls the whole file damaged.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_000


@dataclass(frozen=True)
class Table:
    """One sheet. `choices`: column (from 0) → where its list stands (“'Danh mục'!$A$2:$A$5”).

    `text_columns` are formatted as text, so that what people type there keeps its leading zeros.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    choices: Mapping[int, str] = field(default_factory=dict)
    text_columns: frozenset[int] = frozenset()
    wrap: bool = False


def neutral(value: Cell) -> Cell:
    """Text that no spreadsheet runs. Numbers and days are what they are."""
    if not isinstance(value, str):
        return value
    return "'" + value if _TRIGGER.match(value) else value


def _text(value: str) -> str:
    return _UNWRITABLE.sub("", str(neutral(value)))[:LONGEST_TEXT]


def write_csv(table: Table) -> bytes:
    """UTF-8 with its mark, semicolons: what a spreadsheet set to Vietnamese opens by a double click."""
    body = io.StringIO(newline="")
    lines = csv.writer(body, delimiter=";")
    lines.writerow([_plain(heading) for heading in table.headings])
    lines.writerows([_plain(value) for value in row] for row in table.rows)
    return body.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> str | int | float | Decimal | None:
    if isinstance(value, datetime):
        return f"{short_date(local(value).date())} {local(value):%H:%M}"
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return _text(value) if isinstance(value, str) else value


def write_xlsx(*tables: Table) -> bytes:
    """Rows are taken one by one and stand in no memory; the first table is the one that opens."""
    book = Workbook(write_only=True)
    for table in tables:
        _write_sheet(book, table)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _write_sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    for at in range(len(table.headings)):
        width = table.widths[at] if at < len(table.widths) else max(12, len(table.headings[at]) + 4)
        column = sheet.column_dimensions[get_column_letter(at + 1)]
        column.width = width
        if at in table.text_columns:
            column.number_format = "@"
    for at, place in table.choices.items():
        letter = get_column_letter(at + 1)
        listed = DataValidation(
            "list", formula1=place, allow_blank=True, showErrorMessage=True, errorStyle="warning"
        )
        listed.error, listed.errorTitle = (
            "Chọn một giá trị trong danh sách.",
            "Giá trị không có trong danh sách",
        )
        listed.add(f"{letter}2:{letter}60000")
        sheet.data_validations.append(listed)
    sheet.append([_styled(sheet, heading) for heading in table.headings])
    for row in table.rows:
        sheet.append([_cell(sheet, value, table, at) for at, value in enumerate(row)])


def _styled(sheet, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_text(heading))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet, value: Cell, table: Table, at: int):
    """A value as openpyxl takes it; a cell object, which is slow, only where it must be told something."""
    if isinstance(value, str):
        text = _text(value)
        if not (text.startswith("#") or table.wrap or at in table.text_columns):
            return text
        cell = WriteOnlyCell(sheet, value=text)
        # “#N/A” typed by a person is text, not an error.
        cell.data_type = "s"
        cell.number_format = "@" if at in table.text_columns else "General"
        if table.wrap:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
    if isinstance(value, datetime):
        return _day(sheet, local(value).replace(tzinfo=None, microsecond=0), "dd/mm/yyyy hh:mm")
    if isinstance(value, date):
        return _day(sheet, value, "dd/mm/yyyy")
    return ("Có" if value else "Không") if isinstance(value, bool) else value


def _day(sheet, value: date | datetime, shown: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = shown
    return cell
