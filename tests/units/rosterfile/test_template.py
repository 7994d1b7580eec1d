"""The template can be filled in and read back; the formats of import-export are our own."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from tablib import Dataset

from tests.units.rosterfile.files import CONTEXT, HEADINGS, person, xlsx
from units.rosterfile import columns, reading, template
from units.rosterfile.format import SafeCSV, SafeXLSX
from units.rosterfile.understanding import understand

UNITS = [
    ("UBND phường Kim Long", "hue:1"),
    ("Trường Tiểu học số 1", "hue:3"),
    ("Trường tiểu học số 1", "hue:4"),
]
KINDS = ["Không xác định thời hạn", "Xác định thời hạn"]


def test_the_template_with_the_present_people_is_read_back_without_a_fault():
    people = [
        person(1, unit="UBND phường Kim Long"),
        person(2, code="00007", unit="hue:3", contract=None, contract_until=None),
    ]
    sheet = reading.read(template.template(units=UNITS, contracts=KINDS, people=people), "mau.xlsx")
    found = understand(sheet, columns.guess(sheet.headings), CONTEXT)
    assert (sheet.name, sheet.headings, found.faults) == ("Danh sách", HEADINGS, [])
    assert [(row.code, row.unit_id, row.contract_until) for row in found.rows] == [
        ("CB00001", 1, date(2027, 12, 2)),
        ("00007", 3, None),
    ]


def test_the_empty_template_says_that_nobody_is_in_it():
    sheet = reading.read(template.template(units=UNITS, contracts=[]), "mau.xlsx")
    found = understand(sheet, columns.guess(sheet.headings), CONTEXT)
    assert [fault.code for fault in found.faults] == ["no_people"]


def test_the_template_has_notes_and_lists_and_offers_keys_for_twin_names():
    book = load_workbook(io.BytesIO(template.template(units=UNITS, contracts=KINDS)))
    assert book.sheetnames == ["Danh sách", "Hướng dẫn", "Danh mục"]
    notes = [row[0].value for row in book["Hướng dẫn"].iter_rows(min_row=2, max_row=1 + len(template.FIELDS))]
    assert notes == HEADINGS
    listed = list(book["Danh mục"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in listed][:3] == ["UBND phường Kim Long", "hue:3", "hue:4"]
    offered = {str(rule.sqref): rule.formula1 for rule in book["Danh sách"].data_validations.dataValidation}
    assert offered == {
        "E2:E60000": "'Danh mục'!$A$2:$A$5",
        "G2:G60000": "'Danh mục'!$B$2:$B$3",
        "F2:F60000": "'Danh mục'!$C$2:$C$4",
    }


@pytest.mark.parametrize("form", [SafeXLSX(), SafeCSV()], ids=lambda form: form.get_title())
def test_the_formats_read_and_write_through_the_safe_doors(form):
    dataset = Dataset(["00123", "=1+1", None], headers=["Số hiệu", "Họ và tên", "Đối tượng"])
    body = form.export_data(dataset)
    assert form.can_import() and form.can_export() and form.is_binary()
    again = form.create_dataset(body)
    assert again.headers == ["Số hiệu", "Họ và tên", "Đối tượng"]
    assert again[0] == ("00123", "'=1+1", None)


@pytest.mark.parametrize("form", [SafeXLSX(), SafeCSV()], ids=lambda form: form.get_title())
def test_the_formats_refuse_what_the_reader_refuses(form):
    with pytest.raises(reading.Refused):
        form.create_dataset(b"%PDF-1.7")


def test_control_a_row_longer_than_its_headings_is_cut_to_them():
    content = xlsx([[*person(1), "thêm"]])
    assert len(SafeXLSX().create_dataset(content)[0]) == len(HEADINGS)
