"""Reading a manifest: totals with the number of units behind them, names, years. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from reports.rollup.totals import cell
from vietnamese.dates import short_date
from vietnamese.numbers import grouped

NO_VALUE = "…"
YES_NO, DATE = "yes_no", "date"
EXCUSED = "excused"


@dataclass(frozen=True)
class Total:
    """A sum over `having` of `owing` units. Yes/no: how many said yes; a date: how many gave one."""

    value: int
    having: int
    owing: int

    @property
    def coverage(self) -> str:
        return f"{grouped(self.having)}/{grouped(self.owing)}"

    @property
    def figure(self) -> str:
        """The number alone, or “…” where no unit has one: 0 is a figure, nothing is not."""
        return grouped(self.value) if self.having else NO_VALUE

    @property
    def in_full(self) -> str:
        """“3.012 (55/60)”."""
        return f"{self.figure} ({self.coverage})"


def add(totals: Iterable[Total]) -> Total:
    rows = list(totals)
    return Total(
        sum(row.value for row in rows), sum(row.having for row in rows), sum(row.owing for row in rows)
    )


@dataclass(frozen=True)
class Facts:
    """One manifest. `last` are the same figures of last year's round, empty where there was none."""

    manifest: Mapping[str, Any]

    @property
    def round(self) -> Mapping[str, Any]:
        return self.manifest["round"]

    @property
    def year(self) -> int:
        return self.round["year"]

    @property
    def last(self) -> Mapping[str, Any]:
        return self.manifest["last"]

    @property
    def last_year(self) -> int:
        return self.last["round"]["year"] if self.last else self.year - 1

    @cached_property
    def names(self) -> dict[str, str]:
        rows = [*self.manifest["branches"], *self.manifest["units"]]
        return {row["key"]: row["name"] for row in rows}

    def full_name(self, row: Mapping[str, Any]) -> str:
        """A unit's name; below the first level with the unit above: many schools share a name."""
        return row["name"] if row["first_level"] else f"{row['name']} ({self.names[row['branch']]})"

    @cached_property
    def indicators(self) -> dict[str, Mapping[str, Any]]:
        return {row["code"]: row for row in self.manifest["indicators"]}

    @cached_property
    def days(self) -> dict[str, dict[str, date]]:
        """Dates given, by unit and indicator."""
        found = self.manifest["figures"]["days"]
        return {
            key: {code: date.fromisoformat(day) for code, day in row.items()} for key, row in found.items()
        }

    @property
    def due_on(self) -> str:
        return short_date(date.fromisoformat(self.round["due_on"]))

    @property
    def window(self) -> str:
        """“từ ngày 01/01/2026 đến hết ngày 31/10/2026”; the stored window is half-open."""
        since = date.fromisoformat(self.round["data_since"])
        until = date.fromisoformat(self.round["data_until"]) - timedelta(days=1)
        return f"từ ngày {short_date(since)} đến hết ngày {short_date(until)}"

    def total(self, code: str, category: str = "") -> Total:
        return _total(self.manifest["figures"]["whole"], code, category, self.manifest["figures"]["owing"])

    def last_total(self, code: str, category: str = "") -> Total:
        """Without a round last year: a total of no units out of none."""
        if not self.last:
            return Total(0, 0, 0)
        return _total(self.last["whole"], code, category, self.last["owing"])

    def branch(self, row: Mapping[str, Any], code: str, category: str = "") -> Total:
        return _total(self.manifest["figures"]["branches"][row["key"]], code, category, row["owing"])

    def block(self, block: str, code: str, category: str = "") -> Total:
        return add(self.branch(row, code, category) for row in self.branches(block))

    def rate(self, target: str, *blocks: str) -> list[int]:
        """[part, whole, n] of a target's rate over the branches of these blocks."""
        found = self.manifest["figures"]["branch_rates"]
        rows = [found[row["key"]][target] for block in blocks for row in self.branches(block)]
        return [sum(row[place] for row in rows) for place in range(3)]

    def branches(self, block: str) -> list[Mapping[str, Any]]:
        return [row for row in self.manifest["branches"] if row["block"] == block]

    def units(self, *states: str, first_level: bool | None = None) -> list[Mapping[str, Any]]:
        """Owing units in one of these states (all, when none is given), in the paper's order."""
        return [
            row
            for row in self.manifest["units"]
            if (not states or row["state"] in states) and first_level in (None, row["first_level"])
        ]

    def owing(self, *, first_level: bool | None = None) -> list[Mapping[str, Any]]:
        """Those that owe a report and are not excused."""
        return [row for row in self.units(first_level=first_level) if row["state"] != EXCUSED]

    def late(self, *, first_level: bool | None = None) -> list[Mapping[str, Any]]:
        return [row for row in self.units(first_level=first_level) if row["days_late"]]


def _total(cells: Mapping[str, list[int]], code: str, category: str, owing: int) -> Total:
    value, having = cells.get(cell(code, category), (0, 0))
    return Total(value, having, owing)
