"""Rates of pledging by the tree of one day: each unit's own people and all below it (feature S15).

Grouped by the database first, then climbed once (design of speed): two queries for the whole province whatever its
size, three more for the year before. A rate is always `a/b` with the day; nobody counts twice.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign
from pledges import coverage
from pledges.coverage import Coverage, Tally
from units import renaming, roster, tree
from units.models import Category, Post, Unit, User
from units.rules import WHOLE_PROVINCE


@dataclass(frozen=True)
class Node:
    """One unit on the day. `own`: its own people; `total`: with all below; `last`: the total a year before, None where
    there was no such unit; `parts`: the total by category.
    """

    unit: Unit
    own: Coverage
    total: Coverage
    parts: dict[str, Coverage]
    last: Coverage | None = None
    depth: int = 0
    has_below: bool = False


@dataclass(frozen=True)
class Rates:
    """The whole tree; units out of scope count nobody."""

    on: date
    standing: tree.Tree
    own: Tally
    totals: Tally
    former: dict[int, int]
    before: "Rates | None" = None

    def holds(self, unit_id: int) -> bool:
        return unit_id in self.standing.placements

    def node(self, unit_id: int) -> Node:
        return self._made(self.standing.placements[unit_id].unit, self._with_below())

    def own_last(self, unit_id: int) -> Coverage | None:
        """The unit's own people a year before."""
        name = self._name_before(unit_id)
        return self.before.own_of(name) if self.before and name is not None else None

    def own_of(self, unit_id: int) -> Coverage:
        return coverage.summed(self.own.get(unit_id, {}), self.on)

    def total_of(self, unit_id: int) -> Coverage:
        return coverage.summed(self.totals.get(unit_id, {}), self.on)

    def _last(self, unit_id: int) -> Coverage | None:
        name = self._name_before(unit_id)
        return self.before.total_of(name) if self.before and name is not None else None

    def _name_before(self, unit_id: int) -> int | None:
        """The unit under the name it had a year before; what a merger or a split made had none."""
        if self.before is None:
            return None
        return next((key for key in renaming.names(unit_id, self.former) if self.before.holds(key)), None)

    def _with_below(self) -> set[int | None]:
        return {row.parent_id for row in self.standing.placements.values()}

    def below(self, unit_id: int) -> list[Node]:
        """The units right below with somebody to sign, in Vietnamese order by kind."""
        with_below = self._with_below()
        nodes = [self._made(unit, with_below) for unit in self.standing.children(unit_id)]
        return [node for node in nodes if node.total.people or node.total.relieved]

    def _made(self, unit: Unit, with_below: set[int | None], depth: int = 0) -> Node:
        return Node(
            unit=unit,
            own=self.own_of(unit.pk),
            total=self.total_of(unit.pk),
            parts=coverage.by_category(self.totals.get(unit.pk, {}), self.on),
            last=self._last(unit.pk),
            depth=depth,
            has_below=unit.pk in with_below,
        )

    def branch(self, unit_id: int) -> Iterator[Node]:
        """The unit and all below it, each below its own, for a file."""
        children: dict[int | None, list[Unit]] = {}
        for row in sorted(
            self.standing.placements.values(), key=lambda row: (row.unit.kind, row.unit.sort_key)
        ):
            children.setdefault(row.parent_id, []).append(row.unit)
        with_below = set(children)
        waiting = [(self.standing.placements[unit_id].unit, 0)]
        while waiting:
            unit, depth = waiting.pop()
            yield self._made(unit, with_below, depth)
            waiting += [(child, depth + 1) for child in reversed(children.get(unit.pk, []))]

    def path(self, unit_id: int) -> list[Unit]:
        """From the top of the tree down to the unit above this one."""
        steps = self.standing.path(unit_id)[1:]
        return [self.standing.placements[step].unit for step in reversed(steps)]


def read(*, campaign: Campaign, on: date, with_last: bool = True) -> Rates:
    """Five queries; two without the year before."""
    standing = tree.load(on)
    own = {
        unit_id: counts
        for unit_id, counts in coverage.tally(campaign=campaign, year=on.year, on=on).items()
        if unit_id in standing.placements and standing.placements[unit_id].in_scope
    }
    totals = roster.climb(own, standing.parents)
    if not with_last:
        return Rates(on, standing, own, totals, {})
    before = read(campaign=campaign, on=year_before(on), with_last=False)
    return Rates(on, standing, own, totals, renaming.former(on), before)


def year_before(on: date) -> date:
    """The same day of the year before."""
    last = calendar.monthrange(on.year - 1, on.month)[1]
    return date(on.year - 1, on.month, min(on.day, last))


def readable(user: User) -> set[int] | None:
    """The units whose rates a person reads: their branches for heads and clerks, with the units in whose place these
    stand; None: all, for Home Affairs and the leadership. Figures name nobody.
    """
    user = user.acting_in("pledges")
    if user.works_for_home_affairs or user.posts_of(*WHOLE_PROVINCE):
        return None
    return user.units_read(Post.Kind.HEAD, Post.Kind.CLERK)


def categories(node: Node) -> list[tuple[str, Coverage]]:
    """All four, in the order of the decision."""
    nobody = Coverage(on=node.total.on)
    return [(str(category.label), node.parts.get(category, nobody)) for category in Category]
