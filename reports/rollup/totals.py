"""Adding up over the tree: grouped by unit first, then climbed once (pure; the tree is handed in)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from units.roster import climb
from units.tree import Tree

# The figures of one unit by key (`cell`); yes/no as 1/0, a date as 1.
Cells = dict[str, int]


def cell(code: str, category: str = "") -> str:
    """The key of a figure in totals and manifest; without a category it is the indicator as a whole."""
    return f"{code}:{category}"


def with_wholes(cells: Cells, by_category: Iterable[str]) -> Cells:
    """The same with, for indicators kept by category, their whole: the sum of the categories that have a value."""
    wholes = dict(cells)
    for code in by_category:
        parts = [value for key, value in cells.items() if key.startswith(f"{code}:") and key != cell(code)]
        if parts:
            wholes[cell(code)] = sum(parts)
    return wholes


@dataclass(frozen=True)
class Totals:
    """For every node of the tree: sums, and how many units at or below it have a value (the n of “n/N đơn vị”)."""

    sums: Mapping[int, Mapping[str, int]]
    having: Mapping[int, Mapping[str, int]]

    def at(self, unit_id: int | None) -> dict[str, list[int]]:
        """{cell: [sum, n]} of one node, as the manifest keeps it."""
        if unit_id is None or unit_id not in self.sums:
            return {}
        having = self.having[unit_id]
        return {key: [value, having[key]] for key, value in sorted(self.sums[unit_id].items())}


def add_up(values: Mapping[int, Cells], members: Tree) -> Totals:
    """`values` by unit; a unit without a figure is absent from its cell and not counted in n."""
    having = {unit_id: dict.fromkeys(cells, 1) for unit_id, cells in values.items()}
    return Totals(climb(dict(values), members.parents), climb(having, members.parents))


def rate(values: Iterable[Cells], part: str, whole: str) -> list[int]:
    """[part, whole, n] summed over the n units that have both figures; sums are divided, never rates averaged."""
    both = [
        (cells[cell(part)], cells[cell(whole)])
        for cells in values
        if cell(part) in cells and cell(whole) in cells
    ]
    return [sum(top for top, _ in both), sum(bottom for _, bottom in both), len(both)]
