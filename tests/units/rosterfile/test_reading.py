"""Roster files of all honest shapes are read as the spreadsheet shows them."""

from datetime import date, datetime
from functools import cache

import pytest

from tests.units.rosterfile.files import HEADINGS, ROWS, SHEET, line, measured, package, person, read, xlsx
from units.rosterfile import reading
from units.rosterfile.grid import Mark, Merged, Refused, address, column_letters, column_of
from units.rosterfile.shape import shape_of

MIB = 1024 * 1024


def test_cells_keep_the_type_that_the_file_gave_them():
    cells = [
        "00123",
        123,
        1.5,
        "1.234",
        date(2020, 3, 4),
        datetime.fromisoformat("2020-03-04T09:30"),
        True,
        None,
        " Lan ",
    ]
    sheet = read([cells])
    assert sheet.name == "Danh sách"
    assert sheet.rows[0].cells == [
        "00123",
        123,
        1.5,
        "1.234",
        date(2020, 3, 4),
        date(2020, 3, 4),
        True,
        None,
        " Lan ",
    ]
    assert [type(value) for value in sheet.rows[0].cells[:3]] == [str, int, float]


def test_one_and_true_and_zero_and_false_are_not_mixed_up():
    sheet = read([[1, True, 0, False, "1", 1.0, 0.5, "", 10]])
    assert sheet.rows[0].cells == [1, True, 0, False, "1", 1, 0.5, None, 10]
    assert [type(value) for value in sheet.rows[0].cells[:4]] == [int, bool, int, bool]


@pytest.mark.parametrize("title", [0, 1, 7, 18])
def test_headings_are_found_under_a_title_block(title):
    sheet = read([person(1), person(2)], title=title)
    assert (sheet.headings_row, sheet.headings) == (title + 1, HEADINGS)
    assert [row.line for row in sheet.rows] == [title + 2, title + 3]


def test_a_table_that_begins_in_the_third_column_of_the_fifth_line_keeps_its_addresses():
    def move(sheet, book):
        sheet.move_range("A1:I2", rows=4, cols=2)

    sheet = read([person(1)], change=move)
    assert (sheet.headings_row, sheet.headings[:3]) == (5, ["", "", "Số hiệu"])
    assert (sheet.rows[0].line, sheet.rows[0].cells[:3]) == (6, [None, None, "CB00001"])


def test_the_row_of_column_numbers_under_the_headings_is_no_person():
    rows = [[f"({number})" for number in range(1, 10)], person(1)]
    assert [row.line for row in read(rows).rows] == [3]
    assert [row.line for row in read([[*"AB", 1, 2, 3, 4, 5, 6, 7], person(1)]).rows] == [3]


def test_empty_rows_between_are_left_out_and_lines_stay_those_of_the_file():
    assert [row.line for row in read([person(1), [], [None, " "], person(2)]).rows] == [2, 5]


def test_formulas_and_errors_are_marked_and_merged_and_hidden_places_told():
    def change(sheet, book):
        sheet["A2"], sheet["C2"] = "=1+1", "#N/A"
        sheet["B2"] = None
        sheet.merge_cells("C3:D4")
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = sheet.row_dimensions[6].hidden = (
            True
        )
        sheet.column_dimensions["E"].hidden = True

    sheet = read([person(number) for number in range(6)], change=change)
    assert sheet.marks == {(2, 0): Mark("formula"), (2, 2): Mark("error", "#N/A")}
    assert sheet.merged == [Merged(3, 2, 4, 3)]
    assert sheet.hidden_rows == [(3, 4), (6, 6)]
    assert sheet.hidden_columns == {4}


