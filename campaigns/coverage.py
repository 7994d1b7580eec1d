"""How many of the units that owe a plan have sent one (clause II.3, phase 1: every unit)."""

from dataclasses import dataclass
from datetime import date

from campaigns.models import UnitPlan
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


def of(year: int, tree: Tree, unit_ids: set[int] | None = None) -> Coverage:
    """Over all units of the tree, or over those given; one query. A returned plan counts as not sent."""
    owing = [unit for unit in tree.owing("plan_duty") if unit_ids is None or unit.pk in unit_ids]
    states = dict(UnitPlan.objects.filter(year=year).values_list("unit_id", "status"))
    found = [states.get(unit.pk) for unit in owing]
    return Coverage(
        owing=len(owing),
        sent=sum(state in SENT for state in found),
        accepted=found.count(UnitPlan.Status.ACCEPTED),
        missing=[unit for unit, state in zip(owing, found, strict=True) if state not in SENT],
    )
