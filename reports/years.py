"""A round's figures by first-level unit, as of its day or on today's tree (feature O4).

Only counts are here: they add up; rates and days do not. Both views come from the same accepted reports, so their
totals are equal to the unit: what nobody took over stands under `gone`. A figure in which a share of a split stands is
an estimate and says so. Papers and sealed versions are not touched by any of this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from campaigns.models import Indicator
from reports.models import ReportingRound
from reports.rollup import sources
from reports.rollup.totals import cell
from units import succession, tree
from units.models import Unit
from units.succession import Share
from units.tree import Tree


@dataclass(frozen=True)
class Cell:
    """A sum; None where no unit of the row has a figure. `is_typed`: a unit put its own number over a counted one."""

    value: int | None = None
    is_estimate: bool = False
    is_typed: bool = False


@dataclass(frozen=True)
class Row:
    """A first-level unit (or one that nobody took over). `parts`: other first-level units of then that stand in it."""

    unit: Unit
    cells: list[Cell]
    parts: list[Unit] = field(default_factory=list)


@dataclass(frozen=True)
class Split:
    """A unit whose figures are divided, and in which shares."""

    unit: Unit
    shares: list[tuple[Unit, int]]

    @property
    def words(self) -> str:
        whole = sum(part for _, part in self.shares)
        said = "; ".join(f"{unit.name} {part}/{whole}" for unit, part in self.shares)
        return f"{self.unit.name}: {said}"


@dataclass(frozen=True)
class Table:
    """`on` is the day whose tree the rows are of. `totals` are those of rows and `gone` together."""

    on: date
    rows: list[Row]
    gone: list[Row]
    totals: list[Cell]
    splits: list[Split] = field(default_factory=list)


@dataclass(frozen=True)
class Reported:
    """What the accepted reports of a round say of some indicators, by unit of its due day."""

    members: Tree
    values: dict[str, dict[int, int]]
    typed: dict[str, set[int]]


def indicators(asked: ReportingRound) -> list[Indicator]:
    """Those that can be added up, in their order; one query."""
    return list(
        Indicator.objects.filter(campaign_id=asked.campaign_id, kind=Indicator.Kind.COUNT).order_by("order")
    )


def read(asked: ReportingRound, codes: Iterable[str]) -> Reported:
    members = tree.load(asked.due_on)
    versions = sources.read(asked, members).versions
    found = Reported(members, {}, {})
    for code in codes:
        key = cell(code)
        found.values[code] = {unit: row.cells[key] for unit, row in versions.items() if key in row.cells}
        found.typed[code] = {unit for unit, row in versions.items() if code in row.typed_over}
    return found


def then(found: Reported) -> Table:
    """Under the tree of the round's own day."""
    return _table(found, found.members, [])


def now(found: Reported, on: date) -> Table:
    """On the tree of a later day, by succession; three queries."""
    return _table(found, tree.load(on), succession.shares(found.members.on, on))


def _table(found: Reported, members: Tree, shares: list[Share]) -> Table:
    carried = {code: succession.carried(values, shares) for code, values in found.values.items()}
    typed = {code: _reached(units, shares) for code, units in found.typed.items()}
    reporting = {unit for values in found.values.values() for unit in values}
    came = _came_from(reporting, shares)
    cells: dict[int, list[Cell]] = {}
    parts: dict[int, set[int]] = {}
    for place, (code, rebased) in enumerate(carried.items()):
        for unit_id, value in [*rebased.values.items(), *rebased.lost.items()]:
            key = members.branch(unit_id) or unit_id
            row = cells.setdefault(key, [Cell()] * len(carried))
            row[place] = _added(row[place], value, unit_id in rebased.estimated, unit_id in typed[code])
            origins = came.get(unit_id, {unit_id} & reporting)
            parts.setdefault(key, set()).update(found.members.branch(origin) or origin for origin in origins)
    units = Unit.objects.in_bulk({*cells, *(part for found in parts.values() for part in found)})
    rows = [
        Row(units[key], row, _named(parts[key] - {key}, units) if shares else [])
        for key, row in cells.items()
    ]
    rows.sort(key=lambda row: (row.unit.kind, row.unit.sort_key))
    return Table(
        on=members.on,
        rows=[row for row in rows if row.unit.pk in members.placements],
        gone=[row for row in rows if row.unit.pk not in members.placements],
        totals=[_sum(row.cells[place] for row in rows) for place in range(len(carried))],
        splits=_splits(reporting, shares),
    )


def _added(one: Cell, value: int, is_estimate: bool, is_typed: bool) -> Cell:
    return Cell((one.value or 0) + value, one.is_estimate or is_estimate, one.is_typed or is_typed)


def _sum(cells: Iterable[Cell]) -> Cell:
    """A total is no estimate: shares of a split add up to the whole again."""
    known = [one for one in cells if one.value is not None]
    if not known:
        return Cell()
    return Cell(sum(one.value or 0 for one in known), is_typed=any(one.is_typed for one in known))


def _came_from(units: Iterable[int], shares: Iterable[Share]) -> Mapping[int, set[int]]:
    """Each unit of the later day → the units of then whose figures reach it."""
    came = {unit: {unit} for unit in units}
    for (_on, _act, predecessor), group in groupby(shares, lambda row: (row.on, row.act, row.predecessor)):
        origin = came.pop(predecessor, None)
        if origin is None:
            continue
        for row in group:
            came.setdefault(row.successor or predecessor, set()).update(origin)
    return came


def _reached(units: set[int], shares: list[Share]) -> set[int]:
    return set(_came_from(units, shares)) if units else set()


def _splits(reporting: set[int], shares: list[Share]) -> list[Split]:
    """Those that divide a figure, earliest first; one query where there are any."""
    divided: list[list[Share]] = []
    reached = set(reporting)
    for (_on, _act, predecessor), group in groupby(shares, lambda row: (row.on, row.act, row.predecessor)):
        rows = list(group)
        if predecessor not in reached:
            continue
        reached |= {row.successor for row in rows if row.successor}
        if len(rows) > 1:
            divided.append(rows)
    names = {key for rows in divided for row in rows for key in (row.predecessor, row.successor) if key}
    units = Unit.objects.in_bulk(names) if names else {}
    return [
        Split(
            units[rows[0].predecessor], [(units[row.successor], row.parts) for row in rows if row.successor]
        )
        for rows in divided
    ]


def _named(keys: set[int], units: Mapping[int, Unit]) -> list[Unit]:
    return sorted((units[key] for key in keys), key=lambda unit: (unit.kind, unit.sort_key))
