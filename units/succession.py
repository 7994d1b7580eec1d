"""Who came before and after a unit, and figures of an earlier year on the units of a later day.

The arithmetic is pure; one query reads the successions. Whole numbers are conserved exactly: what went in comes out,
under `values` or, where a unit was dissolved without successor, under `lost`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from units.models import Succession, Unit


@dataclass(frozen=True)
class Share:
    """One row of succession, as arithmetic needs it."""

    on: date
    act: int | None
    predecessor: int
    successor: int | None
    parts: int = 1


@dataclass(frozen=True)
class Rebased:
    """Figures on the units of a later day, by primary key.

    `estimated`: units whose figure contains a share of a split. `lost`: figures of units dissolved without successor,
    under the unit that last had them.
    """

    values: dict[int, int]
    estimated: frozenset[int]
    lost: dict[int, int]

    @property
    def total(self) -> int:
        return sum(self.values.values()) + sum(self.lost.values())


@dataclass(frozen=True)
class Lineage:
    """The line of succession of one unit. `layers` run from the earliest predecessors to the latest successors; the
    unit itself stands alone in one. `edges` join them; `successor` is None where a unit was dissolved, and equals the
    predecessor where a unit continued after giving up a part.
    """

    unit: Unit
    layers: tuple[tuple[Unit, ...], ...]
    edges: tuple[Succession, ...]

    @property
    def is_alone(self) -> bool:
        return not self.edges


def rebase(figures: Mapping[int, int], figured_on: date, onto: date) -> Rebased:
    """Figures that stood on `figured_on`, by unit, on the units of the later day `onto`; one query.

    Raises ValueError for an earlier day: what was joined cannot be told apart again.
    """
    return carried(figures, shares(figured_on, onto))


def shares(figured_on: date, onto: date) -> list[Share]:
    """What happened between the two days, for whoever carries many figures; one query. Refuses as `rebase` does."""
    if onto < figured_on:
        raise ValueError(f"figures of {figured_on} cannot be taken back to {onto}")
    rows = Succession.objects.filter(annulled=False, on__gt=figured_on, on__lte=onto).order_by("on", "pk")
    columns = rows.values_list("on", "act_id", "predecessor_id", "successor_id", "parts")
    return [Share(*row) for row in columns]


def carried(figures: Mapping[int, int], shares: Iterable[Share]) -> Rebased:
    """Pass figures along successions, given in the order in which they happened."""
    values = dict(figures)
    lost: dict[int, int] = {}
    estimated: set[int] = set()
    for (_on, _act, predecessor), group in groupby(shares, lambda row: (row.on, row.act, row.predecessor)):
        if predecessor not in values:
            continue
        rows = list(group)
        value, was_estimated = values.pop(predecessor), predecessor in estimated
        estimated.discard(predecessor)
        for row, part in zip(rows, apportioned(value, [row.parts for row in rows]), strict=True):
            if row.successor is None:
                lost[predecessor] = lost.get(predecessor, 0) + part
                continue
            values[row.successor] = values.get(row.successor, 0) + part
            if was_estimated or (value and len(rows) > 1):
                estimated.add(row.successor)
    return Rebased(values, frozenset(estimated), lost)


def apportioned(value: int, parts: list[int]) -> list[int]:
    """Divide a whole number in proportion, exactly (largest remainders; equal ones to the earlier part)."""
    whole, total = abs(value), sum(parts)
    shares = [whole * part // total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-(whole * parts[place] % total), place))
    for place in by_remainder[: whole - sum(shares)]:
        shares[place] += 1
    return [share if value >= 0 else -share for share in shares]


def line(unit: Unit) -> Lineage:
    """All predecessors and successors of a unit; two queries however long the line is."""
    told = list(Succession.objects.filter(annulled=False).select_related("act").order_by("on", "pk"))
    before = _walk(unit.pk, [(row.successor_id, row.predecessor_id) for row in told])
    after = _walk(unit.pk, [(row.predecessor_id, row.successor_id) for row in told])
    depth = {key: -steps for key, steps in before.items()}
    depth |= {key: steps for key, steps in after.items() if key not in depth}
    edges = tuple(row for row in told if _joins(row, before, after))
    units = Unit.objects.in_bulk([key for key in depth if key != unit.pk]) | {unit.pk: unit}
    layers = (
        tuple(sorted((units[key] for key in depth if depth[key] == level), key=_order))
        for level in sorted(set(depth.values()))
    )
    return Lineage(unit, tuple(layers), edges)


def _walk(start: int, steps: list[tuple[int | None, int | None]]) -> dict[int, int]:
    """Keys reached from `start` with the number of steps to each."""
    onwards: dict[int, list[int]] = {}
    for source, target in steps:
        if source is not None and target is not None:
            onwards.setdefault(source, []).append(target)
    reached, layer, depth = {start: 0}, [start], 0
    while layer:
        depth += 1
        layer = sorted({key for source in layer for key in onwards.get(source, ())} - reached.keys())
        reached |= dict.fromkeys(layer, depth)
    return reached


def _joins(row: Succession, before: dict[int, int], after: dict[int, int]) -> bool:
    if row.successor_id is None:
        return row.predecessor_id in after
    return any(row.predecessor_id in side and row.successor_id in side for side in (before, after))


def _order(unit: Unit) -> tuple:
    return (unit.since, unit.sort_key, unit.pk)
