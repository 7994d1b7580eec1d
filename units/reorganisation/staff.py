"""The people of the units an act ends or divides: where they work and who pays them from its day on."""

from dataclasses import dataclass

from django.db.models import Q

from units.models import Employment, Unit
from units.reorganisation.journal import Journal, Values, hand_over
from units.reorganisation.situation import Situation


@dataclass(frozen=True)
class Staffed:
    """`people`: who changed place of work → the unit where he works now. `paid`: who is only paid by another now."""

    people: dict[int, int]
    paid: frozenset[int]
    stay: int


def transfer(situation: Situation, journal: Journal) -> Staffed:
    """Closes and continues employments of the units concerned; category, contract and payroll unit are kept.

    Days before the act stay with the old unit; what begins later begins in the heir.
    """
    sources = situation.source_ids
    rows = list(
        Employment.objects.select_for_update(no_key=True)
        .filter(Q(unit_id__in=sources) | Q(payroll_unit_id__in=sources))
        .filter(Q(until__isnull=True) | Q(until__gt=situation.on))
        .order_by("since", "pk")
    )
    new_values = {row.pk: _values(row, situation, sources) for row in rows}
    passing = [row for row in rows if new_values[row.pk]]
    on_the_day = [row for row in passing if row.holds(situation.on)]
    people = {row.user_id: new_values[row.pk]["unit_id"] for row in on_the_day if row.unit_id in sources}
    paid = {row.user_id for row in on_the_day if row.unit_id not in sources}
    working = {row.user_id for row in rows if row.unit_id in sources and row.holds(situation.on)}
    hand_over(
        journal,
        passing,
        situation.on,
        lambda row: new_values[row.pk],
        ending=Employment.Ending.REORGANISED,
    )
    return Staffed(people, frozenset(paid), len(working - people.keys()))


def _values(row: Employment, situation: Situation, sources: set[int]) -> Values:
    """The new values of one employment; empty where nothing changes for the person."""
    heir: Unit | None = situation.heir_of_person(row.user_id)
    if heir is None:
        return {}
    unit = heir.pk if row.unit_id in sources else row.unit_id
    payer = heir.pk if row.payroll_unit_id in sources else row.payroll_unit_id
    return {"unit_id": unit, "payroll_unit_id": None if payer == unit else payer}
