"""What a row says, where it is silent, and what only the whole file tells."""

from dataclasses import replace
from datetime import date

import pytest

from tests.units.rosterfile.files import CONTEXT, HEADINGS, person
from units.rosterfile import columns
from units.rosterfile.grid import Mark, Merged, Row, Sheet
from units.rosterfile.understanding import MOST_FAULTS, Entry, Understood, understand


def sheet_of(rows: list[list], headings: list[str] | None = None) -> Sheet:
    return Sheet("x", 1, headings or HEADINGS, [Row(line, row) for line, row in enumerate(rows, 2)])


def understood(rows: list[list], headings: list[str] | None = None, **context) -> Understood:
    sheet = sheet_of(rows, headings)
    return understand(sheet, columns.guess(sheet.headings), replace(CONTEXT, **context))


def faults(rows: list[list], headings: list[str] | None = None, **context) -> dict[str, str]:
    return {fault.cell: fault.code for fault in understood(rows, headings, **context).faults}


def entry(**cells_of_row) -> Entry:
    found = understood([person(1, **cells_of_row)])
    assert found.faults == []
    return found.rows[0]


def test_a_whole_row_becomes_an_entry():
    row = understood(
        [person(7, full_name="Tôn Nữ  Thị Ý", code="cb-7", birth="12/3/1985", unit="hue:2")]
    ).rows[0]
    assert (row.line, row.code, row.full_name, row.search_key) == (2, "CB-7", "Tôn Nữ Thị Ý", "ton nu thi y")
    assert (row.birth_year, row.job_title, row.category) == (1985, "Chuyên viên", "vien_chuc")
    assert (row.contract_id, row.contract_until) == (2, date(2027, 12, 8))
    assert (row.since, row.unit_id) == (date(2015, 8, 8), 2)


def test_what_may_be_empty_may_be_empty_or_a_dash():
    for nothing in (None, "-", "–"):
        row = entry(
            code=nothing,
            birth=nothing,
            job_title=nothing,
            contract=nothing,
            contract_until=nothing,
            since=nothing,
        )
        assert row[1] == row[6] == ""
        assert row.birth_year is row.contract_id is row.contract_until is row.since is None


@pytest.mark.parametrize("said", ["mới", "Mới", "MỚI", "moi"])
def test_a_person_may_be_said_to_be_new(said):
    assert entry(code=said).code == ""


def test_a_unit_is_found_by_name_without_marks_and_by_key_and_a_near_name_is_suggested():
    assert entry(unit="ubnd PHUONG kim long").unit_id == 1
    assert entry(unit="HUE:4").unit_id == 4
    fault = understood([person(1, unit="UBND phường Kim Lông 2")]).faults[0]
    assert (fault.cell, fault.code) == ("F2", "unit_unknown")
    assert "Có phải là “UBND phường Kim Long”" in fault.message
    twice = understood([person(1, unit="Trường tiểu học số 1")]).faults[0]
    assert "“hue:3” hoặc “hue:4”" in twice.message


def test_two_units_that_differ_by_marks_alone_are_told_apart_by_them():
    names = {5: "Trường Hòa An", 6: "Trường Hóa An"}
    found = understood(
        [person(1, unit="Trường Hóa An"), person(2, unit="Trường Hoa An")],
        units_by_name={"truong hoa an": [5, 6]},
        unit_names=names,
    )
    assert [row.unit_id for row in found.rows] == [6]
    assert [(fault.cell, fault.code) for fault in found.faults] == [("F3", "unit_twice")]


def test_a_branch_of_one_unit_needs_no_column_of_units():
    headings = ["Số hiệu", "Họ và tên", "Đối tượng"]
    rows = [["CB1", "Nguyễn Văn An", "Viên chức"]]
    assert understood(rows, headings, own_unit=9).rows[0].unit_id == 9
    fault = understood(rows, headings).faults[0]
    assert (fault.cell, fault.code) == ("A1", "column_missing")
    assert "“Đơn vị”" in fault.message


def test_equal_values_of_two_types_are_two_values():
    rows = [person(1, job_title=True), person(2, job_title=1), person(3, birth=1985), person(4, birth=1985.5)]
    assert faults(rows) == {"D2": "not_text", "D3": "not_text", "C5": "not_a_year"}
    mixed = [person(1, code=1, birth=None), person(2, code=True, birth=None)]
    assert faults(mixed) == {"A3": "code_shape"}


