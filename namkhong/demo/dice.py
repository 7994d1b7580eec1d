"""Chance that repeats itself: the same seed gives the same province, on any machine and at any time."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from documents.check_codes import ALPHABET, LENGTH, canonical_code
from ledger import clock

Thing = TypeVar("Thing")
FIRST_HOUR, LAST_HOUR = 7, 16
MORNING = timedelta(hours=7, minutes=30)
SATURDAY = 5
# New Year, 30 April, 1 May, the National Day; the weeks of Tết in the years a demo is likely to tell of.
HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 1), (9, 2)})
TET = frozenset(
    first + timedelta(days=step)
    for first in (date(2025, 1, 25), date(2026, 2, 14), date(2027, 2, 4), date(2028, 1, 24))
    for step in range(9)
)


class Dice(Random):
    """One stream of chance. Every subject has its own, so that a change in one leaves the others as they were."""

    @classmethod
    def of(cls, seed: int, subject: str) -> "Dice":
        return cls(f"{seed}:{subject}")

    def public_id(self) -> str:
        """Of the form of `ledger.public_id`. Nobody's rights rest on it: all it names is made up."""
        return base64.b32encode(self.randbytes(16)).decode().rstrip("=").lower()

    def check_code(self) -> str:
        return canonical_code("".join(self.choices(ALPHABET, k=LENGTH)))

    def salt(self) -> str:
        return self.randbytes(16).hex()

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def weighted(self, weights: Mapping[Thing, float]) -> Thing:
        return self.choices(list(weights), list(weights.values()))[0]

    def some(self, things: Sequence[Thing], least: int, most: int) -> list[Thing]:
        """So many of the things, in their own order."""
        kept = set(self.sample(range(len(things)), min(len(things), self.randint(least, most))))
        return [thing for place, thing in enumerate(things) if place in kept]

    def rounded(self, number: float) -> int:
        """2.3 → mostly 2, sometimes 3, so that sums come out right."""
        return int(number) + self.happens(number - int(number))

    def day(self, first: date, last: date) -> date:
        """A working day between the two (or right after, when the last is none)."""
        return working_day(first + timedelta(days=self.randint(0, max(0, (last - first).days))))

    def at(self, day: date, first_hour: int = FIRST_HOUR, last_hour: int = LAST_HOUR) -> datetime:
        """A moment of office hours in Việt Nam, aware, in UTC."""
        hour = self.randint(first_hour, last_hour)
        moment = time(hour, self.randrange(60), self.randrange(60), self.randrange(1_000_000))
        return datetime.combine(day, moment, clock.VIETNAM).astimezone(UTC)

    def after(self, moment: datetime, least: int, most: int) -> datetime:
        """Office hours of a working day so many days later; within the hour, where that would be earlier."""
        day = clock.local(moment).date()
        later = self.at(self.day(day + timedelta(days=least), day + timedelta(days=most)))
        return later if later > moment else moment + timedelta(seconds=self.randint(300, 3000))


def is_day_off(day: date) -> bool:
    """Weekends and the holidays on which nobody would believe that work was done."""
    return day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS or day in TET


def working_day(day: date) -> date:
    while is_day_off(day):
        day += timedelta(days=1)
    return day


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [day for day in days if not is_day_off(day)]


def start_of(day: date) -> datetime:
    """The first moment of the day in Việt Nam, aware, in UTC."""
    return datetime.combine(day, time(), clock.VIETNAM).astimezone(UTC)


def morning(day: date) -> datetime:
    """When lists of people are taken in: first thing in the morning."""
    return start_of(day) + MORNING


def shares(total: int, weights: Iterable[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    parts = list(weights)
    whole, given, passed = sum(parts) or 1, 0, 0.0
    found = []
    for part in parts:
        passed += part
        found.append(round(total * passed / whole) - given)
        given += found[-1]
    return found
