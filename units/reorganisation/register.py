"""The register of movers: how pledges, plans and reports take part in an act of the floor below them.

Upper apps enter theirs in `apps.py`: `movers.enter("pledges.pledge", Mover("Bản cam kết", move, undo))`. They run in
tower order inside the act's transaction. A dry run is the same act rolled back, so its report is what would happen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger import clock
from ledger.register import Register
from units.models import Reorganisation, User


@dataclass(frozen=True)
class Line:
    """One line of the report that is shown before and kept afterwards.

    `moved` and `stays` are counts of the things that `label` names. `warnings` are sentences about what needs a
    decision; `names` the few that are worth naming (“Kế hoạch năm 2026, UBND phường Thuận Hòa”).
    """

    label: str
    moved: int = 0
    stays: int = 0
    warnings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def said(*lines: Line) -> tuple[Line, ...]:
    """Those that have something to say."""
    return tuple(line for line in lines if line.moved or line.stays or line.warnings)


@dataclass(frozen=True)
class Moved:
    """What one mover did: lines for people, and a JSON journal from which `undo` takes exactly that back."""

    lines: tuple[Line, ...] = ()
    journal: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Transition:
    """What the act changed in the organisation, by primary keys, when the movers run (people have moved already).

    `heirs`: each unit that ended → the units that took its place, the main one first (none: dissolved). `people`: who
    changed place of work → the unit where he works now. `split_off`: a unit that continues → the units that took part
    of it. `placed_anew`: units whose parent changed, the subtree's top only. A `rehearsal` is rolled back, and keeps
    nobody from signing.
    """

    act: Reorganisation | None
    on: date
    heirs: Mapping[int, tuple[int, ...]]
    people: Mapping[int, int]
    split_off: Mapping[int, tuple[int, ...]]
    placed_anew: frozenset[int]
    by: User | None
    rehearsal: bool = False

    @property
    def day_in_hand(self) -> date:
        """The day of which to ask who is right now: an act entered late finds people where they are by today."""
        return max(self.on, clock.today())

    @property
    def takers(self) -> set[int]:
        """Every unit that took over from one that ended or gave up a part."""
        return {
            taker for found in (self.heirs, self.split_off) for takers in found.values() for taker in takers
        }

    def main_heir(self, unit_id: int) -> int | None:
        """The unit that keeps the open papers of one that ended."""
        return next(iter(self.heirs.get(unit_id, ())), None)


@dataclass(frozen=True)
class Mover:
    """`move` does and tells; `undo` takes back what its journal says, raising StepRefused where that is impossible."""

    label: str
    move: Callable[[Transition], Moved]
    undo: Callable[[dict[str, Any]], None]


movers: Register[Mover] = Register("movers")