def test_keys_of_a_name_the_portal_has_are_not_worked_out_again():
    known = {"Nguyễn Văn An A": ("as the portal", "has them")}
    ours, other = understood([person(6, full_name="Nguyễn Văn An A"), person(1)], keys=known).rows
    assert ours[3:5] == known["Nguyễn Văn An A"]
    assert other.search_key == "tran thi binh a"


def test_names_in_two_or_three_columns_are_put_together_and_blamed_part_by_part():
    headings = ["Số hiệu", "Họ", "Tên đệm", "Tên", "Đối tượng"]
    good = ["CB1", "Tôn", "Nữ Thị", "Ý", "Viên chức"]
    assert understood([good], headings, own_unit=9).rows[0].full_name == "Tôn Nữ Thị Ý"
    assert understood([["CB1", "Lê", None, "An", "VC"]], headings, own_unit=9).rows[0].full_name == "Lê An"
    rows = [
        ["CB1", "Lê", "Nguyeãn Vaên", "An", "VC"],
        ["CB2", "Lê", "Văn", None, "VC"],
        ["CB3", None, "Văn", "Ý", "VC"],
    ]
    assert faults(rows, headings, own_unit=9) == {"C2": "legacy_font", "D3": "required", "B4": "required"}


def test_numbers_prepared_for_more_people_are_no_fault_and_an_empty_table_is():
    headings = ["STT", *HEADINGS]
    rows = [[1, *person(1)], [2], ["3."]]
    assert faults(rows, headings) == {}
    assert len(understood(rows, headings).rows) == 1
    assert [fault.code for fault in understood([]).faults] == ["no_people"]


def test_notes_below_the_table_are_told_once_each():
    rows = [
        person(1),
        ["Danh sách này có 1 người"],
        [None, None, "Huế, ngày 5 tháng 11 năm 2026", None, "Thủ trưởng"],
    ]
    assert faults(rows) == {"A3": "note_row", "C4": "note_row"}


def test_a_person_called_like_a_note_is_no_note():
    headings = ["Số hiệu", "Họ và tên", "Đối tượng"]
    rows = [["CB1", "Lê Danh Sách", "??"], [None, "Lê Danh Sách", "??"]]
    assert faults(rows, headings, own_unit=9) == {"C2": "category_unknown", "C3": "category_unknown"}


def test_every_fault_of_a_row_is_told_and_faulty_rows_are_no_entries():
    found = understood([person(1, full_name=None, birth=5), person(2)])
    assert {fault.cell for fault in found.faults} == {"B2", "C2"}
    assert [row.line for row in found.rows] == [3]


def test_one_and_true_in_one_column_are_two_values():
    assert faults([person(1, birth=1), person(2, birth=True)]) == {"C2": "short_year", "C3": "not_a_year"}


def test_what_is_not_used_is_not_blamed():
    headings = [*HEADINGS, "Ghi chú"]
    sheet = sheet_of([[*person(1), "Nguyeãn Vaên; 1.234 #N/A"]], headings)
    sheet.marks[2, 9] = Mark("formula")
    assert understand(sheet, columns.guess(headings), CONTEXT).faults == []


class TestTheShapeOfTheSheet:
    headings = (*HEADINGS, "Ghi chú")
    rows = (person(1), person(2, full_name=None), person(3, full_name=None), person(4))

    def faults(self, **shape) -> dict[str, str]:
        rows = [Row(line, [*row, "x"]) for line, row in enumerate(self.rows, 5)]
        sheet = Sheet("x", 4, list(self.headings), rows, **shape)
        return {
            fault.cell: fault.code
            for fault in understand(sheet, columns.guess(self.headings), CONTEXT).faults
        }

    def test_a_cell_that_is_marked_is_told_once_and_not_also_called_empty(self):
        marks = {
            (6, 1): Mark("error", "#N/A"),
            (7, 1): Mark("formula"),
            (8, 9): Mark("long"),
            (4, 1): Mark("formula"),
        }
        assert self.faults(marks=marks) == {"B6": "error", "B7": "formula"}

    def test_merged_names_are_told_once_and_merged_titles_and_notes_are_nobody_s_business(self):
        merged = [Merged(1, 0, 2, 8), Merged(5, 1, 7, 1), Merged(5, 9, 8, 9), Merged(20, 0, 21, 8)]
        assert self.faults(merged=merged) == {"B5:B7": "merged"}

    def test_hidden_rows_and_columns_count_where_people_stand(self):
        empty = {"B6": "required", "B7": "required"}
        assert self.faults(hidden_rows=[(1, 3), (50, 60)], hidden_columns=frozenset({9, 30})) == empty
        found = self.faults(hidden_rows=[(3, 6), (8, 9)], hidden_columns=frozenset({2}))
        assert found == empty | {"A5:A6": "hidden_row", "A8": "hidden_row", "C4": "hidden_column"}


