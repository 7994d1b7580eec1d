from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.dates import moment, parse_date, short_date, statutory_date

STATUTORY_MONTHS = ["01", "02", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]


@pytest.mark.parametrize("month", range(1, 13))
def test_papers_put_a_zero_before_days_under_ten_and_before_months_one_and_two_only(month):
    assert statutory_date(date(2026, month, 5)) == f"ngày 05 tháng {STATUTORY_MONTHS[month - 1]} năm 2026"
    assert statutory_date(date(2026, month, 15)) == f"ngày 15 tháng {STATUTORY_MONTHS[month - 1]} năm 2026"


@pytest.mark.parametrize("typed", ["15/11/2026", "15-11-2026", "2026-11-15", " 15/11/2026\u00a0"])
def test_a_day_may_be_typed_in_three_ways(typed):
    assert parse_date(typed) == date(2026, 11, 15)


def test_the_day_comes_first_never_the_month():
    assert parse_date("05/11/2026") == date(2026, 11, 5)
    assert parse_date("5/1/2026") == date(2026, 1, 5)


@pytest.mark.parametrize(
    "typed, sentence",
    [
        (
            "31/02/2026",
            "Ngày 31/02/2026 không có trong lịch. Tháng 2 năm 2026 có 28 ngày."
            " Viết theo thứ tự ngày/tháng/năm, ví dụ 15/11/2026.",
        ),
        (
            "11/13/2026",
            "Ngày 11/13/2026 không có trong lịch. Không có tháng 13."
            " Viết theo thứ tự ngày/tháng/năm, ví dụ 15/11/2026.",
        ),
        ("hôm nay", "“hôm nay” không phải là ngày. Viết theo thứ tự ngày/tháng/năm, ví dụ 15/11/2026."),
    ],
)
def test_a_day_that_does_not_exist_is_refused_in_a_sentence(typed, sentence):
    with pytest.raises(ValueError) as refused:
        parse_date(typed)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "29/02/2025",
        "00/11/2026",
        "15/00/2026",
        "15/11/26",
        "15/11/0026",
        "15/11/0000",
        "0000-11-15",
        "15/11/9999",
        "15/11-2026",
        "2026/11/15",
        "15.11.2026",
        "15/11/2026 10:00",
        "１５/11/2026",
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(ValueError, match="Viết theo thứ tự ngày/tháng/năm"):
        parse_date(typed)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_printed_day_reads_back_as_itself(day):
    assert parse_date(short_date(day)) == day
    assert parse_date(day.isoformat()) == day


@given(st.text())
def test_no_text_breaks_the_reader_of_dates(text):
    try:
        parse_date(text)
    except ValueError as refused:
        assert str(refused).endswith("ví dụ 15/11/2026.")


def test_moments_are_shown_in_hue_time():
    assert moment(datetime(2026, 11, 15, 3, 24, tzinfo=UTC)) == "10:24 ngày 15/11/2026"
    assert moment(datetime(2026, 11, 15, 17, 5, tzinfo=UTC)) == "00:05 ngày 16/11/2026"


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError):
        moment(datetime(2026, 11, 15, 3, 24))  # noqa: DTZ001 - the refusal of a naive moment is what is tested
