"""Which unit of today answers for what an ended unit pledged: the main heir, the first that the ending act names
(decision 0010). No models: `queries` rests on it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

_PASSED_ON = """passed_on(ended_id, heir_id) AS (
    SELECT s.predecessor_id, s.successor_id FROM units_succession s
      JOIN units_unit u ON u.id = s.predecessor_id AND u.until = s."on"
     WHERE NOT s.annulled AND s.successor_id IS NOT NULL AND u.until <= %s AND NOT EXISTS (
        SELECT 1 FROM units_succession f WHERE f.predecessor_id = s.predecessor_id AND f."on" = s."on"
           AND NOT f.annulled AND f.successor_id IS NOT NULL AND f.id < s.id)
)"""
_STOOD_FOR = """
WITH RECURSIVE {passed_on}, stood_for(unit_id) AS (
    SELECT id FROM units_unit WHERE id IN ({marks})
    UNION
    SELECT ended_id FROM passed_on JOIN stood_for ON passed_on.heir_id = stood_for.unit_id
) SELECT unit_id FROM stood_for
"""
_STANDING_FOR = """
WITH RECURSIVE {passed_on}, standing(ended_id, unit_id) AS (
    SELECT ended_id, heir_id FROM passed_on WHERE ended_id IN ({marks})
    UNION
    SELECT standing.ended_id, heir_id FROM passed_on JOIN standing ON passed_on.ended_id = standing.unit_id
) SELECT standing.ended_id, standing.unit_id FROM standing JOIN units_unit u ON u.id = standing.unit_id
   WHERE u.until IS NULL OR u.until > %s
"""


def stood_for(unit_ids: Iterable[int], on: date) -> RawSQL:
    """These units and the ended ones in whose place they stand, as a part of another query."""
    keys = sorted(set(unit_ids))
    return RawSQL(_filled(_STOOD_FOR, keys), [on, *keys])  # noqa: S611 - only marks are put into it


def standing_for(units: Iterable[Any], on: date) -> dict[int, int]:
    """By key, the unit itself or the one that stands in its place that day; an ended one without heir is absent. No
    query while none of them has ended, else one.
    """
    known = {unit.pk: unit for unit in units}
    ended = sorted(key for key, unit in known.items() if unit.until is not None and unit.until <= on)
    found = {key: key for key in known if key not in ended}
    if ended:
        with connection.cursor() as cursor:
            cursor.execute(_filled(_STANDING_FOR, ended), [on, *ended, on])
            found |= dict(cursor.fetchall())
    return found


def _filled(sql: str, keys: list[int]) -> str:
    return sql.format(passed_on=_PASSED_ON, marks=", ".join(["%s"] * len(keys)) or "NULL")
