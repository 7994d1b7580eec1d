"""The picture of rates: one bar a unit, the lowest first, as rectangles of one SVG (no inline style: rule R35)."""

from collections.abc import Iterable
from dataclasses import dataclass

from pledges.coverage import Coverage
from vietnamese.numbers import share

WIDTH = 1000


@dataclass(frozen=True)
class Part:
    """A rectangle; `name` is its class and tells the state without colour by its pattern of grey."""

    name: str
    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    label: str
    url: str
    words: str
    parts: tuple[Part, ...]


def bars(lines: Iterable) -> list[Bar]:
    """Of lines with somebody to sign; `lines` as in `ratetable.Line`."""
    known = sorted((row for row in lines if row.found.people), key=lambda row: (row.rate, row.sort_key))
    return [
        Bar(row.label, row.url, share(row.found.signed, row.found.people), parts(row.found)) for row in known
    ]


def parts(found: Coverage) -> tuple[Part, ...]:
    """Complete, waiting, refused; what is left is still to be signed. Whole numbers that fill the width exactly."""
    names = ("complete", "waiting", "refused")
    sums, at = [0], 0
    for count in (found.complete, found.at_head + found.at_union, found.refused):
        at += count
        sums.append(at * WIDTH // found.people)
    return tuple(
        Part(name, start, end - start)
        for name, start, end in zip(names, sums, sums[1:], strict=False)
        if end > start
    )
