"""Which years the demo province tells of, and until when: nothing in it happens on or after the day asked for."""

from datetime import date, datetime, timedelta
from functools import cached_property

from namkhong.demo.dice import start_of
from reports.forms import usual_terms

# The communes of today exist since 1 July 2025: before, there is nobody to tell of.
FIRST_YEAR = 2025
FIRST_DAY = date(2026, 1, 1)


class Years:
    """`on` is the morning on which the portal is shown."""

    def __init__(self, on: date) -> None:
        self.on = on

    @cached_property
    def end(self) -> datetime:
        """The first moment that has not happened yet."""
        return start_of(self.on)

    @cached_property
    def reporting(self) -> int:
        """The year of the round that is open or was due last."""
        year = self.on.year
        return year if self.on > usual_terms(year)["opens_on"] else year - 1

    @cached_property
    def rounds(self) -> list[int]:
        return [year for year in (self.reporting - 1, self.reporting) if year >= FIRST_YEAR]

    @cached_property
    def all(self) -> list[int]:
        """Years of pledges and plans."""
        return sorted({*self.rounds, self.on.year})

    def is_last(self, year: int) -> bool:
        return year == self.all[-1]

    def opens_on(self, year: int) -> date:
        return usual_terms(year)["opens_on"]

    def days_ago(self, days: int) -> date:
        return self.on - timedelta(days=days)