def test_marks_are_found_in_sheets_whose_cells_do_not_say_where_they_stand():
    """As some programmes write them, with another prefix and other quotes."""
    xml = (
        b"<x:worksheet><x:cols><x:col min='2' max='3' width='0'/></x:cols><x:sheetData><x:row><x:c/><x:c t='e'>"
        b"<x:v>#REF!</x:v></x:c></x:row><x:row hidden='1'><x:c><x:f>A1</x:f><x:v>1</x:v></x:c></x:row>"
        b'<x:row r="9" ht="0"><x:c r="C9"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    shape = shape_of(xml)
    assert shape.marks == {(1, 1): Mark("error", "#REF!"), (2, 0): Mark("formula")}
    assert shape.hidden_rows == [(2, 2), (9, 9)]
    assert shape.hidden_columns == [1, 2]


def test_text_beyond_500_characters_is_cut_and_marked():
    sheet = read([person(1, full_name="A" * 501), person(2, full_name="A" * 500)])
    assert len(str(sheet.rows[0].cells[1])) == 500
    assert sheet.marks == {(2, 1): Mark("long")}


def test_of_several_sheets_the_one_with_known_headings_is_read():
    def change(sheet, book):
        for name in ("Hướng dẫn", "Ghi chép"):
            book.create_sheet(name, 0).append(["Chỉ tiêu", "Cách ghi", "Ví dụ"])

    assert read([person(1)], change=change).name == "Danh sách"


def test_two_sheets_with_rosters_are_refused_by_name():
    def change(sheet, book):
        book.create_sheet("Khối trường").append(HEADINGS)

    with pytest.raises(Refused, match=r"2 trang tính.*“Danh sách”, “Khối trường”"):
        read([person(1)], change=change)


def test_a_hidden_second_roster_is_told_and_a_roster_on_a_hidden_sheet_alone_refused():
    def beside(sheet, book):
        book.create_sheet("Cũ").append(HEADINGS)
        book["Cũ"].sheet_state = "veryHidden"

    assert [fault.code for fault in read([person(1)], change=beside).faults] == ["hidden_sheet"]

    def alone(sheet, book):
        sheet.sheet_state = "hidden"
        book.create_sheet("Trống")

    with pytest.raises(Refused, match="đang bị ẩn"):
        read([person(1)], change=alone)


def test_headings_of_another_system_are_read_so_that_they_can_be_shown():
    sheet = read([["7", "Lan", "GV"]], headings=["EmpNo", "EmpName", "Grade"], title=1)
    assert (sheet.headings_row, sheet.headings) == (2, ["EmpNo", "EmpName", "Grade"])


def test_a_sheet_without_headings_is_refused():
    with pytest.raises(Refused, match="dòng tiêu đề"):
        read([[1, 2, 3], [4, 5, 6]], headings=[1, 2, 3])


def test_more_columns_than_forty_and_more_rows_than_sixty_thousand_are_refused():
    with pytest.raises(Refused, match="41 cột"):
        read([[*person(1), *["x"] * 32]])
    limits = reading.Limits(rows=2)
    content = xlsx([person(number) for number in range(3)])
    with pytest.raises(Refused, match="quá 2 dòng"):
        reading.read(content, "x.xlsx", limits)


@cache
def people(count: int) -> bytes:
    rows = (line(at, f"CB{at:05}", f"Nguyễn Văn {at % 999}", "Viên chức") for at in range(2, count + 2))
    return package(line(1, "Số hiệu", "Họ và tên", "Đối tượng") + "".join(rows))


def test_a_reader_out_of_time_or_memory_is_a_sentence_too():
    content = xlsx([person(1)])
    with pytest.raises(Refused, match="quá lâu"):
        reading.read(content, "x.xlsx", reading.Limits(wall_seconds=0.001))
    with pytest.raises(Refused, match="bộ nhớ"):
        reading.read(people(30_000), "x.xlsx", reading.Limits(memory_bytes=48 * MIB))


def test_thirty_thousand_people_are_read_within_the_memory_of_a_hostile_file():
    used = measured(people(30_000), "x.xlsx")
    assert used.exit == 0
    assert used.peak_bytes < 150 * MIB


CSV = "Số hiệu;Họ và tên;Đối tượng\r\n00123;Nguyễn Thị Huệ;Viên chức\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_any_unicode_is_read(encoding):
    sheet = reading.read(CSV.encode(encoding), "x.csv")
    assert (sheet.headings, sheet.rows[0].line) == (["Số hiệu", "Họ và tên", "Đối tượng"], 2)
    assert sheet.rows[0].cells == ["00123", "Nguyễn Thị Huệ", "Viên chức"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_with_any_separator_is_read(separator):
    sheet = reading.read(CSV.replace(";", separator).encode(), "x.csv")
    assert sheet.rows[0].cells == ["00123", "Nguyễn Thị Huệ", "Viên chức"]


def test_csv_that_names_its_separator_and_quotes_line_ends_keeps_the_lines_of_the_spreadsheet():
    text = 'sep=;\r\nSố hiệu;Họ và tên;Đối tượng\r\n1;"Nguyễn ""A""\r\nLan; em";Viên chức\r\n2;Trần Bé;Viên chức\r\n'
    sheet = reading.read(text.encode(), "x.csv")
    assert [(row.line, row.cells[1]) for row in sheet.rows] == [(3, 'Nguyễn "A"\r\nLan; em'), (4, "Trần Bé")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CSV.replace("ệ", "ê\u0323").replace("ễ", "ê\u0303").replace("ị", "i\u0323"), "Windows-1258"),
        ("Sè hiÖu;Hä vµ tªn;§èi t\u00adîng\r\n1;NguyÔn V¨n Hoµ;Viªn chøc\r\n", "phông cũ"),
        ("Hoï vaø teân;Ñoái töôïng\r\nNguyeãn Vaên Hoøa;Vieân chöùc\r\n", "phông cũ"),
    ],
)
def test_csv_in_an_old_encoding_is_refused_saying_how_to_save_it(content, words):
    encoding = "cp1258" if "1258" in words else "latin-1"
    body = content.encode(encoding, "ignore")
    with pytest.raises(Refused, match=words) as refused:
        reading.read(body, "x.csv")
    assert "CSV UTF-8" in str(refused.value)


def test_a_quote_that_never_closes_is_refused():
    with pytest.raises(Refused, match="nháy"):
        reading.read((CSV + '"' + "x\n" * 50_000).encode(), "x.csv")


@pytest.mark.parametrize(("letters", "column"), [("A", 0), ("Z", 25), ("AA", 26), ("AN", 39), ("XFD", 16383)])
def test_letters_of_columns(letters, column):
    assert column_of(letters) == column
    assert column_letters(column) == letters
    assert address(7, column) == f"{letters}7"


def test_control_the_same_sheet_written_part_by_part():
    assert reading.read(package(sheet=SHEET % ROWS), "x.xlsx").rows[0].cells[0] == "CB1"
