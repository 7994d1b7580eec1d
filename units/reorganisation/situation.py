"""What an act finds: the units its orders name, locked, and the tree from its day on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from ledger.workflow import StepRefused
from units.locks import change_organisation
from units.models import Placement, Reorganisation, Unit, User
from units.queries import overlapping
from units.reorganisation.orders import Orders

Kind = Reorganisation.Kind


@dataclass
class Situation:
    """The orders with rows instead of public ids. `heirs` stand in the order of the orders; founding fills the gaps.

    `placements` are those of the whole tree that hold the day of the act or a later one, oldest first. `people` names
    the heir's place in `heirs` by key of the person, `children` by key of the unit.
    """

    orders: Orders
    act: Reorganisation
    predecessors: list[Unit]
    heirs: list[Unit | None]
    parent: Unit | None
    new_parents: dict[str, Unit]
    children: dict[int, int]
    people: dict[int, int]
    names: dict[int, str]
    placements: list[Placement]
    standing: dict[int, Placement] = field(default_factory=dict)

    def __post_init__(self):
        self.standing = {row.unit_id: row for row in self.placements if row.holds(self.on)}

    @property
    def on(self) -> date:
        return self.orders.on

    @property
    def kind(self) -> str:
        return self.orders.kind

    @property
    def ended(self) -> list[Unit]:
        """The units that this act ends, the main one first."""
        if self.kind == Kind.MOVE or self.orders.continues:
            return []
        existing = {heir.unit for heir in self.orders.heirs if heir.unit}
        return [unit for unit in self.predecessors if unit.public_id not in existing]

    @property
    def ended_ids(self) -> set[int]:
        return {unit.pk for unit in self.ended}

    @property
    def source_ids(self) -> set[int]:
        """Units whose people and children may pass to an heir."""
        return {unit.pk for unit in self.predecessors if self.orders.continues} | self.ended_ids

    @property
    def takers(self) -> list[Unit]:
        """The units that take something over, in the order of the orders."""
        return [heir for heir in self.heirs if heir is not None]

    @property
    def main_heir(self) -> Unit | None:
        """Who takes over what nobody is named for. None: the predecessor continues, or nobody does."""
        takers = self.takers
        if self.orders.continues or not takers:
            return None
        several = self.kind == Kind.DISSOLUTION and len(takers) > 1
        return None if several else takers[0]

    @property
    def carrier(self) -> Unit | None:
        """Who carries on the functions of what ends (Home Affairs), also where people are divided among several."""
        return self.takers[0] if self.ended and self.takers else None

    def heir_at(self, place: int | None) -> Unit | None:
        """The heir a person or a child is assigned to; None: stays, or has no place to go."""
        if place is None:
            return self.main_heir
        return None if place == -1 else self.heirs[place]

    def heir_of_child(self, unit_id: int) -> Unit | None:
        return self.heir_at(self.children.get(unit_id))

    def heir_of_person(self, user_id: int) -> Unit | None:
        return self.heir_at(self.people.get(user_id))

    def children_of(self, unit_ids: set[int]) -> list[int]:
        """Units that stand below these on the day and are not themselves ended."""
        below = (row.unit_id for row in self.standing.values() if row.parent_id in unit_ids)
        return sorted(key for key in below if key not in self.ended_ids)

    def rows_in_place(self, unit_id: int) -> list[Placement]:
        """The unit's placements from the day on for as long as it stays below the same parent: after the first, each
        only changes its duties.
        """
        rows = [row for row in self.placements if row.unit_id == unit_id]
        return list(takewhile(lambda row: row.parent_id == rows[0].parent_id, rows))

    def place_of(self, unit_id: int) -> int | None:
        """The parent that a unit's place has once this act's units are gone: the nearest one above that lives on."""
        row, ended = self.standing.get(unit_id), self.ended_ids
        while row is not None and row.parent_id in ended:
            row = self.standing.get(row.parent_id)
        return row.parent_id if row else None

    def path(self, unit_id: int) -> list[int]:
        steps: list[int] = []
        at: int | None = unit_id
        while at is not None and at not in steps:
            steps.append(at)
            at = self.standing[at].parent_id if at in self.standing else None
        return steps

    def name(self, unit_id: int | None) -> str:
        return self.names.get(unit_id, "") if unit_id else ""


def read(orders: Orders, act: Reorganisation) -> Situation:
    """Locks the units named, in order of key. Raises StepRefused when one of them does not exist."""
    change_organisation()
    units = _named_units(orders)
    people = dict(User.objects.filter(public_id__in=orders.people).values_list("public_id", "pk"))
    _refuse_unknown(orders.people.keys() - people.keys(), "người")
    placements = list(Placement.objects.filter(overlapping(orders.on, None)).order_by("since", "pk"))
    return Situation(
        orders=orders,
        act=act,
        predecessors=[units[key] for key in dict.fromkeys(orders.predecessors)],
        heirs=[units[heir.unit] if heir.unit else None for heir in orders.heirs],
        parent=units.get(orders.parent),
        new_parents={key: units[key] for key in (h.new.parent for h in orders.heirs if h.new) if key},
        children={units[key].pk: place for key, place in orders.children.items()},
        people={people[key]: place for key, place in orders.people.items()},
        names=dict(Unit.objects.filter(pk__in=_near(units.values(), placements)).values_list("pk", "name")),
        placements=placements,
    )


def _named_units(orders: Orders) -> dict[str, Unit]:
    named = orders.named_units
    rows = Unit.objects.select_for_update(no_key=True).filter(public_id__in=named).order_by("pk")
    units = {unit.public_id: unit for unit in rows}
    _refuse_unknown(named - units.keys(), "đơn vị")
    return units


def _near(units: Iterable[Unit], placements: list[Placement]) -> set[int]:
    """The units named, what stands right below them, and what they stand below."""
    named = {unit.pk for unit in units}
    near = {row.unit_id for row in placements if row.parent_id in named}
    above = {row.parent_id for row in placements if row.unit_id in named and row.parent_id}
    return named | near | above


def _refuse_unknown(missing: Iterable[str], noun: str) -> None:
    if count := len(set(missing)):
        raise StepRefused(f"Có {count} {noun} ghi trong việc sắp xếp không có trên cổng.")
