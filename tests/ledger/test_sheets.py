"""Tables that leave the portal carry no formula and are what they say (rule R32)."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from ledger.sheets import Table, neutral, write_csv, write_xlsx

PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","bấm")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "==1+1",
]


def cells_of(body: bytes) -> list[list]:
    return [list(row) for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows()]


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_nothing_that_a_spreadsheet_would_run_leaves_as_such(payload):
    table = Table("Danh sách", [payload], [[payload, "An"]])
    for cell in (row[0] for row in cells_of(write_xlsx(table))):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")
    for row in csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"), newline=""), delimiter=";"):
        assert row[0].startswith("'")


def test_no_cell_of_the_file_itself_is_a_formula():
    body = write_xlsx(Table("x", ["a"], [[payload] for payload in PAYLOADS]))
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["Nguyễn Văn An", "00123", "1.234", "a=b", "3-4", "#1", "", "'tên'"])
def test_honest_text_is_left_alone(text):
    assert neutral(text) == text


def test_values_keep_their_types():
    row = [
        "00123",
        123,
        1.5,
        -5,
        True,
        date(2026, 3, 4),
        datetime(2026, 3, 4, 20, 0, tzinfo=UTC),
        None,
        "#N/A",
    ]
    cells = cells_of(write_xlsx(Table("x", list("abcdefghi"), [row])))[1]
    assert [cell.value for cell in cells[:5]] == ["00123", 123, 1.5, -5, "Có"]
    assert cells[5].value.isoformat() == "2026-03-04T00:00:00" and cells[5].number_format == "dd/mm/yyyy"
    assert cells[6].value.isoformat() == "2026-03-05T03:00:00"
    assert (cells[7].value, cells[8].value, cells[8].data_type) == (None, "#N/A", "s")


def test_csv_opens_in_a_vietnamese_spreadsheet():
    row = ["Lê; An", -5, date(2026, 3, 4), datetime(2026, 3, 4, 20, 0, tzinfo=UTC), None, False]
    body = write_csv(Table("x", ["Tên", "b", "c", "d", "e", "f"], [row]))
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig").split("\r\n")[1] == '"Lê; An";-5;04/03/2026;05/03/2026 03:00;;Không'


def test_letters_that_xml_cannot_carry_do_not_damage_the_file():
    cells = cells_of(write_xlsx(Table("x", ["a"], [["Lê\x07 An\x0b"], ["\ud800x"], ["y" * 40_000]])))
    assert [cells[1][0].value, cells[2][0].value, len(cells[3][0].value)] == ["Lê An", "x", 32_000]


def test_rows_are_taken_one_by_one():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield [number]

    table = Table("x", ["a"], rows())
    assert taken == []
    assert len(cells_of(write_xlsx(table))) == 4


def test_lists_to_choose_from_are_offered_and_codes_stay_text():
    table = Table(
        "x", ["Mã", "b"], [["007", "A"]], choices={1: "'Danh mục'!$A$2:$A$5"}, text_columns=frozenset({0})
    )
    body = write_xlsx(table, Table("Danh mục", ["b"], [["A"]]))
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    offered = sheet.data_validations.dataValidation[0]
    assert (offered.type, offered.formula1, str(offered.sqref)) == (
        "list",
        "'Danh mục'!$A$2:$A$5",
        "B2:B60000",
    )
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("007", "@")
    assert sheet.column_dimensions["A"].number_format == "@"
