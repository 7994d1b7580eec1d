"""One act from its orders to its report: found, place, move people, posts and ties, tell the floors above."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from ledger.canonical import digest
from units.models import Reorganisation, User
from units.reorganisation import (
    account,
    checking,
    founding,
    placing,
    planned,
    posts,
    reach,
    situation,
    staff,
    ties,
)
from units.reorganisation.account import Standing
from units.reorganisation.journal import Journal
from units.reorganisation.orders import Orders
from units.reorganisation.placing import Placed
from units.reorganisation.register import Line, Transition, movers
from units.reorganisation.situation import Kind, Situation
from units.reorganisation.staff import Staffed


@dataclass(frozen=True)
class Outcome:
    """What an act did (or would do, when it is rolled back afterwards).

    `lines` are kept and shown to everybody; `planned` only to who may order acts: what is to come is told to no others.
    """

    subject: str
    lines: tuple[Line, ...]
    planned: tuple[str, ...]
    before: tuple[Standing, ...]
    after: tuple[Standing, ...]
    journal: dict[str, Any]
    involved: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        return (*account.warnings(self.lines), *self.planned)

    @property
    def digest(self) -> str:
        """Names what was shown: the same orders on the same organisation give the same one."""
        shown = {
            "subject": self.subject,
            "lines": account.stored(self.lines),
            "planned": list(self.planned),
            "before": [asdict(row) for row in self.before],
            "after": [asdict(row) for row in self.after],
        }
        return digest(shown)


def carry_out(act: Reorganisation, orders: Orders, by: User | None, *, rehearsal: bool = False) -> Outcome:
    """Inside the caller's transaction. Raises StepRefused, having written what the caller must roll back."""
    found = situation.read(orders, act)
    checking.check(found)
    subject = account.subject(found)
    shown, near = _shown(found), _near(found)
    before = account.picture(account.day_before(found.on), shown, ended=found.ended_ids, founded=set())
    journal = Journal()
    founded = {unit.pk for unit in founding.found(found, journal)}
    placed = placing.place(found, journal)
    staffed = staff.transfer(found, journal)
    posted = posts.pass_on(found, journal)
    founding.open_posts(found, journal)
    ceased = reach.end_out_of_reach(found, placed, journal)
    tied = ties.pass_on(found, journal)
    journal.change(found.ended, until=found.on)
    ties.succeed(found, journal)
    checking.check_tree(found.on, near | founded | placed.anew.keys())
    own = account.lines(found, staffed, placed, posted, tied, ceased=ceased)
    told, moved = _tell(replace(_transition(found, act, staffed, placed, by), rehearsal=rehearsal))
    return Outcome(
        subject=subject,
        lines=(*own, *told),
        planned=planned.warnings(found),
        before=before,
        after=account.picture(found.on, shown | founded, ended=set(), founded=founded),
        journal={"rows": journal.entries, "movers": moved, "units": sorted(near | founded)},
        involved=tuple(unit.public_id for unit in (*found.predecessors, *found.takers, found.parent) if unit),
    )


def _near(found: Situation) -> set[int]:
    """Units whose place or people the act may change."""
    units = {unit.pk for unit in (*found.predecessors, *found.takers, found.parent) if unit is not None}
    return units | set(found.children_of(found.source_ids))


def _shown(found: Situation) -> set[int]:
    """The same without the children that only follow their one heir: a renamed province has sixty."""
    if found.kind in (Kind.SPLIT, Kind.DISSOLUTION):
        return _near(found)
    return _near(found) - set(found.children_of(found.source_ids))


def _transition(
    found: Situation,
    act: Reorganisation,
    staffed: Staffed,
    placed: Placed,
    by: User | None,
) -> Transition:
    takers = tuple(unit.pk for unit in found.takers)
    heirs = () if found.kind == Kind.DISSOLUTION else takers
    split_off = {found.predecessors[0].pk: takers} if found.orders.continues else {}
    return Transition(
        act=act,
        on=found.on,
        heirs={unit.pk: heirs for unit in found.ended},
        people=staffed.people,
        split_off=split_off,
        placed_anew=frozenset(placed.anew),
        by=by,
    )


def _tell(change: Transition) -> tuple[list[Line], list[list[Any]]]:
    """The floors above take part in tower order; their lines, and their journals by name."""
    told: list[Line] = []
    journals: list[list[Any]] = []
    for name, mover in movers:
        moved = mover.move(change)
        told += moved.lines
        journals.append([name, moved.journal])
    return told, journals
