"""A verdict on a target is given only where the figures carry one."""

import pytest

from reports.rollup.facts import Facts
from reports.rollup.targets import Rate, Word, aim, outcomes

PLEDGED = {
    "code": "T4", "indicator": "Tỷ lệ CBCCVC có bản cam kết", "numerator": "pledged", "denominator": "headcount",
    "direction": "reach", "floor": "100", "ceiling": "100", "unit": "percent", "reading": "level",
}  # fmt: skip
WRONGS = PLEDGED | {
    "code": "T2", "numerator": "violators", "direction": "down", "floor": "3", "ceiling": "5", "reading": "relative",
}  # fmt: skip
SATISFIED = PLEDGED | {
    "code": "T3", "direction": "up", "floor": "1", "ceiling": "2", "unit": "percentage_point", "reading": "difference",
}  # fmt: skip
ON_TIME = PLEDGED | {"code": "T6", "numerator": "", "denominator": "units", "floor": "1", "unit": "count"}


def outcome(target, this, last=None, *, owing=50, on_time=0):
    """`this` and `last` are [part, whole, units with both]."""

    def year(rates):
        return {"owing": owing, "on_time": on_time, "rates": {target["code"]: rates}}

    manifest = {"targets": [target], "figures": year(this), "last": year(last) if last else {}}
    return outcomes(Facts(manifest))[0]


@pytest.mark.parametrize(
    ("this", "word"),
    [
        ([1000, 1000, 50], Word.REACHED),
        ([1000, 1000, 49], Word.OPEN),
        ([999, 1000, 50], Word.NOT_REACHED),
        ([999, 1000, 3], Word.NOT_REACHED),
        ([0, 0, 0], Word.OPEN),
    ],
)
def test_a_share_of_all_is_reached_only_when_every_unit_says_so(this, word):
    assert outcome(PLEDGED, this).word == word


@pytest.mark.parametrize(
    ("this", "last", "word", "change"),
    [
        ([96, 10_000, 50], [100, 10_000, 50], Word.REACHED, "giảm 4,0%"),
        ([97, 10_000, 50], [100, 10_000, 50], Word.REACHED, "giảm 3,0%"),
        ([98, 10_000, 50], [100, 10_000, 50], Word.NOT_REACHED, "giảm 2,0%"),
        ([90, 10_000, 50], [100, 10_000, 50], Word.BEYOND, "giảm 10,0%"),
        ([110, 10_000, 50], [100, 10_000, 50], Word.NOT_REACHED, "tăng 10,0%"),
        ([100, 10_000, 50], [100, 10_000, 50], Word.NOT_REACHED, "không đổi"),
        ([100_000, 10_000_001, 50], [100_000, 10_000_000, 50], Word.NOT_REACHED, "giảm dưới 0,1%"),
    ],
)
def test_a_relative_fall_is_measured_against_last_years_rate(this, last, word, change):
    found = outcome(WRONGS, this, last)
    assert (found.word, found.change) == (word, change)


def test_a_rise_is_measured_in_percentage_points():
    found = outcome(SATISFIED, [915, 1000, 50], [900, 1000, 50])
    assert (found.word, found.change) == (Word.REACHED, "tăng 1,5 điểm phần trăm")


@pytest.mark.parametrize(
    ("this", "last", "why"),
    [
        ([4, 1000, 50], None, "không có số liệu năm trước"),
        ([4, 1000, 50], [9, 1000, 50], "số đếm năm trước dưới 10"),
        ([4, 1000, 39], [40, 1000, 50], "năm nay mới có số liệu của 39/50 đơn vị"),
        ([4, 1000, 50], [40, 1000, 39], "năm trước mới có số liệu của 39/50 đơn vị"),
        ([0, 0, 0], [40, 1000, 50], "chưa đơn vị nào có số liệu"),
    ],
)
def test_no_verdict_on_a_change_the_figures_do_not_carry(this, last, why):
    found = outcome(WRONGS, this, last)
    assert (found.word, found.why, found.change) == (Word.OPEN, why, "")


def test_reports_on_time_are_counted_over_all_units_that_owe_one():
    late = outcome(ON_TIME, [], on_time=49)
    assert (late.this, late.word) == (Rate(49, 50, 50, 50), Word.NOT_REACHED)
    assert outcome(ON_TIME, [], on_time=50).word == Word.REACHED


def test_the_aim_is_said_as_the_decision_reads_it():
    assert [aim(target) for target in (PLEDGED, WRONGS, SATISFIED, ON_TIME)] == [
        "100%",
        "giảm 3 - 5% so với tỷ lệ năm trước",
        "tăng 1 - 2 điểm phần trăm so với năm trước",
        "tất cả đơn vị",
    ]
