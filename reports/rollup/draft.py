"""What every writer of the paper needs at hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.rollup.facts import Facts
from reports.rollup.targets import Outcome


@dataclass(frozen=True)
class Draft:
    """`annexes` gives the printed name of an annex (“Phụ lục II”) by its key; keys without an annex are absent."""

    facts: Facts
    outcomes: tuple[Outcome, ...]
    annexes: Mapping[str, str]
