from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.numbers import decimal, grouped, percent, roman, share


@pytest.mark.parametrize(
    "n, text", [(0, "0"), (999, "999"), (1234, "1.234"), (1234567, "1.234.567"), (-1234, "-1.234")]
)
def test_thousands_are_parted_by_dots(n, text):
    assert grouped(n) == text


@pytest.mark.parametrize(
    "x, places, text",
    [
        (1234567.89, 2, "1.234.567,89"),
        (Decimal("1234.45"), 1, "1.234,5"),
        (0.25, 1, "0,3"),
        (2.675, 2, "2,68"),
        (-0.04, 1, "0,0"),
        (1234, 0, "1.234"),
        (Decimal("98.5"), 1, "98,5"),
    ],
)
def test_decimals_follow_a_comma_and_round_half_up(x, places, text):
    assert decimal(x, places) == text


@pytest.mark.parametrize(
    "part, whole, text",
    [
        (1204, 1250, "96,3%"),
        (1, 2, "50,0%"),
        (5, 5, "100%"),
        (0, 5, "0%"),
        (0, 0, "–"),
        (29_999, 30_000, "trên 99,9%"),
        (1, 30_000, "dưới 0,1%"),
        (1249, 1250, "99,9%"),
        (21, 20, "105,0%"),
    ],
)
def test_rates_have_one_decimal_and_say_all_or_none_only_when_it_is_so(part, whole, text):
    assert percent(part, whole) == text


def test_a_rate_may_have_other_decimals():
    assert percent(1, 3, places=0) == "33%"
    assert percent(1, 3, places=2) == "33,33%"
    assert percent(999, 1000, places=0) == "trên 99%"


@pytest.mark.parametrize(
    "part, whole, text",
    [
        (1204, 1250, "1.204/1.250 (96,3%)"),
        (3, 8, "3/8"),
        (9, 9, "9/9"),
        (9, 10, "9/10 (90,0%)"),
        (10, 10, "10/10 (100%)"),
        (0, 0, "0/0"),
    ],
)
def test_a_share_shows_its_counts_and_a_rate_only_from_ten_cases_on(part, whole, text):
    assert share(part, whole) == text


@given(st.integers(min_value=1, max_value=100_000), st.data())
def test_only_a_full_share_reads_one_hundred_percent(whole, data):
    part = data.draw(st.integers(min_value=0, max_value=whole))
    assert (percent(part, whole) == "100%") == (part == whole)
    assert (percent(part, whole) == "0%") == (part == 0)
    assert not percent(part, whole).startswith(("100,", "0,0"))


@pytest.mark.parametrize(
    "n, numeral", [(1, "I"), (4, "IV"), (6, "VI"), (9, "IX"), (14, "XIV"), (40, "XL"), (2026, "MMXXVI")]
)
def test_roman_numerals(n, numeral):
    assert roman(n) == numeral


@pytest.mark.parametrize("n", [0, -1, 4000])
def test_there_is_no_roman_numeral_beyond_its_range(n):
    with pytest.raises(ValueError):
        roman(n)
