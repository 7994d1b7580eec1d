"""How many of the units that owe a plan have sent one (clause II.3, phase 1: every unit).

A unit that only took a new name is the same body: the plan it had sent under the old name covers it (units.renaming).
The heir of a merger or a split is another body and owes a plan of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.models import UnitPlan
from units import renaming
from units.models import Unit
from units.tree import Tree

SENT = frozenset({UnitPlan.Status.SUBMITTED, UnitPlan.Status.ACCEPTED})


@dataclass(frozen=True)
class Coverage:
    owing: int
    sent: int
    accepted: int
    missing: list[Unit]


def day_for(year: int, today: date) -> date:
    """The day whose tree a year is counted over: its last, or today while it runs."""
    return min(today, date(year, 12, 31))


def plans(year: int, unit_ids: Iterable[int], on: date) -> dict[int, UnitPlan]:
    """The plan that counts for each unit: its own, or what it had sent under an earlier name; two queries."""
    former = renaming.former(on)
    named = {unit_id: renaming.names(unit_id, former) for unit_id in unit_ids}
    asked = {name for names in named.values() for name in names}
    rows = UnitPlan.objects.filter(year=year, unit__in=asked).defer("aims", "arrangements")
    found = {plan.unit_id: plan for plan in rows}
    return {unit_id: plan for unit_id, names in named.items() if (plan := _counts(names, found)) is not None}


def _counts(names: list[int], found: dict[int, UnitPlan]) -> UnitPlan | None:
    own, *earlier = (found.get(name) for name in names)
    return own or next((plan for plan in earlier if plan and plan.status in SENT), None)


def of(year: int, tree: Tree, unit_ids: set[int] | None = None) -> Coverage:
    """Over all units of the tree, or over those given; two queries. A returned plan counts as not sent."""
    owing = [unit for unit in tree.owing("plan_duty") if unit_ids is None or unit.pk in unit_ids]
    counting = plans(year, [unit.pk for unit in owing], tree.on)
    found = [counting[unit.pk].status if unit.pk in counting else None for unit in owing]
    return Coverage(
        owing=len(owing),
        sent=sum(state in SENT for state in found),
        accepted=found.count(UnitPlan.Status.ACCEPTED),
        missing=[unit for unit, state in zip(owing, found, strict=True) if state not in SENT],
    )
