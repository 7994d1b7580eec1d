"""Defects of rosters, each put into an honest file at a chosen line, and the cell at which it must be told."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.units.rosterfile.files import HEADINGS, UNITS, person, xlsx
from units.rosterfile.grid import address

FIELDS = (
    "code",
    "full_name",
    "birth",
    "job_title",
    "category",
    "unit",
    "contract",
    "contract_until",
    "since",
)
NAMES = (UNITS[1], UNITS[2])
TWINS = UNITS[3]


@dataclass
class Draft:
    """An honest roster under a title of some lines. `line(at)` is where row `at` stands in the file."""

    rows: list[list[Any]]
    title: int
    changes: list[Callable[[Worksheet, Workbook], None]] = field(default_factory=list)

    def line(self, at: int) -> int:
        return self.title + 2 + at

    def cell(self, at: int, name: str) -> str:
        return address(self.line(at), FIELDS.index(name))

    def put(self, at: int, name: str, value: Any) -> None:
        self.rows[at][FIELDS.index(name)] = value

    def get(self, at: int, name: str) -> Any:
        return self.rows[at][FIELDS.index(name)]

    def bytes(self) -> bytes:
        def change(sheet: Worksheet, book: Workbook) -> None:
            for one in self.changes:
                one(sheet, book)

        return xlsx(self.rows, title=self.title, change=change)


def draft(dice: random.Random, people: int, units: tuple[str, ...] = NAMES) -> Draft:
    """Codes of six figures with zeros before them: what spreadsheets spoil."""
    first = dice.randrange(100, 4000)
    rows = [
        person(
            at,
            code=f"{first + at:06}",
            unit=units[at % len(units)],
            since=date(2015, 1 + at % 12, 13 + at % 15),
        )
        for at in range(people)
    ]
    return Draft(rows, dice.randrange(5))


def tcvn3(text: str) -> str:
    letters = {"ễ": "Ô", "ă": "¨", "ờ": "ê", "ộ": "é", "à": "µ", "á": "¸", "ư": "\u00ad", "đ": "®", "ạ": "¹"}
    return "".join(letters.get(letter, letter) for letter in text)


# Field, value put into the cell, code of the fault at that cell.
IN_ONE_CELL: dict[str, tuple[str, Any, str]] = {
    "code in scientific notation": ("code", 1.23456789012346e17, "scientific"),
    "code in scientific notation, as text": ("code", "1.23E+11", "scientific"),
    "code that became a date": ("code", date(2026, 3, 12), "code_is_a_date"),
    "code without its zeros, a number": ("code", 4321, "lost_zeros"),
    "code without its zeros, text": ("code", "4321", "lost_zeros"),
    "code with a dot after thousands": ("code", "1.234", "grouped_number"),
    "code with a space": ("code", "004 321", "code_shape"),
    "two codes in a cell": ("code", "004321, 004322", "code_shape"),
    "code with a letter with marks": ("code", "CBĐ04321", "code_shape"),
    "code with a Cyrillic letter": ("code", "СB04321", "code_shape"),
    "code without end": ("code", "0" * 31, "too_long"),
    "code calculated": ("code", "=A1", "formula"),
    "code that is an error": ("code", "#N/A", "error"),
    "name missing": ("full_name", None, "required"),
    "name of spaces": ("full_name", " \u00a0\u200b ", "required"),
    "name a number": ("full_name", 12345, "not_a_name"),
    "name a date": ("full_name", date(1990, 1, 1), "not_a_name"),
    "name in TCVN3": ("full_name", tcvn3("Nguyễn Văn Hoà"), "legacy_font"),
    "name in VNI": ("full_name", "Nguyeãn Vaên Hoøa", "legacy_font"),
    "name in UTF-8 read twice": ("full_name", "Nguyá»…n VÄƒn Hòa", "lost_letters"),
    "name with lost letters": ("full_name", "Nguy?n V?n Hòa", "lost_letters"),
    "two names by a semicolon": ("full_name", "Nguyễn Văn Hòa; Trần Thị Lan", "several_people"),
    "two names by a line": ("full_name", "Nguyễn Văn Hòa\nTrần Thị Lan", "several_people"),
    "two names by “và”": ("full_name", "Nguyễn Văn Hòa và Trần Thị Lan", "several_people"),
    "name with a note": ("full_name", "Nguyễn Văn Hòa (nghỉ thai sản)", "note_in_name"),
    "name with a degree": ("full_name", "ThS. Nguyễn Văn Hòa", "note_in_name"),
    "name with a figure": ("full_name", "Nguyễn Văn Hòa 2", "note_in_name"),
    "name with a Cyrillic letter": ("full_name", "Nguyễn Văn Нòa", "strange_letter"),
    "name without end": ("full_name", "Nguyễn " * 20, "too_long"),
    "name calculated": ("full_name", "=B1", "formula"),
    "name that is an error": ("full_name", "#REF!", "error"),
    "name that is a page": ("full_name", "Nguyễn Văn " * 60, "long"),
    "year of birth of two figures": ("birth", 85, "short_year"),
    "day of birth with a year of two figures": ("birth", "15/3/85", "short_year"),
    "born long ago": ("birth", 1905, "birth_implausible"),
    "born yesterday": ("birth", 2020, "birth_implausible"),
    "year shown as a day": ("birth", date(1905, 6, 12), "birth_implausible"),
    "day of birth as its number": ("birth", 31048, "date_as_number"),
    "year with a dot after thousands": ("birth", "1.985", "not_a_year"),
    "year with decimals": ("birth", 1985.5, "not_a_year"),
    "year in words": ("birth", "không rõ", "not_a_year"),
    "born in the thirteenth month": ("birth", "12/25/1985", "month_first"),
    "born on 31/2": ("birth", "31/02/1985", "no_such_day"),
    "job title a number": ("job_title", 15111, "not_text"),
    "job title a date": ("job_title", date(2020, 1, 1), "not_text"),
    "job title in TCVN3": ("job_title", "Tr\u00adëng phßng ®µo t¹o", "legacy_font"),
    "job title without end": ("job_title", "Chuyên viên " * 15, "too_long"),
    "category missing": ("category", None, "required"),
    "category unknown": ("category", "Cộng tác viên", "category_unknown"),
    "two categories": ("category", "Cán bộ, công chức", "category_unknown"),
    "category a number": ("category", 3, "category_unknown"),
    "category calculated": ("category", '="Viên chức"', "formula"),
    "unit missing": ("unit", None, "required"),
    "unit unknown": ("unit", "UBND phường Kim Lonng", "unit_unknown"),
    "unit of another province": ("unit", "UBND quận Hải Châu", "unit_unknown"),
    "unit of two bearers": ("unit", TWINS, "unit_twice"),
    "unit in VNI": ("unit", "UBND phöôøng Kim Long", "legacy_font"),
    "kind of contract unknown": ("contract", "Hợp đồng miệng", "contract_unknown"),
    "kind of contract missing": ("contract", None, "contract_without_kind"),
    "contract that is over": ("contract_until", date(2020, 5, 13), "day_implausible"),
    "contract for a thousand years": ("contract_until", date(2999, 12, 31), "day_implausible"),
    "contract end with the month first": ("contract_until", "12/25/2027", "month_first"),
    "contract end with a year of two figures": ("contract_until", "1/1/28", "short_year"),
    "contract end as its number": ("contract_until", 46753, "date_as_number"),
    "contract end a year": ("contract_until", 2027, "not_a_day"),
    "contract end on 31/4": ("contract_until", "31/04/2027", "no_such_day"),
    "came in the future": ("since", date(2027, 1, 13), "day_implausible"),
    "came before all": ("since", date(1949, 9, 23), "day_implausible"),
    "came on 30/2": ("since", "30/02/2020", "no_such_day"),
    "came in the thirteenth month": ("since", "01/13/2020", "month_first"),
    "came in words": ("since", "đầu năm 2020", "not_a_day"),
    "came by a calculation": ("since", "=TODAY()", "formula"),
    "came with an error": ("since", "#VALUE!", "error"),
}

Expected = dict[str, str]


def in_one_cell(kind: str) -> Callable[[Draft, int], Expected]:
    name, value, code = IN_ONE_CELL[kind]

    def spoil(roster: Draft, at: int) -> Expected:
        roster.put(at, name, value)
        return {roster.cell(at, name): code}

    return spoil


def same_code(roster: Draft, at: int) -> Expected:
    later = at + 1 if at + 1 < len(roster.rows) else at - 1
    roster.put(later, "code", roster.get(at, "code"))
    return {roster.cell(max(at, later), "code"): "code_twice"}


def same_person_two_codes(roster: Draft, at: int) -> Expected:
    other = at - 1 if at else 1
    for name in ("full_name", "birth", "job_title", "unit"):
        roster.put(at, name, roster.get(other, name))
    return {roster.cell(max(at, other), "full_name"): "person_twice"}


def namesake_without_code(roster: Draft, at: int) -> Expected:
    other = at - 1 if at else 1
    for name in ("full_name", "birth"):
        roster.put(at, name, roster.get(other, name))
    roster.put(at, "code", None)
    return {roster.cell(at, "code"): "namesake_without_code"}


def merged_names(roster: Draft, at: int) -> Expected:
    at = min(at, len(roster.rows) - 2)
    block = f"{roster.cell(at, 'full_name')}:{roster.cell(at + 1, 'full_name')}"
    roster.changes.append(lambda sheet, book: sheet.merge_cells(block))
    return {block: "merged"}


def merged_across(roster: Draft, at: int) -> Expected:
    block = f"{roster.cell(at, 'category')}:{roster.cell(at, 'unit')}"
    roster.changes.append(lambda sheet, book: sheet.merge_cells(block))
    return {block: "merged"}


def hidden_row(roster: Draft, at: int) -> Expected:
    line = roster.line(at)
    roster.changes.append(lambda sheet, book: setattr(sheet.row_dimensions[line], "hidden", True))
    return {f"A{line}": "hidden_row"}


def note_row(roster: Draft, at: int) -> Expected:
    roster.rows[at] = [None, "II. Khối văn phòng", *[None] * 7]
    return {roster.cell(at, "full_name"): "note_row"}


def sum_row(roster: Draft, at: int) -> Expected:
    roster.rows[at] = ["Tổng cộng", None, 25, *[None] * 6]
    return {roster.cell(at, "code"): "note_row"}


def hidden_column(roster: Draft, at: int) -> Expected:
    letter = "ABCDEFGHI"[at % 9]
    roster.changes.append(lambda sheet, book: setattr(sheet.column_dimensions[letter], "hidden", True))
    return {f"{letter}{roster.title + 1}": "hidden_column"}


def heading_twice(roster: Draft, at: int) -> Expected:
    heading = HEADINGS[at % 9]
    line = roster.title + 1
    roster.changes.append(lambda sheet, book: sheet.cell(line, 10, heading))
    return {f"J{line}": "heading_twice"}


def hidden_sheet(roster: Draft, at: int) -> Expected:
    def hide(sheet: Worksheet, book: Workbook) -> None:
        other = book.create_sheet("Cũ")
        other.append(HEADINGS)
        other.append(roster.rows[at])
        other.sheet_state = "hidden"

    roster.changes.append(hide)
    return {"Cũ!A1": "hidden_sheet"}


def turned_days(roster: Draft, at: int) -> Expected:
    """A spreadsheet set to month first read 03/07 as 7 March and left 25/07 as text."""
    wrong = {}
    for row in range(len(roster.rows)):
        day, month = 1 + (row + at) % 12, 1 + (row * 5 + at) % 12
        roster.put(row, "since", date(2016, month, day))
        if day != month and row != at:
            wrong[roster.cell(row, "since")] = "day_and_month_turned"
    roster.put(at, "since", "25/07/2016")
    return wrong


# What touches one or two lines, and what touches the whole sheet (one of these in a file).
IN_A_LINE: dict[str, Callable[[Draft, int], Expected]] = {
    **{kind: in_one_cell(kind) for kind in IN_ONE_CELL},
    "row hidden": hidden_row,
    "heading among the rows": note_row,
    "sum among the rows": sum_row,
    "cells merged across": merged_across,
}
IN_A_SHEET: dict[str, Callable[[Draft, int], Expected]] = {
    "code twice": same_code,
    "person under two codes": same_person_two_codes,
    "namesake without a code": namesake_without_code,
    "cells merged downwards": merged_names,
    "column hidden": hidden_column,
    "heading twice": heading_twice,
    "roster on a hidden sheet": hidden_sheet,
    "days and months turned": turned_days,
}
KINDS = IN_A_LINE | IN_A_SHEET


def harmless(roster: Draft) -> None:
    """What a pasted file carries and nobody needs to be told of."""
    name = str(roster.get(0, "full_name"))
    roster.put(0, "full_name", unicodedata.normalize("NFD", name))
    roster.put(1, "full_name", f"\u00a0{roster.get(1, 'full_name')}\u200b ".replace(" ", "\u00a0"))
    roster.put(2, "full_name", "Ðặng Văn Ðoàn")
    roster.put(3, "full_name", str(roster.get(3, "full_name")).upper())
    roster.put(4, "birth", "1985")
    roster.put(5, "birth", date(1986, 3, 12))
    roster.put(6, "birth", "12/03/1987")
    roster.put(7, "category", "VIÊN  CHỨC ")
