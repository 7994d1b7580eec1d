"""Units that only took a new name: one body before and after, so what it had sent counts for it under the new name.

Heirs of a merger or a split are other bodies, with duties of their own.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from units.models import Succession


def former(on: date) -> dict[int, int]:
    """Each unit that bears its name by a renaming up to that day → the unit it was before; one query."""
    rows = Succession.objects.filter(kind=Succession.Kind.RENAMING, annulled=False, on__lte=on)
    return former_of(rows)


def former_of(rows: Iterable[Succession]) -> dict[int, int]:
    """The same among successions already read."""
    return {
        row.successor_id: row.predecessor_id
        for row in rows
        if row.kind == Succession.Kind.RENAMING and row.successor_id is not None
    }


def names(unit_id: int, former: Mapping[int, int]) -> list[int]:
    """The unit and what it was called before, the latest first."""
    found = [unit_id]
    while (before := former.get(found[-1])) is not None and before not in found:
        found.append(before)
    return found
