"""Which column is which, in our own files and in those of other systems."""

import pytest

from units.rosterfile import columns
from units.rosterfile.columns import (
    COLUMNS,
    FIELDS,
    HEADINGS,
    digest,
    find_headings,
    guess,
    heading_key,
    missing,
)


def test_our_own_headings_are_all_known():
    own = [
        column.heading
        for column in COLUMNS
        if column.field not in ("family_name", "middle_name", "given_name")
    ]
    assert list(guess(own)) == [field for field in FIELDS if HEADINGS[field] in own]


def test_no_name_belongs_to_two_columns():
    names = [name for column in COLUMNS for name in {heading_key(column.heading), *column.others}]
    assert len(names) == len(set(names))
    assert all(name == heading_key(name) for name in names)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("SỐ HIỆU CBCCVC", "code"),
        ("Mã số CB (*)", "code"),
        ("Họ  và\ntên", "full_name"),
        ("HỌ TÊN (chữ in hoa)", "full_name"),
        ("Ngày, tháng, năm sinh", "birth"),
        ("Chức vụ/Chức danh", "job_title"),
        ("Đơn vị công tác", "unit"),
        ("Ho va\u0300 te\u0302n", "full_name"),
        ("Ngày hết hạn hợp đồng", "contract_until"),
    ],
)
def test_other_names_of_the_columns(heading, field):
    assert guess(["STT", heading]) == {field: 1}


def test_the_best_name_wins_whatever_stands_first():
    assert guess(["Mã đơn vị", "Đơn vị", "Bộ phận"]) == {"unit": 1}


def test_parts_of_a_name_count_only_where_no_column_holds_it_whole():
    assert guess(["Họ", "Tên"]) == {"family_name": 0, "given_name": 1}
    assert guess(["Họ", "Tên", "Họ và tên"]) == {"full_name": 2}


def test_what_is_missing_is_named_by_its_heading():
    assert missing({}) == ["Số hiệu", "Họ và tên", "Đối tượng", "Đơn vị"]
    assert missing({"code": 0, "category": 1, "family_name": 2, "given_name": 3}, one_unit=True) == []
    assert missing({"code": 0, "category": 1, "family_name": 2, "unit": 3}) == ["Họ và tên"]


def test_a_heading_row_is_recognised_again_in_another_spelling():
    assert digest(["Mã NV", "Họ tên"]) == digest(["mã nv ", "HỌ TÊN"])
    assert digest(["Mã NV", "Họ tên"]) != digest(["Họ tên", "Mã NV"])


def test_the_heading_row_is_the_one_with_most_known_names():
    rows = [["Đơn vị", "Sở Nội vụ"], ["Số hiệu", "Họ và tên", "x"], ["CB1", "Lê An", "y"]]
    assert find_headings(rows) == 1
    assert find_headings([[1, 2, 3], ["EmpNo", "Name", "Grade"], ["a", "b", "c"]]) == 1
    assert find_headings([["a", "a", "a"], [1, "b", "c"], [None, "x"]]) is None
    assert find_headings([[]] * columns.HEADING_ROWS + [["Số hiệu", "Họ và tên"]]) is None
