"""Questions about the tree of units. Every one takes a day; none asks twice what one query can answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from units.models import Placement, Unit
from units.queries import ancestor_ids, in_force, subtree_ids

__all__ = ["Branch", "Tree", "ancestor_ids", "branches", "load", "parents", "subtree_ids"]


@dataclass(frozen=True)
class Tree:
    """The whole tree as it stands on one day: placements by unit key, read in one query."""

    on: date
    placements: Mapping[int, Placement]

    @property
    def parents(self) -> dict[int, int | None]:
        return {key: row.parent_id for key, row in self.placements.items()}

    @property
    def root(self) -> Unit | None:
        return next((row.unit for row in self.placements.values() if row.parent_id is None), None)

    def first_level(self) -> list[Unit]:
        """Units right below the root that are in scope, in Vietnamese order."""
        root = self.root
        found = [
            row.unit for row in self.placements.values() if root and row.parent_id == root.pk and row.in_scope
        ]
        return sorted(found, key=lambda unit: (unit.kind, unit.sort_key))

    def children(self, unit_id: int) -> list[Unit]:
        found = [row.unit for row in self.placements.values() if row.parent_id == unit_id]
        return sorted(found, key=lambda unit: (unit.kind, unit.sort_key))

    def owing(self, duty: str) -> list[Unit]:
        """Units in scope that themselves owe a plan (`plan_duty`) or a report (`report_duty`) on that day."""
        found = [row.unit for row in self.placements.values() if self.owes(row.unit_id, duty)]
        return sorted(found, key=lambda unit: (unit.kind, unit.sort_key))

    def owes(self, unit_id: int, duty: str) -> bool:
        row = self.placements.get(unit_id)
        return row is not None and row.in_scope and getattr(row, duty) == Placement.Duty.OWN

    def path(self, unit_id: int) -> list[int]:
        """The unit, its parent, and so on up to the root."""
        steps: list[int] = []
        while unit_id in self.placements and unit_id not in steps:
            steps.append(unit_id)
            parent = self.placements[unit_id].parent_id
            if parent is None:
                break
            unit_id = parent
        return steps

    def branch(self, unit_id: int) -> int | None:
        """The first-level unit above (or itself); None for the root."""
        steps = self.path(unit_id)
        return steps[-2] if len(steps) > 1 else None

    def bearer(self, unit_id: int, duty: str) -> int | None:
        """The unit whose plan or report covers this one: itself or the nearest above that owes one. None: nobody."""
        return next((step for step in self.path(unit_id) if self.owes(step, duty)), None)

    def area(self, bearer_id: int, duty: str) -> set[int]:
        """All units that one plan or report covers. The areas of all bearers divide the scope without overlap."""
        return {
            key
            for key, row in self.placements.items()
            if row.in_scope and self.bearer(key, duty) == bearer_id
        }

    def paper_unit(self, unit_id: int) -> int | None:
        """The nearest unit, itself or above, that issues papers of its own (a phòng does not)."""
        return next((step for step in self.path(unit_id) if self.placements[step].own_papers), None)


def parents(on: date) -> dict[int, int | None]:
    """Who stands below whom on that day, without names; one query. For sums over the tree."""
    return dict(Placement.objects.filter(in_force(on)).values_list("unit_id", "parent_id"))


def load(on: date) -> Tree:
    rows = Placement.objects.filter(in_force(on)).select_related("unit")
    return Tree(on, {row.unit_id: row for row in rows})


@dataclass
class Branch:
    """A unit with everything below it, for a page that shows the tree."""

    unit: Unit
    people: int = 0
    below: list["Branch"] = field(default_factory=list)
    units_below: int = 0


def branches(standing: Tree, people: Mapping[int, int]) -> Branch | None:
    """The whole tree from its root, siblings in Vietnamese order by kind; no query. `people`: totals of every node."""
    nodes = {key: Branch(row.unit, people.get(key, 0)) for key, row in standing.placements.items()}
    for row in sorted(standing.placements.values(), key=lambda row: (row.unit.kind, row.unit.sort_key)):
        if row.parent_id in nodes:
            nodes[row.parent_id].below.append(nodes[row.unit_id])
    top = standing.root
    if top is None:
        return None
    _count_below(nodes[top.pk])
    return nodes[top.pk]


def _count_below(branch: Branch) -> int:
    branch.units_below = sum(1 + _count_below(child) for child in branch.below)
    return branch.units_below