class TestCodesThatLostTheirZeros:
    def test_are_seen_by_the_codes_beside_them(self):
        rows = [
            person(1, code="001234"),
            person(2, code="104321"),
            person(3, code="000777"),
            person(4, code=4321),
        ]
        found = understood(rows)
        assert [(fault.cell, fault.code) for fault in found.faults] == [("A5", "lost_zeros")]
        assert "“004321”" in found.faults[0].message
        assert [row.line for row in found.rows] == [2, 3, 4]

    def test_are_seen_by_a_person_the_portal_knows(self):
        known = {"000777"}
        assert faults([person(1, code=777)], people=known) == {"A2": "lost_zeros"}
        assert faults([person(1, code=777)], people=known | {"777"}) == {}

    def test_are_not_seen_in_numbers_that_grow_by_themselves(self):
        assert faults([person(number, code=number) for number in range(1, 500)]) == {}


class TestPeopleWhoMayBeOne:
    same = {"full_name": "Lê Thị Hồng", "birth": 1985, "unit": "hue:1"}

    def test_under_one_code_both_cells_are_named(self):
        found = understood([person(1), person(2), person(3, code="CB00001")]).faults
        assert [(fault.cell, fault.code) for fault in found] == [("A4", "code_twice")]
        assert "ô A2" in found[0].message and "ô A4" in found[0].message

    def test_under_two_new_codes_the_file_is_asked_until_it_gives_whole_days(self):
        assert faults([person(1, **self.same), person(2, **self.same)]) == {"B3": "person_twice"}
        whole = [
            person(1, **self.same | {"birth": date(1985, 1, 2)}),
            person(2, **self.same | {"birth": "3/1/1985"}),
        ]
        assert faults(whole) == {}

    def test_under_two_codes_the_portal_knows_they_are_two(self):
        known = {"CB00001", "CB00002"}
        assert faults([person(1, **self.same), person(2, **self.same)], people=known) == {}

    @pytest.mark.parametrize("other", [{"unit": "hue:2"}, {"birth": 1986}, {"job_title": "Kế toán"}])
    def test_who_differ_in_place_year_or_title_are_two(self, other):
        assert faults([person(1, **self.same), person(2, **self.same | other)]) == {}

    def test_without_a_code_a_namesake_of_the_same_year_anywhere_is_asked_about(self):
        rows = [person(1, **self.same), person(2, **self.same | {"code": None, "unit": "hue:2"})]
        assert faults(rows) == {"A3": "namesake_without_code"}
        assert faults(rows[::-1]) == {"A2": "namesake_without_code"}
        rows[1][2] = 1986
        assert faults(rows) == {}


def test_text_days_among_true_days_up_to_the_twelfth_make_the_true_ones_doubtful():
    turned = [person(number, since=date(2016, number, 3)) for number in range(4, 8)]
    assert faults(turned) == {}
    text = [*turned, person(9, since="25/04/2016")]
    assert faults(text) == {f"I{line}": "day_and_month_turned" for line in range(2, 6)}
    honest = [*text, person(10, since=date(2016, 4, 25))]
    assert faults(honest) == {}
    first_of_month = [*(person(number, since=date(2016, number, 1)) for number in range(4, 8)), text[-1]]
    assert faults(first_of_month) == {}


def test_faults_beyond_a_thousand_are_told_as_a_number():
    found = understood([person(number, category="?") for number in range(MOST_FAULTS + 5)]).faults
    assert len(found) == MOST_FAULTS + 1
    assert (found[-1].code, found[-1].message[:10]) == ("more_faults", "Còn 5 lỗi ")


def test_every_sentence_fits_its_column_and_says_what_to_do():
    long = "Tên rất dài " * 40
    rows = [
        person(1, **{name: long}) for name in ("code", "full_name", "birth", "job_title", "category", "unit")
    ]
    rows += [person(2, contract=long), person(3, contract_until=long), person(4, since=long)]
    rows += [person(5, job_title="7" * 500), person(6, code="7" * 500), person(7, unit="ubnd phuong x")]
    names = {key: f"UBND phường {'x' * 180} {key}" for key in range(9)}
    by_name = {f"ubnd phuong {key}": [key] for key in names}
    found = understood(rows, units_by_name=by_name, unit_names=names).faults
    assert {fault.line for fault in found} == set(range(2, 14))
    for fault in found:
        assert 20 < len(fault.message) <= 500
        assert len(fault.cell) <= 60 and len(fault.code) <= 40
