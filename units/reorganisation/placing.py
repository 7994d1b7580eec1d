"""Where units stand once the act is in force: their new placements, with the duties they had."""

from dataclasses import dataclass

from units.models import Placement, Unit
from units.reorganisation.founding import is_root
from units.reorganisation.journal import Journal, Values, hand_over
from units.reorganisation.situation import Kind, Situation


@dataclass(frozen=True)
class Placed:
    """`anew`: units whose parent changed, by key, with the new parent; `stay`: children that stay where they were."""

    anew: dict[int, int | None]
    stay: tuple[int, ...]


def place(situation: Situation, journal: Journal) -> Placed:
    """Ended units leave their place, children follow their heirs, moved units go below their new parent."""
    moved = {unit.pk for unit in situation.predecessors} if situation.kind == Kind.MOVE else set()
    ended, rising = situation.ended_ids, _rising(situation)
    rows = _locked(situation, moved | rising)
    on, decision = situation.on, situation.orders.decision
    anew: dict[int, int | None] = {}

    def values_of(row: Placement) -> Values | None:
        if row.unit_id in ended:
            return None
        if row.unit_id in moved:
            assert situation.parent is not None
            parent: int | None = situation.parent.pk
        else:
            parent = _parent(situation, row, rising)
        if row.holds(on):
            anew[row.unit_id] = parent
        return {"parent_id": parent, "decision": decision, **_duties(row, parent, situation)}

    in_place = {row.pk for key in moved | rising for row in situation.rows_in_place(key)}
    passing = [row for row in rows if _passes(row, situation, moved | rising, in_place)]
    hand_over(journal, passing, on, values_of)
    children = situation.children_of(situation.source_ids)
    return Placed(anew, tuple(key for key in children if key not in anew))


def _locked(situation: Situation, others: set[int]) -> list[Placement]:
    """Rows of the units that end, of their children and of `others`, from the day of the act on."""
    leaving, sources = situation.ended_ids | others, situation.source_ids
    keys = [row.pk for row in situation.placements if row.unit_id in leaving or row.parent_id in sources]
    return list(Placement.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _rising(situation: Situation) -> set[int]:
    """Existing heirs that stand below a unit that ends: they take its place, so what was below it can go below them."""
    ended = situation.ended_ids
    if not ended or situation.kind == Kind.MOVE:
        return set()
    direct = situation.kind == Kind.DISSOLUTION
    heirs = [heir.pk for heir in situation.heirs if isinstance(heir, Unit) and heir.since <= situation.on]
    above = {key: situation.path(key)[1 : 2 if direct else None] for key in heirs}
    return {key for key, path in above.items() if ended & set(path)}


def _parent(situation: Situation, row: Placement, rising: set[int]) -> int | None:
    if row.unit_id in rising:
        top = [key for key in situation.path(row.unit_id) if key in situation.ended_ids][-1]
        return situation.place_of(top)
    heir = situation.heir_of_child(row.unit_id)
    assert heir is not None, "checked before"
    return heir.pk


def _passes(row: Placement, situation: Situation, moved: set[int], in_place: set[int]) -> bool:
    """`in_place`: placements of the units `moved` that say where they would stand if they stayed."""
    if row.unit_id in situation.ended_ids:
        return True
    if row.unit_id in moved:
        return row.pk in in_place or row.parent_id in situation.ended_ids
    return situation.heir_of_child(row.unit_id) is not None


def _duties(row: Placement, parent: int | None, situation: Situation) -> Values:
    if is_root(parent, situation) and not is_root(row.parent_id, situation):
        return {"plan_duty": Placement.Duty.OWN, "report_duty": Placement.Duty.OWN}
    return {}
