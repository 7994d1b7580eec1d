"""What became of the decision's targets: rate, change against last year, a verdict only where figures carry one (pure).

How the targets are read (relative change, percentage points, level) is data of the campaign.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from reports.rollup.facts import Facts
from vietnamese.numbers import SMALL_COUNT, decimal, grouped, share

# Smaller changes are not told as numbers.
LEAST = Fraction(1, 20)
# A change between two years is judged when at least this share of the units has figures in both.
ENOUGH_UNITS = Fraction(4, 5)
ON_TIME = "on_time"


class Word(StrEnum):
    REACHED = "Đạt"
    BEYOND = "Đạt, vượt mức phấn đấu"
    NOT_REACHED = "Chưa đạt"
    OPEN = "Chưa đủ số liệu để kết luận"


@dataclass(frozen=True)
class Rate:
    """part ÷ whole, both summed over the same `having` of `owing` units."""

    part: int
    whole: int
    having: int
    owing: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.part, self.whole) if self.whole else Fraction(0)

    @property
    def is_known(self) -> bool:
        return self.having > 0 and self.whole > 0

    @property
    def in_full(self) -> str:
        """“2.893/3.012 (96,1%); 55/60 đơn vị”."""
        return f"{share(self.part, self.whole)}; {self.coverage}" if self.is_known else "…"

    @property
    def coverage(self) -> str:
        return f"{grouped(self.having)}/{grouped(self.owing)} đơn vị"


@dataclass(frozen=True)
class Outcome:
    """One target in one year. `change` is in words (“giảm 8,3%”), “” where none can be said; `why` explains OPEN."""

    target: Mapping[str, Any]
    this: Rate
    last: Rate
    change: str
    word: Word
    why: str = ""

    @property
    def is_reached(self) -> bool:
        return self.word in (Word.REACHED, Word.BEYOND)

    @property
    def is_better(self) -> bool:
        """Whether the rate moved visibly the way the target wants."""
        wanted = "giảm" if self.target["direction"] == "down" else "tăng"
        return self.change.startswith(wanted) and "dưới" not in self.change


def outcomes(facts: Facts) -> list[Outcome]:
    return [_outcome(facts, target) for target in facts.manifest["targets"]]


def _outcome(facts: Facts, target: Mapping[str, Any]) -> Outcome:
    this = _rate(facts.manifest["figures"], target)
    last = _rate(facts.last, target) if facts.last else Rate(0, 0, 0, 0)
    if target["reading"] == "level":
        word, why = _judge_level(target, this)
        return Outcome(target, this, last, _level_change(target, this, last), word, why)
    why = _why_not_comparable(this, last)
    if why:
        return Outcome(target, this, last, "", Word.OPEN, why)
    change = _change(target, this, last)
    return Outcome(target, this, last, _in_words(target, change), _judge_change(target, change))


def _rate(figures: Mapping[str, Any], target: Mapping[str, Any]) -> Rate:
    owing = figures["owing"]
    if not target["numerator"]:
        return Rate(figures[ON_TIME], owing, owing, owing)
    part, whole, having = figures["rates"][target["code"]]
    return Rate(part, whole, having, owing)


def _judge_level(target: Mapping[str, Any], this: Rate) -> tuple[Word, str]:
    """A share of all: one shortfall is enough to say “chưa đạt”, silence of one unit to say nothing else."""
    if not this.is_known:
        return Word.OPEN, "chưa đơn vị nào có số liệu"
    level = Fraction(target["floor"]) / (100 if target["unit"] == "percent" else 1)
    if this.value < level:
        return Word.NOT_REACHED, ""
    if this.having < this.owing:
        return Word.OPEN, f"mới có số liệu của {this.having}/{this.owing} đơn vị"
    return Word.REACHED, ""


def _why_not_comparable(this: Rate, last: Rate) -> str:
    if not this.is_known:
        return "chưa đơn vị nào có số liệu"
    if not last.is_known:
        return "không có số liệu năm trước"
    for rate, year in ((this, "năm nay"), (last, "năm trước")):
        if Fraction(rate.having, rate.owing) < ENOUGH_UNITS:
            return f"{year} mới có số liệu của {rate.having}/{rate.owing} đơn vị"
    if last.part < SMALL_COUNT:
        return f"số đếm năm trước dưới {SMALL_COUNT}"
    return ""


def _change(target: Mapping[str, Any], this: Rate, last: Rate) -> Fraction:
    """In per cent of last year's rate, or in percentage points; positive when it grows."""
    difference = this.value - last.value
    return 100 * (difference / last.value if target["reading"] == "relative" else difference)


def _level_change(target: Mapping[str, Any], this: Rate, last: Rate) -> str:
    """What a level gained or lost, in percentage points; “” where either year is a small count."""
    if min(this.whole, last.whole) < SMALL_COUNT:
        return ""
    return _in_words(target, _change(target, this, last))


def _judge_change(target: Mapping[str, Any], change: Fraction) -> Word:
    gained = -change if target["direction"] == "down" else change
    if gained < Fraction(target["floor"]):
        return Word.NOT_REACHED
    return Word.BEYOND if gained > Fraction(target["ceiling"]) else Word.REACHED


def _in_words(target: Mapping[str, Any], change: Fraction) -> str:
    if change == 0:
        return "không đổi"
    size = abs(change)
    number = decimal(Decimal(size.numerator) / Decimal(size.denominator), 1) if size >= LEAST else "dưới 0,1"
    unit = "%" if target["reading"] == "relative" else " điểm phần trăm"
    return f"{'tăng' if change > 0 else 'giảm'} {number}{unit}"


def aim(target: Mapping[str, Any]) -> str:
    """What is to be reached, in words: “100%”, “giảm 3 - 5% so với tỷ lệ năm trước”, “tất cả đơn vị”."""
    if target["reading"] == "level":
        return f"{_number(target['floor'])}%" if target["unit"] == "percent" else "tất cả đơn vị"
    verb = "giảm" if target["direction"] == "down" else "tăng"
    corridor = f"{_number(target['floor'])} - {_number(target['ceiling'])}"
    if target["reading"] == "relative":
        return f"{verb} {corridor}% so với tỷ lệ năm trước"
    return f"{verb} {corridor} điểm phần trăm so với năm trước"


def _number(plain: str) -> str:
    return plain.replace(".", ",")
